"""The places of the checkout, of the built programs, and of each local stack's state."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
# PROGRAMS=debug runs house tests on the programs of `cargo build`, so that a change is tried in seconds.
RELEASE = TARGET / os.environ.get("PROGRAMS", "release")
REGION = "eu-central-1"

# The root user of the local stack, as MiniStack knows it. Functions get the credentials of their own roles.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def state_of(name):
    """The folder of the stack of this name. The name becomes part of resource names, so it has to be short and plain."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
        raise ValueError(f"a stack's name is 1 to 31 of a-z, 0-9 and -, beginning with a letter: {name!r}")
    return TARGET / "stack" / name
