"""Makes AWS silent now and then: some of the functions' requests get no answer in time, and half of those are carried out.

POST /_local/silence?each=N&seconds=S makes every Nth request silent; each=0 ends it. With only=TARGET just the requests of that
X-Amz-Target are silent, and none of them is carried out. With throttled=1 requests to tables are refused at once, since they are asked too much, and none is silent."""

import asyncio
import json
import re
from urllib.parse import parse_qs

PATH = "/_local/silence"


class Silence:
    """Wraps an application."""

    def __init__(self, application):
        self.application = application
        self.each, self.seconds, self.requests, self.met = 0, 0.0, 0, 0
        self.only, self.throttled = None, False

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
        if self.throttled:
            return await _answer(send, 400, b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "asked too much"}')
        if self.met % 2 and not self.only:
            return await self._carried_out(scope, receive, send)
        await asyncio.sleep(self.seconds)
        return await _answer(send, 504, b"{}")

    def _is_meant(self, scope):
        target = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
        return (not self.only or target == self.only) and (not self.throttled or target.startswith("DynamoDB_"))

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
        self.throttled = "throttled" in asked
        return await _answer(send, 200, json.dumps(before).encode())


def _is_of_a_function(scope):
    """Whether a role signed the request. The tests sign as the root user, and users' requests have no signature."""
    signed = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    found = re.search(r"Credential=([^/]+)/", signed)
    return bool(found) and found.group(1) != "test"


async def _answer(send, status, body):
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def lay_around(module):
    """Wraps the application of MiniStack's module."""
    module.app = Silence(module.app)
