"""Verifies what the API signs, as anybody can: with openssl and a public key."""

import base64
import subprocess
import tempfile
from pathlib import Path


def verified(signed, pem):
    """Whether the signature of a receipt or statement is of its document, by this key."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "key.pem").write_text(pem)
        (at / "document").write_text(signed["document"])
        (at / "signature").write_bytes(base64.b64decode(signed["signature"]))
        command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "document"]
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0
