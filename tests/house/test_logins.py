"""Logins that lie, through the deployed template: whatever a token answer names, requests go only to the CRM's own hosts."""

import json
import threading
import unittest
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from api import INTEGRATION, ApiWorld

GOOD = {"access_token": "00D-access", "refresh_token": "lying-refresh", "scope": "api refresh_token", "token_type": "Bearer"}


class Login:
    """A login server on this machine. It answers as it is told, and records the requests."""

    def __init__(self):
        login, self.answer, self.asked = self, (500, {}, b""), []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                login.asked.append((self.path, dict(urllib.parse.parse_qsl(form))))
                status, headers, body = login.answer if self.path.endswith("/token") else (200, {}, b"")
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                login.asked.append((self.path, {}))
                self.send_error(404)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def says(self, body, status=200, **headers):
        self.answer, self.asked = (status, headers, body if isinstance(body, bytes) else json.dumps(body).encode()), []

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class LyingLogin(unittest.TestCase):
    def setUp(self):
        self.login, self.other = Login(), Login()
        self.addCleanup(self.login.end)
        self.addCleanup(self.other.end)
        self.world = ApiWorld("logins", tenants=())
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.world.strings |= {"lying-refresh", "00D-access"}
        app = {"SalesforceClientId": "demo-app", "SalesforceClientSecret": "an-app-secret", "SalesforceLoginUrls": self.login.url}
        self.world.stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0"} | app)
        self.user = self.world.client()

    def complete(self):
        begun = self.user.post(f"{INTEGRATION}/connection", {"provider": "salesforce", "loginUrl": self.login.url})
        self.assertEqual(begun.status, 201, begun)
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begun.body["authorizationUrl"]).query))
        self.assertEqual(asked["code_challenge_method"], "S256")
        return self.user.post("/v1/connections", {"state": asked["state"], "code": "a-code"})

    def assert_nothing_came_of_it(self):
        self.assertEqual(self.user.get(INTEGRATION).status, 404)
        self.assertEqual(self.user.get("/v1/integrations").body["integrations"], [])
        self.assertEqual(self.other.asked, [], "nobody else was spoken to")

    def test_an_instance_that_is_none_of_the_crms_is_refused_and_the_grant_given_back(self):
        for instance in (
            "https://evil.example", "https://acme.my.salesforce.com.evil.example", "https://evilsalesforce.com", "https://acme.my.salesforce.com@evil.example",
            "https://user@acme.my.salesforce.com", "https://acme.my.salesforce.com:8443", "http://acme.my.salesforce.com", "https://acme.my.salesforce.com/x",
            "https://xn--slesforce-u7a.salesforce.com", "https://sälesforce.salesforce.com", "https://169.254.169.254", "http://169.254.169.254/latest/meta-data",
            "https://[::ffff:127.0.0.1]", "http://10.0.0.1", "http://localhost.evil.example", "file:///etc/passwd", "", " ",
        ):
            with self.subTest(instance):
                self.login.says(GOOD | {"instance_url": instance})
                refused = self.complete()
                self.assertEqual((refused.status, refused.body["type"]), (422, "urn:abgleich:problem:salesforce-host-refused"), refused)
                self.assertNotIn(instance.strip() or "lying", refused.raw.decode())
                paths = [path for path, _ in self.login.asked]
                self.assertEqual(paths, ["/services/oauth2/token", "/services/oauth2/revoke"])
                self.assertTrue(self.login.asked[0][1]["code_verifier"])
                self.assertEqual(self.login.asked[1][1], {"token": "lying-refresh"})
        self.assert_nothing_came_of_it()

    def test_a_redirect_is_not_followed_and_no_answer_breaks_anything(self):
        for name, body, status, headers in (
            ("a redirect", b"", 302, {"Location": f"{self.other.url}/services/oauth2/token"}), ("a redirect of the request", b"", 307, {"Location": f"{self.other.url}/x"}),
            ("no JSON", b"<html>", 200, {}), ("nothing", b"", 200, {}), ("a list", b"[]", 200, {}), ("no refresh token", {"access_token": "a", "instance_url": self.other.url}, 200, {}),
            ("a large answer", b'{"x": "' + b"x" * (20 << 20) + b'"}', 200, {}), ("trouble", b"", 503, {}), ("a wrong app", {"error": "invalid_client"}, 401, {}),
            ("a wrong code", {"error": "invalid_grant"}, 400, {}),
        ):
            with self.subTest(name):
                self.login.says(body, status, **headers)
                refused = self.complete()
                self.assertIn(refused.status, (422, 503), refused)
                self.assertEqual(refused.headers["content-type"], "application/problem+json")
                self.assertNotIn("an-app-secret", refused.raw.decode())
                # A code works once, so it is sent once.
                self.assertEqual(len([path for path, _ in self.login.asked if path.endswith("/token")]), 1)
        self.assert_nothing_came_of_it()


if __name__ == "__main__":
    unittest.main()
