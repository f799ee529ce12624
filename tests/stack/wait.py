"""Waits for conditions, so that nothing sleeps for a fixed time and hopes."""

import time


class TimedOut(Exception):
    """What was waited for did not come to be."""


def until(condition, what, seconds=30, every=0.05):
    """Asks `condition` until it answers something true, and returns that. Looks less often the longer it takes."""
    deadline = time.monotonic() + seconds
    pause = every
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimedOut(f"waited {seconds} s for {what() if callable(what) else what}")
        time.sleep(pause)
        pause = min(pause * 1.5, max(every, 0.5))
