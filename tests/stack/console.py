"""The npm workspace `console/`: `make console` runs this file. Packages are installed when the lock file changed; client and app are checked and
built when one of their files did, so that whoever builds on `console/dist` sees no new file without a reason."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import npm

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = ROOT / "console"
MODULES = CONSOLE / "node_modules"
LISTS = [CONSOLE / name for name in ("package.json", "client/package.json", "package-lock.json")]
# The app's page, from which its build begins.
PAGE = CONSOLE / "index.html"


def sources():
    """The files of which client and app are made."""
    made = {"node_modules", "dist"}
    found = [file for file in CONSOLE.rglob("*") if file.is_file() and not made & set(file.relative_to(CONSOLE).parts)]
    return sorted([*found, ROOT / "infra/openapi.yaml", Path(__file__)])


def made_from(files):
    """A short name for the content of files."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode() + file.read_bytes())
    return whole.hexdigest()


def run(*command, cwd=CONSOLE):
    """Runs a program of node with the wheel's node first in the path; its exit code."""
    environment = os.environ | {"PATH": f"{npm.node().parent}:{os.environ['PATH']}", "NO_UPDATE_NOTIFIER": "1"}
    return subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, env=environment).returncode


def script(name):
    """Runs a script of `console/package.json`; its exit code."""
    return run(npm.node(), "--run", name)


def install():
    """Installs the packages if the lists of them changed; the exit code."""
    stamp, wanted = MODULES / ".made-from", made_from(LISTS)
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    code = run(sys.executable, "-c", npm.CALL, *npm.CI)
    if code == 0:
        stamp.write_text(wanted)
    return code


def build():
    """Checks and builds client and app if one of their files changed; the exit code."""
    stamp, wanted = MODULES / ".built-from", made_from(sources())
    made = [CONSOLE / "client/dist/index.js"] + [CONSOLE / "dist" / PAGE.name] * PAGE.exists()
    if stamp.exists() and stamp.read_text() == wanted and all(file.exists() for file in made):
        return 0
    stamp.unlink(missing_ok=True)
    for name in ["build:client", "check"] + ["build"] * PAGE.exists():
        code = script(name)
        if code:
            return code
    stamp.write_text(wanted)
    return 0


def test():
    """(passed, failed, left out) of the tests of client and app. A run that does not come to its end counts as a failure."""
    report = MODULES / ".tests.json"
    report.unlink(missing_ok=True)
    vitest = MODULES / "vitest/vitest.mjs"
    code = run(npm.node(), vitest, "run", "--reporter=default", "--reporter=json", f"--outputFile.json={report}")
    if not report.exists():
        return 0, 1, 0
    told = json.loads(report.read_text())
    failed = told["numFailedTests"]
    if not failed and (code or not told["success"]):
        failed = 1
    return told["numPassedTests"], failed, told["numPendingTests"] + told["numTodoTests"]


if __name__ == "__main__":
    sys.exit(install() or build())
