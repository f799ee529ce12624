"""A record that is too large for an item is stored in the bucket: every function reaches it there, and a removal deletes it."""

import base64
import gzip
import json
import random
import unittest

from api import INTEGRATION, ApiWorld
from shown import Displayed
from world import ORGANISATIONS, simulators, until

import removal
import remains
from client import ask

EMAIL = "gross@werk-eins.example"
QUICK = {"RemovalSettleSeconds": "1"}


def long_text(seed):
    """About 530 KB that do not compress."""
    return base64.b64encode(random.Random(seed).randbytes(400_000)).decode()


class Large(Displayed):
    def setUp(self):
        self.world = world = ApiWorld("large", tenants=(), fresh=True, **QUICK)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        world.strings.add(EMAIL)
        records = [
            {"object": "Account", "fields": {"Name": "Große Werke GmbH", "Note__c": long_text(1)}},
            {"object": "Contact", "fields": {"LastName": "Großmann", "Email": EMAIL, "Note__c": long_text(2)}},
        ]
        file = world.path / "large.ndjson"
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
        world.organisations["acme"] = simulators.start(world.path, "acme", ORGANISATIONS[0], file)
        world.admit_logins(**QUICK)
        self.user = world.client()
        self.assertEqual(world.connect(self.user).status, 201)

    def bodies(self):
        """The bodies that are stored in the bucket."""
        s3, bucket = self.world.stack.client("s3"), self.world.stack.settings("sync")["BUCKET_PAGES"]
        return {found["Key"].split("/")[4] for found in s3.list_objects_v2(Bucket=bucket, Prefix="bodies/").get("Contents", [])}

    def shown(self, name, record):
        return self.ok(self.user.get(f"{INTEGRATION}/records/{name}/{record}"))

    def test_a_record_that_is_too_large_for_an_item_is_read_changed_erased_and_removed(self):
        [account], [contact] = self.world.ids("Account"), self.world.ids("Contact")
        self.assertEqual(self.synced()["Account"]["verdict"], "verified")
        self.assertEqual(self.bodies(), {"Account", "Contact"})
        with self.subTest("shown"):
            self.assertEqual(self.shown("Account", account)["record"]["id"], account)
        with self.subTest("matched again, when there are companies"):
            self.take_in(50)
            self.assertEqual(self.synced()["Account"]["verdict"], "verified")
        with self.subTest("a person is erased with what lies beside"):
            erased = self.ok(self.user.post("/v1/subjects/erasures", {"person": {"emails": [EMAIL]}}))
            self.assertIn(contact, [place["id"] for place in erased["erased"]])
            self.assertEqual(self.bodies(), {"Account"})
        with self.subTest("it shrinks, and grows again"):
            self.world.organisation().control("edit", object="Account", id=account, fields={"Note__c": "kurz"})
            self.synced()
            self.assertEqual(self.bodies(), set())
            self.world.organisation().control("edit", object="Account", id=account, fields={"Note__c": long_text(3)})
            self.synced()
            self.assertEqual(self.bodies(), {"Account"})
        with self.subTest("exported"):
            begun = self.user.post(f"{INTEGRATION}/exports")
            self.ok(begun, 202)

            def done():
                shown = self.ok(self.user.get(begun.headers["location"]))
                return shown if shown["status"] != "writing" else None

            told = until(done, "the export to be written", 120)
            self.assertEqual((told["status"], told["records"]), ("done", 1), told)
            lines = [json.loads(line) for line in gzip.decompress(ask("GET", told["url"]).raw).splitlines()]
            [note] = [line["fields"]["Note__c"] for line in lines if line["kind"] == "record"]
            self.assertEqual(note, long_text(3))
        removal.remove(self.world.stack, "acme", "salesforce")
        self.assertEqual(remains.of_generation(self.world.stack, "acme", "salesforce"), [])


if __name__ == "__main__":
    unittest.main()
