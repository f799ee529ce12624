"""Says what a function is doing while it asks AWS: which route of the API it answers, or which order it works on.

Requests carry nothing of that, so it is known only while a role's functions work on one thing. That is enough: tests ask one
after the other nearly always.
"""

import functools
import json
import re

from places import ROOT

_running = {}


def watch():
    """Notes invocations from now on."""
    from ministack.core.lambda_runtime import ProvidedWorker

    invoke = ProvidedWorker.invoke

    def noted(self, event, *args, **named):
        running = _running.setdefault(self.config.get("Role", "").rpartition("/")[2], [])
        errand = of(event)
        running.append(errand)
        try:
            return invoke(self, event, *args, **named)
        finally:
            running.remove(errand)

    ProvidedWorker.invoke = noted


def current(role):
    """The errand of a role's functions; None if they are on several, or on none."""
    errands = set(_running.get(role, ()))
    return errands.pop() if len(errands) == 1 else None


def of(event):
    """The errand that an event stands for: the id of a route's operation, the kind of an order, of a schedule, or an import."""
    if "rawPath" in event:
        return _operation(event["requestContext"]["http"]["method"], event["rawPath"])
    if "kind" in event:
        return event["kind"]
    [record, *_] = event.get("Records") or [{}]
    if "body" in record:
        return json.loads(record["body"]).get("detail-type")
    return "import" if "s3" in record else None


@functools.cache
def routes():
    """{operation id: (method, path)} of the API's table of routes. A row that is not understood is an error: with a route less,
    whatever is tried with all of them would be tried with fewer and pass."""
    [rows] = re.findall(r"^pub const ROUTES: &\[Route\] = &\[\n(.*?)^\];", (ROOT / "functions/api/routes.rs").read_text(), re.M | re.S)
    found = {}
    for row in filter(None, map(str.strip, rows.splitlines())):
        short = re.match(r'route!\(\w+ (\w+) "([^"]+)", "(\w+)"', row)
        known = short or re.match(r'Route \{ method: "(\w+)", path: "([^"]+)", operation: "(\w+)"', row)
        if not known:
            raise ValueError(f"this is no row of a route: {row}")
        method, path, operation = known.groups()
        found[operation] = method, path
    return found


def _operation(method, path):
    for operation, (by, pattern) in routes().items():
        if method == by and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return operation
    return None
