"""Logins in a browser at the local issuer: authorization code with PKCE (S256 only) for public clients, with a page on which whoever
logs in chooses a tenant and a role. Redirect URIs are compared as whole texts, and a code works once and for 60 seconds. Whoever asks for
`offline_access` gets a refresh token, which works once, is replaced by each use (RFC 6749, 10.4), and is given back at the revocation endpoint."""

import base64
import hashlib
import html
import json
import re
import secrets
import time
from urllib.parse import parse_qsl, urlencode

LIFETIME = 60
# {role: the scopes that it may have}
ROLES = {
    "administrator": "abgleich/read abgleich/write abgleich/admin",
    "sales": "abgleich/read abgleich/write",
    "data protection officer": "abgleich/read abgleich/admin",
    "read only": "abgleich/read",
}
# What an answer's status, type, headers and body are.
JSON, HTML = "application/json", "text/html; charset=utf-8"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Local issuer</title>
<style>body{{font:16px/1.5 system-ui;max-width:24rem;margin:10vh auto;padding:0 1rem;color-scheme:light dark}}button,select{{font:inherit;display:block;
width:100%;margin:.5rem 0;padding:.5rem}}</style><h1>Local issuer</h1><p>For tests and the demo. Choose who you are.</p><form action="authorize">{kept}
<label>Tenant <select name="tenant">{tenants}</select></label>{roles}</form></html>"""


def clients(state):
    """{client id: {"redirects", "tenants", "seconds"}} of the clients that may log people in."""
    try:
        return json.loads((state / "issuer.clients").read_text())
    except FileNotFoundError:
        return {}


def register(state, client, redirects, tenants, seconds=3600):
    """Lets a public client log people of these tenants in for so long, and send them back to these addresses."""
    (state / "issuer.clients").write_text(json.dumps(clients(state) | {client: {"redirects": redirects, "tenants": tenants, "seconds": seconds}}))


class Logins:
    """The endpoints. `sign` makes a token of claims."""

    def __init__(self, issuer, state, sign, clock=time.time):
        self.issuer, self.state, self.sign, self.clock = issuer, state, sign, clock
        self.codes = {}
        # {refresh token: whose it is}
        self.grants = {}

    def discovery(self):
        """What the issuer says of itself."""
        return {
            "issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "revocation_endpoint": f"{self.issuer}/revoke", "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"], "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["none"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "scopes_supported": ["openid", "offline_access", *ROLES["administrator"].split()],
            "authorization_response_iss_parameter_supported": True,
        }

    def authorize(self, query):
        """(status, type, headers, body): the page, or the way back with a code."""
        asked = _single(query)
        known = clients(self.state).get(asked.get("client_id"), {"redirects": []})
        # Nobody is sent to an address that the client did not register, not even with an error.
        if asked.get("redirect_uri") not in known["redirects"]:
            return 400, JSON, {}, json.dumps({"error": "invalid_request", "error_description": "unknown client or redirect_uri"})
        if asked.get("response_type") != "code":
            return self._back(asked, error="unsupported_response_type")
        challenge = asked.get("code_challenge", "")
        if asked.get("code_challenge_method") != "S256" or not re.fullmatch(r"[\w-]{43}", challenge):
            return self._back(asked, error="invalid_request", error_description="PKCE with S256 is needed")
        role, tenant = asked.pop("role", None), asked.pop("tenant", None)
        if role not in ROLES or tenant not in known["tenants"]:
            return 200, HTML, {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}, self._page(asked, known)
        code = secrets.token_urlsafe(24)
        self.codes[code] = {**asked, "at": self.clock(), "role": role, "tenant": tenant, "seconds": known["seconds"]}
        return self._back(asked, code=code)

    def token(self, body):
        """(status, type, headers, body): tokens for a code, or for a refresh token."""
        given = _single(body)
        if given.get("grant_type") == "refresh_token":
            known = self.grants.pop(given.get("refresh_token"), None)
            return self._tokens(known) if known and known["client_id"] == given.get("client_id") else (400, JSON, {}, json.dumps({"error": "invalid_grant"}))
        # Whatever comes of it, the code is used.
        known = self.codes.pop(given.get("code"), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        is_good = (
            given.get("grant_type") == "authorization_code" and known and self.clock() - known["at"] < LIFETIME
            and all(given.get(name) == known[name] for name in ("client_id", "redirect_uri")) and secrets.compare_digest(proof, known["code_challenge"])
        )
        if not is_good:
            return 400, JSON, {}, json.dumps({"error": "invalid_grant"})
        return self._tokens(known)

    def revoke(self, body):
        """(status, type, headers, body): a refresh token is given back. One that is none any more is no error (RFC 7009, 2.2)."""
        given = _single(body)
        if self.grants.get(given.get("token"), {}).get("client_id") == given.get("client_id"):
            self.grants.pop(given["token"], None)
        return 200, JSON, {}, "{}"

    def logout(self, query):
        """(status, type, headers, body): back to the client. There is no session here that would be ended: everybody chooses anew who they are."""
        asked = _single(query)
        known = clients(self.state).get(asked.get("client_id"), {"redirects": []})
        if asked.get("post_logout_redirect_uri") not in known["redirects"]:
            return 400, JSON, {}, json.dumps({"error": "invalid_request", "error_description": "unknown client or post_logout_redirect_uri"})
        return 302, HTML, {"Location": asked["post_logout_redirect_uri"]}, ""

    def _tokens(self, known):
        wanted = known.get("scope", "").split()
        scope = " ".join(one for one in ROLES[known["role"]].split() if one in wanted)
        user = {"sub": f"{known['role'].replace(' ', '-')}-1"}
        seconds = known["seconds"]
        refresh = {}
        if "offline_access" in wanted:
            refresh["refresh_token"] = secrets.token_urlsafe(24)
            self.grants[refresh["refresh_token"]] = known
        return 200, JSON, {}, json.dumps(refresh | {
            "access_token": self.sign(user | {"tenant": known["tenant"], "scope": scope}, seconds),
            "id_token": self.sign(user | {"aud": known["client_id"], "nonce": known.get("nonce")}, seconds),
            "token_type": "Bearer", "expires_in": seconds, "scope": scope,
        })

    def _back(self, asked, **answer):
        answer |= {"iss": self.issuer} | ({"state": asked["state"]} if "state" in asked else {})
        return 302, HTML, {"Location": f"{asked['redirect_uri']}?{urlencode(answer)}"}, ""

    def _page(self, asked, known):
        def field(name, value):
            return f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'

        return PAGE.format(
            kept="".join(field(*pair) for pair in asked.items()),
            tenants="".join(f"<option>{html.escape(tenant)}</option>" for tenant in known["tenants"]),
            roles="".join(f'<button name="role" value="{role}">{role}</button>' for role in ROLES),
        )


def _single(text):
    """The parameters of a query or form. One that is named twice is refused by all who read it: it is left out."""
    pairs = parse_qsl(text)
    return {name: value for name, value in pairs if [other for other, _ in pairs].count(name) == 1}
