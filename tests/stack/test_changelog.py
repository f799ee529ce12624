"""What CHANGELOG.md tells operators to run does what it says."""

import os
import re
import subprocess
import sys
import textwrap
import unittest
from pathlib import Path

from places import ROOT
from stack import Stack

# No text: whoever encodes it once more makes another key of it.
WRAPPED = bytes(range(256))


class Changelog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(f"test-changelog-{os.getpid()}")
        cls.addClassCleanup(cls.stack.down)
        cls.dynamodb = cls.stack.up().client("dynamodb")

    def table(self, name, *rows):
        names = ("pk", "sk")
        self.dynamodb.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in names],
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(names, ("HASH", "RANGE"))],
        )
        for pk, sk, wrapped in rows:
            self.dynamodb.put_item(TableName=name, Item={"pk": {"S": pk}, "sk": {"S": sk}, "wrapped": {"B": wrapped}, "kms_key": {"S": "arn:aws:kms:x"}})

    def rows(self, name):
        return {(row["pk"]["S"], row["wrapped"]["B"]) for row in self.dynamodb.scan(TableName=name)["Items"]}

    def run_block(self, beginning, stack):
        blocks = re.findall(r"^ *```console\n(.*?)^ *```$", (ROOT / "CHANGELOG.md").read_text(), re.M | re.S)
        [block] = [block for block in map(textwrap.dedent, blocks) if block.startswith(beginning)]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(["bash", "-ec", block.replace("STACK", stack, 1)], env=self.stack.environment({"PATH": path}), capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return sorted(done.stdout.splitlines())

    def test_tenants_keys_are_copied_as_they_are_and_none_is_replaced(self):
        tenants = [f"T#t{number}" for number in range(3)]
        own = [(tenant, "TENANT#v1", WRAPPED) for tenant in tenants]
        self.table("old-keys", *own, ("T#t0#crm-1", "g1#v1", b"of a generation"))
        self.table("old-tenant-keys", (tenants[2], "TENANT#v1", b"made meanwhile"))
        self.assertEqual(self.run_block("python3 - STACK", "old"), ["DIFFERS T#t2", "copied T#t0", "copied T#t1"])
        copied = {(tenant, WRAPPED) for tenant in tenants[:2]} | {(tenants[2], b"made meanwhile")}
        self.assertEqual(self.rows("old-tenant-keys"), copied)
        self.assertEqual(self.run_block("python3 - STACK", "old"), ["DIFFERS T#t2", "was there T#t0", "was there T#t1"])
        self.assertEqual(self.rows("old-tenant-keys"), copied)


if __name__ == "__main__":
    unittest.main()
