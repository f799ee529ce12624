"""A browser for the tests of the console, and the flows that it runs. `make test` runs this file to install it into tests/browser/node_modules:
a Chromium that brings the few shared libraries that it needs, so that a fresh machine with glibc has all that it takes. No package of the
system is used."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/stack"))

import npm

UNPACKED = HERE / "node_modules/.browser"
SHOTS = ROOT / "target/console"
# What a flow may take, in seconds. On an idle machine none comes near it.
PATIENCE = 300


def install():
    """Installs packages and browser if the list of them changed; the exit code."""
    stamp, wanted = UNPACKED / "made-from", hashlib.sha256((HERE / "package-lock.json").read_bytes() + (HERE / "unpack.js").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    code = subprocess.run([sys.executable, "-c", npm.CALL, *npm.CI], cwd=HERE, stdin=subprocess.DEVNULL).returncode
    code = code or subprocess.run([npm.node(), HERE / "unpack.js", UNPACKED], stdin=subprocess.DEVNULL).returncode
    if code == 0:
        stamp.write_text(wanted)
    return code


def flow(name, **given):
    """Runs a flow of flows/ in a new browser; returns what went wrong, as a text, or nothing."""
    return _run(name, given)[0]


def told(name, **given):
    """Runs a flow and returns what it tells. What goes wrong raises."""
    wrong, said = _run(name, given)
    if wrong:
        raise RuntimeError(wrong)
    return json.loads(said)


def _run(name, given):
    """What went wrong in a flow, and what it printed."""
    if not (UNPACKED / "made-from").exists():
        return "there is no browser; run `make browser`", ""
    SHOTS.mkdir(parents=True, exist_ok=True)
    libraries = {"LD_LIBRARY_PATH": str(UNPACKED / "lib"), "FONTCONFIG_PATH": str(UNPACKED), "BROWSER": str(UNPACKED / "chromium"), "SHOTS": str(SHOTS)}
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    try:
        done = subprocess.run(
            [npm.node(), HERE / "run.js", name, json.dumps(given)], env=kept | libraries, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return f"{name} did not end in {PATIENCE} seconds", ""
    wrong = "" if done.returncode == 0 else (done.stdout + done.stderr)[-6000:] or f"exit code {done.returncode}"
    return wrong, done.stdout


if __name__ == "__main__":
    sys.exit(install())
