"""A plain client of the API. It does what a frontend does, and no more."""

import json
import urllib.error
import urllib.request

# The environment's proxy is not for this machine. Redirects are left for the caller to follow.


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())


class Answer:
    """An answer; `body` is its JSON, or None."""

    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, {name.lower(): value for name, value in headers.items()}, raw
        self.body = json.loads(raw) if raw and "json" in self.headers.get("content-type", "") else None

    def __repr__(self):
        return f"{self.status} {self.raw.decode(errors='replace')[:300]}"


def ask(method, url, body=None, headers=None):
    """Sends a request, with `body` as JSON unless it is bytes. Returns whatever came back, errors included."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with _DIRECT.open(request, timeout=60) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.headers, refused.read())


class Client:
    """A user's requests to the API."""

    def __init__(self, url, token=None):
        self.url, self.token = url, token

    def ask(self, method, path, body=None, **headers):
        """Sends a request as the user. `headers` are keywords: `if_match` is sent as `If-Match`."""
        sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        return ask(method, self.url + path, body, sent)

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body, **headers)

    def put(self, path, body, **headers):
        return self.ask("PUT", path, body, **headers)

    def delete(self, path, **headers):
        return self.ask("DELETE", path, **headers)
