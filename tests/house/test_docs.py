"""Runs the commands of README and of the pages under infra/docs as they stand there.

Blocks of the language `sh` are run in order, each page in one shell. `make` and `cargo` only say what they would do.
Blocks of the language `console` are for AWS, and are not run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

from world import ROOT, SIZES, World

from places import RELEASE
from wait import until

# What blocks have to print: (page, words of the block, pattern of its output).
PRINTED = [
    ("README.md", "make demo", r"tests/demo"),
    ("infra/docs/extend.md", "make test", r"tests/all\.py"),
    ("infra/docs/extend.md", "test_needles", r"cargo would test"),
    ("infra/docs/extend.md", "tests/stack settings", r"SYNC_RESERVE_SECONDS"),
    ("infra/docs/operate.md", "operator progress", r'"VERIFIED"'),
    ("infra/docs/integrate.md", "$API/health", r'"status":"ok"(.|\n)*"connected"'),
    ("infra/docs/integrate.md", "limit=0", r'"parameter": "limit"'),
    ("infra/docs/integrate.md", "def pages", r"^\n*40 accounts in the copy$"),
    ("infra/docs/integrate.md", "confirmedAt", r'"verdict": "verified"'),
    ("infra/docs/integrate.md", "companies/status", r'"label": "(.|\n)*"inCrm": "'),
    ("infra/docs/integrate.md", "by-hand-1", r'"outcome": "created"'),
    ("infra/docs/integrate.md", "by-hand-2", r'"missing": \[\s*"basis"'),
    ("infra/docs/integrate.md", "objections/check", r'"objected":true(.|\n)*"objected": true'),
    ("infra/docs/integrate.md", "gunzip", r'"kind":"end"'),
    ("infra/docs/integrate.md", "-X DELETE", r'"stage": "\w+"'),
    ("infra/docs/integrate.md", "openssl dgst", r"Verified OK"),
]
# In this order: the last one removes the integration.
PAGES = ["README.md", "infra/docs/extend.md", "infra/docs/operate.md", "infra/docs/integrate.md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
MARK = "@@ block"
SMALL = {name: 40 for name in SIZES}

# Stands in for cargo: the packages and targets that a line names have to exist.
CARGO = """#!{python}
import sys
words, package_of = sys.argv[1:], {targets}
named = [after for word, after in zip(words, words[1:]) if word in ("--test", "--bin", "--example")]
targets = set().union(*(package_of[after] for word, after in zip(words, words[1:]) if word == "-p"))
sys.exit(f"cargo has no {{named}}" if set(named) - targets else print("cargo would", *words))
"""


def targets():
    """{package: names of its targets} of the workspace."""
    told = subprocess.run(["cargo", "metadata", "--no-deps", "--offline", "--format-version=1"], cwd=ROOT, capture_output=True, check=True)
    return {package["name"]: [target["name"] for target in package["targets"]] for package in json.loads(told.stdout)["packages"]}


class Docs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World("docs", tenants=("globex",), sizes=SMALL, RemovalSettleSeconds="1")
        cls.addClassCleanup(cls.ended)
        cls.import_companies()
        cls.world.sync()
        cls.folder = cls.world.path / "checkout"
        cls.folder.mkdir()
        cls.lay_out()

    @classmethod
    def ended(cls):
        found = cls.world.end()
        if found:
            raise AssertionError(f"found in clear, or refused: {found}")

    @classmethod
    def import_companies(cls):
        """Imports the company database that the records were generated from."""
        file = cls.world.path / "companies.csv"
        subprocess.run(
            [RELEASE / "generator", "companies", "--size", "300", "--seed", "1", "--format", "csv", "-o", file],
            check=True, stdin=subprocess.DEVNULL, capture_output=True,
        )
        s3, bucket = cls.world.stack.client("s3"), cls.world.stack.settings("companies")["BUCKET_REFERENCE"]
        s3.upload_file(str(file), bucket, "incoming/companies.csv")
        until(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="reports/").get("Contents"), "the report of the import", 120)

    @classmethod
    def lay_out(cls):
        """Makes a folder like a reader's checkout with the built programs, in which the commands can write files."""
        for entry in ROOT.iterdir():
            if entry.name not in ("target", ".git"):
                (cls.folder / entry.name).symlink_to(entry)
        (cls.folder / "target").mkdir()
        (cls.folder / "target/release").symlink_to(RELEASE)
        shims = cls.folder / "shims"
        shims.mkdir()
        for name, text in {
            "make": f'#!/bin/sh\nexec {shutil.which("make")} -n "$@"\n', "cargo": CARGO.format(python=sys.executable, targets=targets()),
        }.items():
            (shims / name).write_text(text)
            (shims / name).chmod(0o755)

    def run_page(self, page):
        """[(block, what it printed)] of a page's blocks, run in one shell."""
        blocks = BLOCK.findall((ROOT / page).read_text())
        script = "".join(f"echo '{MARK}' >&2; echo '{MARK}'\n{block}\n" for block in blocks)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, stdin=subprocess.DEVNULL, text=True, timeout=180,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"STACK": self.world.stack.name, "PATH": f"{self.folder / 'shims'}:{os.environ['PATH']}"},
        )
        outputs = done.stdout.split(MARK)[1:]
        if done.returncode:
            self.fail(f"{page}: this block ends with {done.returncode}:\n{blocks[len(outputs) - 1]}\n{outputs[-1]}\n{done.stderr.split(MARK)[-1]}")
        return list(zip(blocks, outputs))

    def test_the_lines_that_a_newcomer_pastes_run(self):
        printed = {}
        for page in PAGES:
            with self.subTest(page):
                printed[page] = self.run_page(page)
                self.assertTrue(printed[page], "the page has no block that runs")
        for page, words, pattern in PRINTED:
            with self.subTest(page, words=words):
                [output] = [output for block, output in printed.get(page, []) if words in block]
                self.assertRegex(output, pattern)

    def test_every_page_with_lines_to_run_is_run(self):
        pages = [*ROOT.glob("*.md"), *(ROOT / "infra/docs").glob("*.md")]
        self.assertEqual({str(page.relative_to(ROOT)) for page in pages if BLOCK.search(page.read_text())}, set(PAGES))


if __name__ == "__main__":
    unittest.main()
