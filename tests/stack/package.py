"""Packs the function programs as Lambda expects them: a zip with one file named bootstrap."""

import hashlib
import io
import zipfile


def packed(program):
    """The zip of a program. It is stored without compression, because it never leaves this machine."""
    if not program.is_file():
        raise FileNotFoundError(f"{program} is not built; run `make build`")
    entry = zipfile.ZipInfo("bootstrap", date_time=(2026, 1, 1, 0, 0, 0))
    entry.external_attr = 0o755 << 16
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry, program.read_bytes())
    return body.getvalue()


def upload(s3, bucket, programs):
    """Uploads {logical id: path}; returns {logical id: key}. Keys are hashes of the content, so an update sees what changed."""
    keys = {}
    for logical, program in programs.items():
        body = packed(program)
        keys[logical] = f"{program.name}-{hashlib.sha256(body).hexdigest()[:16]}.zip"
        s3.put_object(Bucket=bucket, Key=keys[logical], Body=body)
    return keys
