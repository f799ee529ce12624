"""Asks the API for a removal, watches it, and verifies its receipt with openssl, as infra/docs/integrate.md shows."""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request

from wait import until

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# The command of infra/docs/integrate.md.
VERIFY = "openssl dgst -sha256 -verify receipt-key.pem -signature receipt.sig receipt.json"


def ask(stack, tenant, method, path):
    """Sends a request to the API as an administrator of the tenant; returns (status, headers, body)."""
    request = urllib.request.Request(stack.api_url() + path, method=method, headers={"Authorization": f"Bearer {stack.token(tenant)}"})
    try:
        with _DIRECT.open(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), json.load(error)


def remove(stack, tenant, integration, show=lambda removal: None, seconds=180):
    """Asks for the removal and waits until it is done; returns the removal as the API last showed it."""
    status, headers, begun = ask(stack, tenant, "DELETE", f"/v1/integrations/{integration}")
    if status != 202:
        raise RuntimeError(f"DELETE answered {status}: {begun}")
    location = next(value for name, value in headers.items() if name.lower() == "location")
    seen = [None]

    def done():
        _, _, removal = ask(stack, tenant, "GET", location)
        if removal != seen[0]:
            seen[0] = removal
            show(removal)
        return removal if removal.get("stage") == "done" else None

    def why():
        return f"the removal to be done; it is now {seen[0]}; {[line['message'] for line in stack.logs('remove')][-5:]}"

    return until(done, why, seconds)


def take_receipt(stack, tenant, integration, folder):
    """Writes receipt.json, receipt.sig and receipt-key.pem into a folder; returns the document."""
    _, _, receipt = ask(stack, tenant, "GET", f"/v1/integrations/{integration}/receipt")
    _, _, key = ask(stack, tenant, "GET", "/v1/receipt-key")
    (folder / "receipt.json").write_text(receipt["document"])
    (folder / "receipt.sig").write_bytes(base64.b64decode(receipt["signature"]))
    (folder / "receipt-key.pem").write_text(key["pem"])
    return json.loads(receipt["document"])


def verified(folder):
    """Whether openssl accepts the signature."""
    done = subprocess.run(VERIFY.split(), cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() == "Verified OK"


def refused_when_changed(folder):
    """Whether openssl refuses the receipt after one of its digits was changed. The file is restored afterwards."""
    file = folder / "receipt.json"
    text = file.read_text()
    at = next(n for n, letter in enumerate(text) if letter.isdigit())
    file.write_text(text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1:])
    try:
        return not verified(folder)
    finally:
        file.write_text(text)


class Watch:
    """Shows each stage once, and measures the time."""

    def __init__(self, screen):
        self._screen, self._begun, self._stage = screen, time.monotonic(), None

    def __call__(self, removal):
        if removal["stage"] != self._stage:
            self._stage = removal["stage"]
            deleted = ", ".join(f"{n:,} {kind}" for kind, n in removal["deleted"].items()) or "nothing yet"
            self._screen.note(f"{self.seconds():5.1f} s  {removal['stage']:14}  deleted: {deleted}")

    def seconds(self):
        return time.monotonic() - self._begun
