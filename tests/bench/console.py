"""Measures the console in a real browser, on the deployed template: what a first visit loads, and how long the page stands still while it
looks up 5,000 companies. Prints the figures as JSON.

Usage: `python tests/bench/console.py`. A long task is one of more than 50 ms, as the browser counts them; on a busy machine there are some
that an idle one does not have. `longest_work_ms` is how long the processor worked on the longest one, which a busy machine hardly changes. `cold_start` measures the function beside a minimal one.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "stack"), str(HERE.parent / "demo"), str(HERE.parent / "browser")]

import browser
import simulators
from operate import Operator
from places import RELEASE
from stack import Stack
from synced import FOLDER, figure, note

TENANT = "bench"
# The most that a first visit may load, compressed.
FIRST_LOAD = 200_000


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    if browser.install():
        raise RuntimeError("the browser was not installed")
    stack, records = Stack("bench-console"), FOLDER / "console.ndjson"
    try:
        simulators.stop(FOLDER)
        stack.up()
        stack.deploy({"CrmLoopback": "yes"})
        words = ["crm", "--accounts", 10, "--contacts", 10, "--leads", 10, "--tasks", 10, "--opportunities", 10, "--companies-size", 100, "--seed", 1, "-o", records]
        subprocess.run([RELEASE / "generator", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        crm = simulators.start(FOLDER, TENANT, "00DBE00000000C3EAA", records)
        Operator(stack).connect(TENANT, crm)
        given = {"console": f"{stack.console_url(TENANT)}/", "issuer": stack.settings("console")["TOKEN_ISSUER"], "hosts": [crm.url], "tenant": TENANT}
        print(json.dumps(measure(given)))
    finally:
        simulators.stop(FOLDER)
        stack.down()
        records.unlink(missing_ok=True)


def measure(given):
    visit, many = browser.told("first_load", **given), browser.told("companies_many", **given)
    login, first = visit["login"], visit["first"]
    long = many["long"]
    note(f"console: {login['bytes']:,} bytes before the login, {first['bytes']:,} with the first page; {len(long)} long tasks")
    return {
        "console_first_load": figure(login["bytes"], "bytes", files=login["files"], requests=login["requests"], milliseconds=login["milliseconds"], encodings=login["encodings"], most=FIRST_LOAD),
        "console_first_page": figure(first["bytes"], "bytes", files=first["files"], requests=first["requests"]),
        "console_long_tasks": figure(len(long), "tasks over 50 ms", longest_ms=many["longest"], longest_work_ms=many["worked"], rows=many["rows"]),
    }


if __name__ == "__main__":
    main()
