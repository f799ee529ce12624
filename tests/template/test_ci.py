"""`.ci/run` with stand-ins for its tools: what it could not check it says last, and a release that was not checked is red."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from deployed import ROOT

# A stand-in notes its name and arguments, and fails if the variable of its name says so.
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >> "$NOTES"
case "$(basename "$0") $*" in
  "cargo-deny --version") echo "cargo-deny $DENY"; exit 0;;
  "git "*ls-remote*) exit "$UNREACHABLE";;
  *"check advisories") exit "$VULNERABLE";;
  "make test") exit "$TESTS_FAIL";;
esac
"""
[DENY] = [line.split("=")[1] for line in (ROOT / ".ci/run").read_text().splitlines() if line.startswith("CARGO_DENY=")]
UNREACHABLE = {"UNREACHABLE": "2"}


class Ci(unittest.TestCase):
    def run_ci(self, *arguments, **given):
        """(exit code, lines of its output, what it called)."""
        with tempfile.TemporaryDirectory() as folder:
            tools = Path(folder) / "target/tools/bin"
            tools.mkdir(parents=True)
            for name in ("cargo", "git", "make", "cargo-deny"):
                (tools / name).write_text(STAND_IN)
                (tools / name).chmod(0o755)
            (Path(folder) / ".ci").mkdir()
            (Path(folder) / ".ci/run").write_text((ROOT / ".ci/run").read_text())
            notes = Path(folder) / "notes"
            environment = {
                "PATH": f"{tools}:{os.environ['PATH']}", "NOTES": str(notes), "DENY": DENY, "CARGO_TARGET_DIR": str(Path(folder) / "target"),
                "UNREACHABLE": "0", "VULNERABLE": "0", "TESTS_FAIL": "0",
            } | given
            done = subprocess.run(["bash", Path(folder) / ".ci/run", *arguments], env=environment, capture_output=True, text=True)
            return done.returncode, done.stdout.strip().splitlines(), notes.read_text().splitlines()

    def test_where_the_advisories_are_reached_everything_is_checked_and_nothing_else_is_said(self):
        for mode in ([], ["check"], ["release"]):
            status, lines, called = self.run_ci(*mode)
            self.assertEqual(status, 0, lines)
            self.assertIn("cargo-deny --locked check advisories", called)
            self.assertNotIn("NOT CHECKED", "\n".join(lines))
            self.assertEqual("make test" in called, mode != ["check"])

    def test_where_they_are_not_reached_the_last_line_says_so(self):
        for mode in ([], ["check"], ["release"]):
            status, lines, called = self.run_ci(*mode, **UNREACHABLE)
            self.assertNotIn("cargo-deny --locked check advisories", called)
            self.assertRegex(lines[-1], "NOT CHECKED: the advisories .*no checked release")
            self.assertEqual(status, 1 if mode == ["release"] else 0, mode)

    def test_it_is_said_last_even_where_tests_fail(self):
        status, lines, _ = self.run_ci(TESTS_FAIL="1", **UNREACHABLE)
        self.assertEqual(status, 1)
        self.assertIn("NOT CHECKED", lines[-1])

    def test_an_advisory_that_concerns_us_is_red_and_so_are_failed_tests(self):
        for given in ({"VULNERABLE": "3"}, {"TESTS_FAIL": "3"}):
            status, lines, _ = self.run_ci(**given)
            self.assertNotEqual(status, 0, given)
            self.assertNotIn("NOT CHECKED", "\n".join(lines))


if __name__ == "__main__":
    unittest.main()
