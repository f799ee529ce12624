"""Runs all tests: those of the console and its client by vitest, the Rust ones by cargo, then each folder of Python ones by unittest. The last
line has the counts."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


sys.path[:0] = [str(ROOT / "tests" / name) for name in ("house", "stack")]


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
    whole = unittest.TestSuite()
    import granted
    import grants

    grants.forget()
    for folder in sorted({file.parent for file in (ROOT / "tests").rglob("test_*.py")}):
        whole.addTests(unittest.TestLoader().discover(str(folder), top_level_dir=str(folder)))
    whole.addTests(granted.suite())
    result = unittest.TextTestRunner(stream=sys.stdout).run(whole)
    failed, skipped = len(result.failures) + len(result.errors), len(result.skipped)
    return result.testsRun - failed - skipped, failed, skipped


if __name__ == "__main__":
    sys.exit(main())
