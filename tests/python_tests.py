"""Runs the Python tests, each folder of `tests` that has some: unittest, and a count at the end."""

import sys
import unittest
from pathlib import Path


def main():
    here = Path(__file__).resolve().parent
    whole = unittest.TestSuite()
    for folder in sorted({file.parent for file in here.rglob("test_*.py")}):
        sys.path.insert(0, str(folder))
        loader = unittest.TestLoader()
        # Modules are loaded by name, and names of two folders may be alike only by mistake: unittest says so.
        whole.addTests(loader.discover(str(folder), top_level_dir=str(folder)))
    result = unittest.TextTestRunner(verbosity=1).run(whole)
    done = result.testsRun - len(result.failures) - len(result.errors) - len(result.skipped)
    print(f"python tests: {done} passed, {len(result.failures) + len(result.errors)} failed, {len(result.skipped)} skipped")
    return 0 if result.wasSuccessful() and done else 1


if __name__ == "__main__":
    sys.exit(main())
