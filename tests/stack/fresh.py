"""Gives each invocation a process of its own, so that code which works only because its process remembers something fails.

On AWS nearly every run of a daily function begins in a new process. MiniStack would keep one process for all of them.
"""

import os


def wanted():
    """Whether FRESH=1 is set."""
    return os.environ.get("FRESH", "") not in ("", "0")


def start():
    """Ends a function's process after each answer from now on."""
    from ministack.core.lambda_runtime import ProvidedWorker

    invoke = ProvidedWorker.invoke

    def invoke_once(self, *args, **named):
        answer = invoke(self, *args, **named)
        with self._lock:
            self._teardown()
        return answer

    ProvidedWorker.invoke = invoke_once
