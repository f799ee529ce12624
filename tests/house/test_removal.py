"""Removals through the deployed template: what is left of the tenant, and that the others are untouched."""

import tempfile
import unittest
from pathlib import Path

from world import OBJECTS, ROOT, World, until, verdicts

import remains
import removal

ALL_VERIFIED = dict.fromkeys(OBJECTS, "VERIFIED")
QUICK = {"RemovalSettleSeconds": "1"}


class Removal(unittest.TestCase):
    def world(self, name, **given):
        world = World(name, **QUICK, **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def ids(self, world, tenant="acme"):
        return {record for name in OBJECTS for record in world.ids(name, tenant)}

    def assert_gone(self, world, tenant="acme", generation=1):
        self.assertEqual(remains.of_generation(world.stack, tenant, "salesforce", generation), [])
        self.assertEqual(remains.of_records(world.stack, self.ids(world, tenant))[:5], [])
        # The message of the last slice is deleted once the slice has ended.
        until(lambda: not remains.in_queues(world.stack, tenant), lambda: remains.in_queues(world.stack, tenant), 30)

    def test_everything_of_a_tenant_goes_and_nothing_of_another(self):
        world = self.world("removal", tenants=("acme", "globex"))
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        stack, s3 = world.stack, world.stack.client("s3")
        pages = stack.settings("sync")["BUCKET_PAGES"]
        # An operator has switched versioning on, an upload was cut off, and a page was written and deleted since.
        s3.put_bucket_versioning(Bucket=pages, VersioningConfiguration={"Status": "Enabled"})
        for folder in ("pages", "bodies", "exports"):
            s3.create_multipart_upload(Bucket=pages, Key=f"{folder}/acme/salesforce/g1/x/Account.ndjson")
        for export in ("y", "z"):
            s3.put_object(Bucket=pages, Key=f"exports/acme/salesforce/g1/{export}/Account.ndjson", Body=b"x")
        for _ in range(3):
            s3.put_object(Bucket=pages, Key="bodies/acme/salesforce/g1/Task/t/body", Body=b"x")
        s3.delete_object(Bucket=pages, Key="bodies/acme/salesforce/g1/Task/t/body")
        for key in ("pages/acme2/salesforce/g1/x", "pages/acme/salesforce/g11/x", "pages/acme/salesforce2/g1/x"):
            s3.put_object(Bucket=pages, Key=key, Body=b"a neighbour's")
        before = (remains.rows(stack, "globex"), remains.objects(stack, "globex"))
        ours = remains.rows(stack, "acme")
        backup = [(place.split()[0], item) for place, item in ours.items() if " T#acme#salesforce#g1#" in place]
        self.assertGreaterEqual(len(backup), 450)

        removed = removal.remove(stack, "acme", "salesforce")
        self.assertEqual(removed["deleted"]["records"], 450)
        self.assert_gone(world)
        with self.subTest("another tenant's rows and objects are what they were, byte for byte"):
            self.assertEqual((remains.rows(stack, "globex"), remains.objects(stack, "globex")), before)
            for key in ("pages/acme2/salesforce/g1/x", "pages/acme/salesforce/g11/x", "pages/acme/salesforce2/g1/x"):
                self.assertEqual(s3.get_object(Bucket=pages, Key=key)["Body"].read(), b"a neighbour's")
        with self.subTest("the receipt says what was deleted, and openssl verifies it, and refuses a changed one"):
            with tempfile.TemporaryDirectory() as folder:
                receipt = removal.take_receipt(stack, "acme", "salesforce", Path(folder))
                self.assertTrue(removal.verified(Path(folder)))
                self.assertTrue(removal.refused_when_changed(Path(folder)))
                self.assertTrue(removal.verified(Path(folder)))
            self.assertIn(removal.VERIFY, (ROOT / "infra/docs/integrate.md").read_text(), "the page shows the command")
            copies = [" ".join(place.split()[2:]) for place in ours if " T#acme#salesforce#g1#" in place]
            self.assertEqual(receipt["deleted"]["copies"]["records"], sum("#R#" not in sk for sk in copies))
            self.assertEqual(receipt["deleted"]["copies"]["relations"], sum("#R#" in sk for sk in copies))
            self.assertEqual(receipt["deleted"]["pages"]["bodies"], 3)
            self.assertEqual((receipt["deleted"]["pages"]["delete_markers"], receipt["deleted"]["pages"]["unfinished_uploads"]), (1, 3))
            self.assertEqual(receipt["keys"]["destroyed"], ["g1#v1"])
            self.assertEqual(receipt["revocation"], {"confirmed": True, "code": None, "tries": 1})
            self.assertEqual(set(receipt["left"].values()), {0})
        with self.subTest("the grant is dead at the CRM"):
            self.assertIn("/services/oauth2/revoke", str(world.organisation().control("requests")["requests"]))
        with self.subTest("a backup of Copies that is put back cannot be opened, and is not shown"):
            dynamodb, account = stack.client("dynamodb"), world.ids("Account")[0]
            for table, item in backup:
                dynamodb.put_item(TableName=table, Item=item)
            self.assertEqual(len(world.held_ids("Account")), 120, "it is back")
            self.assertIsNone(world.opened("Account", account))
            for table, item in backup:
                dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
        with self.subTest("connecting again begins empty, in another generation"):
            world.organisation().refresh_token = world.organisation().control("grant")["refresh_token"]
            again = world.operator.connect("acme", world.organisation())
            self.assertEqual(again["generation"], 2)
            self.assertEqual(world.held_ids("Account"), [])
            done = world.sync(["acme"])["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assertEqual(done["Account"]["summary"]["written"], 120)
        with self.subTest("and can be removed again: receipts are a chain"):
            removal.remove(stack, "acme", "salesforce")
            self.assert_gone(world, generation=2)
            _, _, listed = removal.ask(stack, "acme", "GET", "/v1/receipts")
            first, second = listed["receipts"]
            self.assertIn(f'"previous":"{first["sha256"]}"', second["document"])
            self.assertEqual(removal.ask(stack, "globex", "GET", "/v1/receipts")[2]["receipts"], [])

    def test_a_removal_in_the_middle_of_a_sync_waits_for_its_slice_and_leaves_nothing(self):
        world = self.world("removed", sizes={"accounts": 6_000}, SyncTimeout="30", SyncReserveSeconds="5")
        world.organisation().control("add_fault", match={"path": "/services/data/v64.0/query"}, times=40, fault={"kind": "slow", "delay_ms": 900})
        world.settle()
        world.stack.fire("daily")
        until(lambda: world.held_ids("Account"), "the first page to be stored", 60)
        removed = removal.remove(world.stack, "acme", "salesforce")
        self.assertGreater(removed["deleted"]["records"], 0)
        self.assert_gone(world)
        self.assertEqual(world.orders("SyncCompleted"), [])
        [told] = [order for order in world.orders("IntegrationRemoved")]
        self.assertEqual((told["scope"]["tenant"], told["receipt"]), ("acme", 1))
        with self.subTest("an order that comes after it all changes nothing"):
            world.repeat("SyncDue")
            world.repeat("RemovalDue")
            world.stack.fire("daily")
            until(lambda: not remains.in_queues(world.stack, "acme"), "the queues to be empty", 60)
            self.assert_gone(world)

    def test_a_crm_that_refuses_to_take_the_grant_back_holds_nothing_up(self):
        world = self.world("unconfirmed", sizes={"accounts": 20})
        world.sync()
        world.organisation().control("add_fault", match={"path": "/services/oauth2/revoke"}, times=1000, fault="error_500")
        removed = removal.remove(world.stack, "acme", "salesforce", seconds=300)
        self.assertEqual(removed["revocation"]["confirmed"], False)
        self.assert_gone(world)

    def test_an_order_that_was_lost_is_given_again_by_the_hourly_rule(self):
        world = self.world("lost", sizes={"accounts": 20})
        world.sync()
        stack, events = world.stack, world.stack.client("events")
        bus = stack.settings("sync")["EVENT_BUS"]
        [rule] = [name for logical, name in stack.resources("AWS::Events::Rule").items() if logical == "RemovalDueRule"]
        rule = rule.rsplit("|", 1)[-1].rsplit("/", 1)[-1]
        events.disable_rule(Name=rule, EventBusName=bus)
        status, _, _ = removal.ask(stack, "acme", "DELETE", "/v1/integrations/salesforce")
        self.assertEqual(status, 202)
        events.enable_rule(Name=rule, EventBusName=bus)
        self.assertEqual(removal.ask(stack, "acme", "GET", "/v1/integrations/salesforce/removal")[2]["stage"], "revoking")
        fired = stack.fire("hourly")
        self.assertEqual(fired["answer"]["removing"], 1)
        removal.remove(stack, "acme", "salesforce")
        self.assert_gone(world)


if __name__ == "__main__":
    unittest.main()
