"""An AWS that now and then does not answer: some of the functions' requests are met by silence, and half of those are carried
out. POST /_local/silence?each=N&seconds=S begins it with every Nth request; each=0 ends it. With only=TARGET none but requests of
that X-Amz-Target are met, and none of those is carried out."""

import asyncio
import json
import re
from urllib.parse import parse_qs

PATH = "/_local/silence"


class Silence:
    """Laid around an application."""

    def __init__(self, application):
        self.application = application
        self.each, self.seconds, self.requests, self.met = 0, 0.0, 0, 0
        self.only = None

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        if scope["path"] == PATH:
            return await self._told(scope, send)
        if not self.each or not _is_of_a_function(scope) or not self._is_meant(scope):
            return await self.application(scope, receive, send)
        self.requests += 1
        if self.requests % self.each:
            return await self.application(scope, receive, send)
        self.met += 1
        if self.met % 2 and not self.only:
            return await self._carried_out(scope, receive, send)
        await asyncio.sleep(self.seconds)
        return await _answer(send, 504, b"{}")

    def _is_meant(self, scope):
        return not self.only or dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1") == self.only

    async def _carried_out(self, scope, receive, send):
        first = True

        async def late(message):
            nonlocal first
            if first:
                first = False
                await asyncio.sleep(self.seconds)
            await send(message)

        return await self.application(scope, receive, late)

    async def _told(self, scope, send):
        asked = parse_qs(scope["query_string"].decode())
        before = {"requests": self.requests, "met": self.met}
        self.each, self.seconds = int(asked["each"][0]), float(asked.get("seconds", ["0"])[0])
        self.requests = self.met = 0
        self.only = asked.get("only", [None])[0]
        return await _answer(send, 200, json.dumps(before).encode())


def _is_of_a_function(scope):
    """Whether a role signed it: the tests' own requests are the root user's, and users' have no signature."""
    signed = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    found = re.search(r"Credential=([^/]+)/", signed)
    return bool(found) and found.group(1) != "test"


async def _answer(send, status, body):
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def lay_around(module):
    """Around the application of MiniStack's module."""
    module.app = Silence(module.app)
