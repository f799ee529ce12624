"""Runs all tests: those of the console and its client by vitest, the Rust ones by cargo, then each module of Python ones by unittest. The last
line has the counts.

Each Python module runs in a process of its own, one for each core at a time: a house computes for a quarter of its time and waits for the rest
(2026-11). So two modules must not build a stack of the same name."""

import os
import re
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


SHARED = [str(ROOT / "tests" / name) for name in ("house", "stack")]
sys.path[:0] = SHARED


def main():
    import console

    typescript = console.test()
    rust = rust_tests()
    python = python_tests()
    passed, failed, left_out = (sum(counts) for counts in zip(rust, python, typescript))
    print(f"{passed} tests passed ({rust[0]} Rust, {python[0]} Python, {typescript[0]} TypeScript), {failed} failed, {left_out} left out")
    return 0 if failed == 0 and rust[0] and python[0] and typescript[0] else 1


def rust_tests():
    """(passed, failed, ignored) of cargo's tests; a failed build counts as a failure."""
    counts = [0, 0, 0]
    process = subprocess.Popen(
        ["cargo", "test", "--locked", "--workspace", "--no-fail-fast"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )
    for line in process.stdout:
        print(line, end="", flush=True)
        found = re.match(r"test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", line)
        if found:
            counts = [sum(pair) for pair in zip(counts, map(int, found.groups()))]
    if process.wait() and not counts[1]:
        counts[1] = 1
    return counts


def python_tests():
    """(passed, failed, skipped) of the Python tests in all folders below this one."""
    import granted
    import grants

    grants.forget()
    # The houses come first, because they take longest: no core is idle at the end.
    modules = sorted((ROOT / "tests").rglob("test_*.py"), key=lambda module: (module.parent.name != "house", module))
    counts = [0, 0, 0]
    with ThreadPoolExecutor(os.cpu_count() or 1) as side_by_side:
        for run in as_completed([side_by_side.submit(python_module, module) for module in modules]):
            output, found = run.result()
            print(output, flush=True)
            counts = [sum(pair) for pair in zip(counts, found)]
    # This asks what all the others needed.
    result = unittest.TextTestRunner(stream=sys.stdout).run(granted.suite())
    return tuple(sum(pair) for pair in zip(counts, counted(result.testsRun, len(result.failures), len(result.errors), len(result.skipped))))


def python_module(module):
    """(what a module's tests printed, (passed, failed, skipped)); a module that ends before its tests do counts as a failure."""
    begun = time.monotonic()
    # The warnings that unittest shows are about the tests' own sockets and files.
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "unittest", module.stem], cwd=module.parent, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", env=os.environ | {"PYTHONPATH": os.pathsep.join(SHARED)},
    )
    found = counts_of(run.stdout)
    if found is None or (run.returncode != 0) != (found[1] > 0):
        found = (0, 1, 0)
    name = module.relative_to(ROOT / "tests").with_suffix("")
    return f"== {name}: {time.monotonic() - begun:.0f} s, exit code {run.returncode}\n{run.stdout.rstrip()}", found


def counts_of(output):
    """(passed, failed, skipped) of what unittest printed, or None if it did not come to its end."""
    ran = re.findall(r"^Ran (\d+) tests? in ", output, re.MULTILINE)
    ends = re.findall(r"^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$", output, re.MULTILINE)
    if not ran or not ends:
        return None
    said = {what: int(n) for what, n in re.findall(r"(\w+)=(\d+)", ends[-1])}
    return counted(int(ran[-1]), said.get("failures", 0), said.get("errors", 0), said.get("skipped", 0))


def counted(ran, failures, errors, skipped):
    """An error outside any test, as in setUpClass, is none of the tests that ran."""
    return max(ran - failures - errors - skipped, 0), failures + errors, skipped


if __name__ == "__main__":
    sys.exit(main())
