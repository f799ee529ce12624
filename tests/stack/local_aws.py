"""Runs MiniStack with what AWS does and MiniStack leaves out: `python local_aws.py --calls FILE [--fresh] [--meter]`.

Everything here patches MiniStack, whose version is pinned; test_local_aws.py shows that each part takes effect.
"""

import argparse
import os
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", required=True, help="the file in which the calls of roles are recorded")
    parser.add_argument("--fresh", action="store_true", help="give each invocation of a function a process of its own")
    parser.add_argument("--meter", action="store_true", help="count what AWS would bill")
    chosen = parser.parse_args()
    # MiniStack reads this variable. It is removed again below, because functions would inherit it.
    os.environ["LOG_LEVEL"] = "WARNING"
    import alarms
    import bounds
    import calls
    import errands
    import fresh
    import meter
    import silence
    import undelivered
    import walls

    # This has to come before MiniStack's own modules import these functions by name.
    walls.stand()
    calls.write_down(chosen.calls)
    import ministack.app

    del os.environ["LOG_LEVEL"]
    alarms.keep()
    bounds.keep()
    errands.watch()
    undelivered.keep()
    walls.stand_around(ministack.app)
    silence.lay_around(ministack.app)
    if chosen.meter:
        meter.stand_around(ministack.app)
    if chosen.fresh:
        fresh.start()
    sys.argv = ["ministack"]
    ministack.app.main()


if __name__ == "__main__":
    main()
