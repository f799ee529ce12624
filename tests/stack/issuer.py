"""An issuer of users' tokens on this machine. It serves OpenID discovery and keys on loopback, as the HTTP API's authorizer needs
them, logs people in (logins.py), and makes tokens for tests and the demo. Its key is generated at the start and is gone when the issuer ends."""

import base64
import json
import subprocess
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from logins import Logins, register
from wait import until

__all__ = ["jwk", "register", "running", "start", "stop", "token"]
AUDIENCE = "abgleich"
SCOPES = "abgleich/read abgleich/write abgleich/admin"


def start(state):
    """Starts an issuer whose files are in `state`, unless one is running; returns its URL."""
    file, port = state / "issuer.json", state / "issuer.port"
    found = running(state)
    if found:
        return found["issuer"]
    port.unlink(missing_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    kid = uuid.uuid4().hex
    (state / "issuer.keys").write_text(json.dumps({"keys": [jwk(key.public_key(), kid)]}))
    with open(state / "issuer.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, __file__, str(state)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    _STARTED.append(process)
    until(lambda: port.exists() or process.poll() is not None, "the issuer to listen", 30)
    if process.poll() is not None:
        raise RuntimeError(f"the issuer ended: {(state / 'issuer.log').read_text()[-500:]}")
    issuer = f"http://127.0.0.1:{port.read_text()}"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"issuer": issuer, "pid": process.pid, "kid": kid, "key": pem}))
    return issuer


def running(state):
    """The description of the running issuer in `state`, or None."""
    try:
        found = json.loads((state / "issuer.json").read_text())
    except (OSError, ValueError):
        return None
    shown = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(found["pid"])], capture_output=True, text=True).stdout
    return found if str(state) in shown and not shown.startswith("Z") else None


def stop(state):
    """Ends the issuer in `state`."""
    found = running(state)
    if found:
        subprocess.run(["kill", str(found["pid"])], check=False)
        for process in _STARTED:
            if process.pid == found["pid"]:
                process.wait()
    (state / "issuer.json").unlink(missing_ok=True)


def token(state, tenant, scopes=SCOPES, user="user-1", expires_in=3600, **claims):
    """A token for a user of `tenant`. A claim that is None is left out."""
    found = running(state)
    if not found:
        raise RuntimeError("no issuer is running")
    return _sign(found, {"sub": user, "tenant": tenant, "scope": scopes} | claims, expires_in)


def jwk(public, kid):
    """A public key as a JSON web key."""
    numbers = public.public_numbers()

    def number(value):
        raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": number(numbers.n), "e": number(numbers.e)}


def _sign(found, claims, expires_in):
    now = int(time.time())
    made = {"iss": found["issuer"], "aud": AUDIENCE, "iat": now - 1, "exp": now + expires_in} | claims
    made = {name: value for name, value in made.items() if value is not None}
    return jwt.encode(made, found["key"], algorithm="RS256", headers={"kid": found["kid"]})


# Issuers outlive the code that started them. They are kept here so that they can be waited for.
_STARTED = []


def _serve(state):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path, _, query = self.path.partition("?")
            answers = {
                "/.well-known/openid-configuration": lambda: (200, "application/json", {}, json.dumps(logins.discovery())),
                "/keys": lambda: (200, "application/json", {}, (state / "issuer.keys").read_text()),
                "/authorize": lambda: logins.authorize(query),
                "/logout": lambda: logins.logout(query),
            }
            self.answer(*answers.get(path, _nothing)())

        def do_POST(self):
            body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 100_000)).decode(errors="replace")
            answers = {"/token": lambda: logins.token(body), "/revoke": lambda: logins.revoke(body)}
            self.answer(*answers.get(self.path, _nothing)())

        def do_OPTIONS(self):
            self.answer(204, "text/plain", {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "content-type"}, "")

        def answer(self, status, kind, headers, body):
            self.send_response(status)
            more = {"Content-Type": kind, "Content-Length": str(len(body.encode())), "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
            for name, value in (more | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = f"http://127.0.0.1:{server.server_port}"
    # The key is in the file that whoever started this process writes once it knows the port.
    logins = Logins(issuer, state, lambda claims, seconds: _sign(json.loads((state / "issuer.json").read_text()), claims, seconds))
    half_written = state / "issuer.port.new"
    half_written.write_text(str(server.server_port))
    half_written.rename(state / "issuer.port")
    server.serve_forever()


def _nothing():
    return 404, "application/json", {}, "{}"


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
