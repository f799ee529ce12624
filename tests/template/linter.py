"""Redocly's linter, which reads the API's contract as other people's tools do. tests/stack/npm.py installs it."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stack"))
import npm

# The lock file, and the configuration of the rules.
FILES = Path(__file__).with_name("linter")
PLACE = npm.place(FILES.name)


def lint(contract):
    """The linter's complaints about a contract; empty if there are none."""
    program = PLACE / "node_modules/@redocly/cli/bin/cli.js"
    # It neither looks for a newer version of itself nor reports its use.
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    done = subprocess.run(
        [npm.node(), program, "lint", "--config", FILES / "redocly.yaml", "--format=stylish", contract],
        env=os.environ | quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr
