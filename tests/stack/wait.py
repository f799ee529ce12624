"""Waits for conditions, so that no test sleeps for a fixed time and hopes."""

import time


class TimedOut(Exception):
    """The condition did not become true in time."""


def until(condition, what, seconds=30, every=0.05):
    """Calls `condition` until it answers something true, and returns that. The pauses grow the longer it takes."""
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
