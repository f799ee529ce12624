"""MiniStack, and around it what AWS does and MiniStack leaves out: `python local_aws.py --calls FILE [--fresh]`.

Everything here reaches into MiniStack, whose version is pinned; test_local_aws.py shows that each part takes hold.
"""

import argparse
import os
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", required=True, help="where the calls that roles make are written down")
    parser.add_argument("--fresh", action="store_true", help="a process of its own for each invocation of a function")
    chosen = parser.parse_args()
    # MiniStack reads this variable, and functions would inherit it: it is gone by the time they start.
    os.environ["LOG_LEVEL"] = "WARNING"
    import bounds
    import calls
    import fresh
    import silence

    # Before MiniStack's own modules take these functions over by name.
    calls.write_down(chosen.calls)
    import ministack.app

    del os.environ["LOG_LEVEL"]
    bounds.keep()
    silence.lay_around(ministack.app)
    if chosen.fresh:
        fresh.start()
    sys.argv = ["ministack"]
    ministack.app.main()


if __name__ == "__main__":
    main()
