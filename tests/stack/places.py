"""Where things are: the checkout, the built programs, the state of each local stack."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
# PROGRAMS=debug tries a house test on what `cargo build` made, which takes a change in seconds.
RELEASE = TARGET / os.environ.get("PROGRAMS", "release")
REGION = "eu-central-1"

# The root user of the local stack: MiniStack knows it by this id. Functions get their roles' own credentials.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def state_of(name):
    """The folder of the stack of this name; the name becomes part of resource names, so it is short and plain."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
        raise ValueError(f"a stack's name is 1 to 31 of a-z, 0-9 and -, beginning with a letter: {name!r}")
    return TARGET / "stack" / name
