"""The local issuer logs people in as RFC 6749, 7636 and 9207 say, and refuses what they refuse."""

import base64
import hashlib
import json
import tempfile
import unittest
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

import issuer
from client import ask

HOME = "http://127.0.0.1:4000/console/"
VERIFIER = "v" * 43


def challenge(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Logins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.state = Path(folder.name)
        cls.issuer = issuer.start(cls.state)
        cls.addClassCleanup(issuer.stop, cls.state)
        issuer.register(cls.state, "console", [HOME], ["acme", "globex"])

    def authorize(self, **changed):
        asked = {
            "client_id": "console", "redirect_uri": HOME, "response_type": "code", "scope": "openid abgleich/read abgleich/write", "state": "s-1",
            "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256", "tenant": "acme", "role": "administrator",
        } | changed
        return ask("GET", f"{self.issuer}/authorize?{urlencode({name: value for name, value in asked.items() if value is not None})}")

    def code(self, **changed):
        back = urlsplit(self.authorize(**changed).headers["location"])
        return {name: value for name, [value] in parse_qs(back.query).items()}

    def token(self, code, **changed):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME, "client_id": "console", "code_verifier": VERIFIER} | changed
        answer = ask("POST", f"{self.issuer}/token", urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        return answer.status, json.loads(answer.raw), answer.headers

    def test_a_login_ends_with_a_token_of_the_tenant_with_the_roles_scopes_that_were_asked_for(self):
        back = self.code()
        self.assertEqual((back["state"], back["iss"]), ("s-1", self.issuer))
        status, told, headers = self.token(back["code"])
        self.assertEqual((status, told["scope"]), (200, "abgleich/read abgleich/write"))
        self.assertEqual((headers["cache-control"], headers["access-control-allow-origin"]), ("no-store", "*"))
        claims = jwt.decode(told["access_token"], options={"verify_signature": False})
        self.assertEqual((claims["tenant"], claims["scope"], claims["aud"]), ("acme", "abgleich/read abgleich/write", "abgleich"))

    def post(self, path, **form):
        answer = ask("POST", f"{self.issuer}{path}", urlencode({"client_id": "console"} | form).encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        return answer.status, json.loads(answer.raw)

    def test_a_refresh_token_is_given_to_whoever_asks_works_once_and_not_after_it_was_given_back(self):
        self.assertNotIn("refresh_token", self.token(self.code()["code"])[1])
        _, told, _ = self.token(self.code(scope="openid abgleich/read offline_access")["code"])
        status, renewed = self.post("/token", grant_type="refresh_token", refresh_token=told["refresh_token"])
        self.assertEqual((status, renewed["scope"]), (200, "abgleich/read"))
        self.assertEqual(self.post("/token", grant_type="refresh_token", refresh_token=told["refresh_token"])[0], 400)
        self.assertEqual(self.post("/revoke", token=renewed["refresh_token"], client_id="another")[0], 200)
        status, again = self.post("/token", grant_type="refresh_token", refresh_token=renewed["refresh_token"])
        self.assertEqual(status, 200, "another client gives nothing back")
        self.assertEqual(self.post("/revoke", token=again["refresh_token"])[0], 200)
        self.assertEqual(self.post("/token", grant_type="refresh_token", refresh_token=again["refresh_token"])[0], 400)

    def test_a_logout_leads_back_to_a_registered_address_only(self):
        for address, status in ((HOME, 302), ("https://elsewhere.example/", 400)):
            answer = ask("GET", f"{self.issuer}/logout?{urlencode({'client_id': 'console', 'post_logout_redirect_uri': address})}")
            self.assertEqual((answer.status, answer.headers.get("location")), (status, HOME if status == 302 else None))

    def test_whoever_has_not_chosen_a_role_is_asked(self):
        answer = self.authorize(role=None, state='"><script>')
        self.assertEqual(answer.status, 200)
        self.assertIn("data protection officer", answer.raw.decode())
        self.assertNotIn("<script>", answer.raw.decode())

    def test_a_code_works_once_and_a_wrong_verifier_uses_it_up(self):
        code = self.code()["code"]
        self.assertEqual(self.token(code)[0], 200)
        self.assertEqual(self.token(code)[0], 400)
        code = self.code()["code"]
        self.assertEqual(self.token(code, code_verifier="w" * 43)[0], 400)
        self.assertEqual(self.token(code)[0], 400)

    def test_a_code_works_for_its_client_its_address_and_a_minute(self):
        self.assertEqual(self.token(self.code()["code"], client_id="another")[0], 400)
        self.assertEqual(self.token(self.code()["code"], redirect_uri=f"{HOME}x")[0], 400)
        now = [1000.0]
        import logins

        alone = logins.Logins("http://issuer", self.state, lambda claims, _: "token", clock=lambda: now[0])
        query = {"client_id": "console", "redirect_uri": HOME, "response_type": "code", "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}
        for waited, status in ((59, 200), (61, 400)):
            _, _, headers, _ = alone.authorize(urlencode(query | {"tenant": "acme", "role": "sales"}))
            now[0] += waited
            code = parse_qs(urlsplit(headers["Location"]).query)["code"][0]
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": HOME, "client_id": "console", "code_verifier": VERIFIER}
            self.assertEqual(alone.token(urlencode(form))[0], status)

    def test_nobody_is_sent_to_an_address_that_is_not_registered_to_the_letter(self):
        for redirect in (f"{HOME}?x=1", HOME.rstrip("/"), "https://elsewhere.example/", None):
            answer = self.authorize(redirect_uri=redirect)
            self.assertEqual((answer.status, "location" in answer.headers), (400, False), redirect)
        self.assertEqual(self.authorize(client_id="another").status, 400)

    def test_without_s256_there_is_no_code(self):
        for changed in ({"code_challenge_method": "plain"}, {"code_challenge": None}, {"code_challenge_method": None}, {"response_type": "token"}):
            back = self.code(**changed)
            self.assertNotIn("code", back)
            self.assertIn("error", back)


if __name__ == "__main__":
    unittest.main()
