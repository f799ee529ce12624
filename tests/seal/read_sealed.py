"""Opens sealed bytes without Abgleich's code; domain/src/words/seal/FORMAT.md describes the format.

    python tests/seal/read_sealed.py KEY_FILE ROOM TENANT INTEGRATION GENERATION OBJECT KEY < sealed > body

KEY_FILE holds the 64 bytes that kms:Decrypt answers for the generation's row in the table Keys."""

import hashlib
import hmac
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

import zstandard
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

# The dictionary of format 2. It has no effect on frames that were made without it.
DICTIONARY = zstandard.ZstdCompressionDict((Path(__file__).resolve().parents[2] / "domain/src/words/seal/dictionary/1").read_bytes())


def xaes(key, nonce):
    """The AES-256-GCM cipher of one message, and its nonce: https://c2sp.org/XAES-256-GCM, as CMAC in counter mode."""
    derived = b""
    for counter in (1, 2):
        cmac = CMAC(AES(key))
        cmac.update(bytes([0, counter]) + b"X\0" + nonce[:12])
        derived += cmac.finalize()
    return AESGCM(derived), nonce[12:]


def place(room, tenant, integration, generation, object, key):
    parts = [part.encode() for part in (room, tenant, integration, object, key)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts) + generation.to_bytes(4, "big")


def packed_body(keys, where, sealed):
    """The compressed body with what follows it, without the padding. Raises cryptography's InvalidTag for a wrong key, a wrong place or changed bytes, and ValueError for anything else."""
    if len(sealed) < 1 + 24 + 64 + 16 or sealed[0] not in (1, 2):
        raise ValueError("in no format that is known")
    gcm, nonce = xaes(keys[:32], sealed[1:25])
    padded = gcm.decrypt(nonce, sealed[25:], sealed[:1] + where)
    packed = padded.rstrip(b"\0")
    if packed[-1:] != b"\x80" or len(padded) % 64 or len(padded) - len(packed) >= 64:
        raise ValueError("not padded as the format says")
    return packed[:-1]


def open_sealed(keys, where, sealed):
    """The body. What follows its frame is a page's noise, which is passed over. Raises what `packed_body` raises."""
    return zstandard.ZstdDecompressor(dict_data=DICTIONARY).decompress(packed_body(keys, where, sealed))


def keyed_hash(keys, kind, value):
    mac = hmac.digest(keys[32:], kind.encode() + b"\0" + value.encode(), hashlib.sha256)
    return urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()


if __name__ == "__main__":
    key_file, room, tenant, integration, generation, object, key = sys.argv[1:]
    with open(key_file, "rb") as file:
        keys = file.read()
    where = place(room, tenant, integration, int(generation), object, key)
    sys.stdout.buffer.write(open_sealed(keys, where, sys.stdin.buffer.read()))
