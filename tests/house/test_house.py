"""The whole house, through the deployed template: what happens in a tenant's CRM, and what the copy has afterwards."""

import subprocess
import sys
import unittest

from world import OBJECTS, ROOT, World, simulators, total, until, verdicts

ALL_VERIFIED = dict.fromkeys(OBJECTS, "VERIFIED")


class House(unittest.TestCase):
    def world(self, name, **given):
        world = World(name, **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def assert_same_ids(self, world, tenant="acme"):
        for name in OBJECTS:
            self.assertEqual(world.held_ids(name, tenant), sorted(world.ids(name, tenant)), name)

    def test_the_copy_follows_the_crm_from_run_to_run(self):
        world = self.world("follows")
        with self.subTest("a first run copies everything"):
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assertEqual(total(done, "written"), 450)
            self.assert_same_ids(world)
        with self.subTest("a run without changes writes nothing"):
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assertEqual((total(done, "written"), total(done, "deleted"), total(done, "sealed_bytes")), (0, 0, 0))
        accounts, contacts, leads, tasks = (world.ids(name) for name in ("Account", "Contact", "Lead", "Task"))
        with self.subTest("a changed record is written, and no other"):
            world.organisation().control("edit", object="Account", id=accounts[3], fields={"Site": "Hafen 7"})
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assertEqual(total(done, "written"), 1)
            self.assertEqual(world.opened("Account", accounts[3])["body"]["fields"]["Site"], "Hafen 7")
        with self.subTest("what is deleted, for good or not, or merged, is gone; a converted lead points at what it became"):
            world.organisation().control("soft_delete", object="Task", id=tasks[0])
            world.organisation().control("hard_delete", object="Contact", id=contacts[0])
            world.organisation().control("edit", object="Contact", id=contacts[1], fields={"AccountId": accounts[6]})
            world.organisation().control("merge", object="Account", winner=accounts[5], loser=accounts[6])
            converted = world.organisation().control("convert_lead", id=leads[0])
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assert_same_ids(world)
            for name, gone in (("Task", tasks[0]), ("Contact", contacts[0]), ("Account", accounts[6])):
                self.assertIsNone(world.opened(name, gone), name)
            child = world.opened("Contact", contacts[1])["body"]["fields"]
            self.assertEqual(child["AccountId"], accounts[5], "what belonged to the merged account belongs to its survivor")
            lead = world.opened("Lead", leads[0])["body"]["fields"]
            self.assertIn(lead["ConvertedAccountId"], converted.values())
        with self.subTest("a field that vanished is reported"):
            world.organisation().control("hide_field", object="Account", field="Site")
            done = world.sync()["acme"]
            self.assertEqual(done["Account"]["summary"]["vanished_fields"], ["Site"])
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            world.organisation().control("hide_field", object="Account", field="Site", hidden=False)
            world.sync()
        with self.subTest("a field that queries are refused for is reported by each run, and is back for all records"):
            crm = world.organisation()
            crm.control("refuse_field", object="Account", field="Site")
            crm.control("edit", object="Account", id=accounts[3], fields={"Phone": "+49 40 123"})
            for written in (1, 0):
                done = world.sync()["acme"]
                self.assertEqual(verdicts(done), ALL_VERIFIED)
                self.assertEqual(done["Account"]["summary"]["vanished_fields"], ["Site"], "beside the verdict")
                self.assertEqual(total(done, "written"), written)
            told = [one["hidden_fields"] for order in world.orders("SyncCompleted")[-2:] for one in order["objects"] if one["object"] == "Account"]
            self.assertEqual(told, [1, 1])
            self.assertNotIn("Site", world.opened("Account", accounts[3])["body"]["fields"])
            crm.control("refuse_field", object="Account", field="Site", refused=False)
            done = world.sync()["acme"]
            self.assertEqual((done["Account"]["summary"]["vanished_fields"], total(done, "written")), ([], 1))
            self.assertEqual(world.opened("Account", accounts[3])["body"]["fields"]["Site"], "Hafen 7")

    def test_an_organisation_that_moved_to_another_host_is_found_there(self):
        world = self.world("moved", sizes={"accounts": 20, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5})
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        [account, *_] = world.ids("Account")
        crm = world.organisation()
        crm.control("move_away", fault={"kind": "odd_body", "status": 404, "body": "<html>Not Found</html>"})
        crm.control("edit", object="Account", id=account, fields={"Site": "Hafen 7"})
        tokens = lambda: sum(one["count"] for one in crm.control("requests")["requests"] if one["template"] == "/services/oauth2/token")
        before = tokens()
        done = world.sync()["acme"]
        self.assertEqual((verdicts(done), total(done, "written")), (ALL_VERIFIED, 1))
        self.assertEqual(tokens(), before + 1, "it was asked once where the organisation is")
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        self.assertEqual(tokens(), before + 1, "the new host was kept with the grant")

    def test_trouble_with_tokens_and_limits_passes(self):
        world = self.world("trouble")
        with self.subTest("throttles, server errors and cut answers are sat out"):
            for fault in ("limit_429_retry_after", "unavailable_503", "error_500", "lock_row", {"kind": "cut", "after": 500, "chunked": True}):
                world.organisation().control("add_fault", match={"path": "/services/data"}, times=1, fault=fault)
                self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED, fault)
                self.assertEqual([rule["struck"] for rule in world.organisation().control("faults")["faults"]], [1], "it was met")
                world.organisation().control("clear_faults")
            self.assert_same_ids(world)
        with self.subTest("an expired access token is renewed, and the rotated grant is kept for the next run"):
            for _ in range(3):
                world.organisation().control("expire_access_tokens")
                self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)

    def test_a_used_up_daily_limit_pauses_the_run_and_its_next_trigger_goes_on_with_it(self):
        world = self.world("limit")
        world.settle()
        world.organisation().control("add_fault", match={"path": "/query", "nth": 4}, times=1, fault="limit_403")
        world.stack.fire("daily")
        until(lambda: any("salesforce.request_limit" in line["message"] for line in world.stack.logs("sync")), "the limit to be met", 60)
        self.assertIsNotNone(world.operator.progress("acme")["open_run"], "paused, not given up")
        until(lambda: any("ChangeMessageVisibility" in line["message"] for line in world.stack.logs("sync")), "the order to be put off", 30)
        self.assertFalse([line for line in world.stack.logs("sync") if "stays hidden" in line["message"]])
        # The queue itself would do so a quarter of an hour later.
        world.repeat("SyncDue")
        done = world.ended()
        self.assertEqual({name: done[name]["verdict"] for name in OBJECTS}, ALL_VERIFIED)
        self.assertEqual(total(done, "written"), 450)
        self.assert_same_ids(world)

    def test_a_run_of_many_slices_ends_as_one_would(self):
        sizes = {"accounts": 9_000, "contacts": 6_000}
        world = self.world("slices", sizes=sizes, SyncTimeout="10", SyncReserveSeconds="8")
        # Each page is slow, so that ten seconds are soon over.
        world.organisation().control("add_fault", match={"path": "/services/data/v64.0/query"}, times=60, fault={"kind": "slow", "delay_ms": 700})
        done = world.sync()["acme"]
        self.assertEqual(verdicts(done), ALL_VERIFIED)
        self.assertEqual(done["Account"]["summary"]["written"], 9_000)
        slices = {order["slice"] for order in world.orders("SyncDue")}
        self.assertGreater(max(slices), 1, slices)
        self.assert_same_ids(world)

    def test_two_triggers_at_once_make_one_copy(self):
        world = self.world("overlap", sizes={"accounts": 3_000})
        # Long enough for all of them to come while the run is under way.
        world.organisation().control("add_fault", match={"path": "/query"}, times=12, fault={"kind": "slow", "delay_ms": 500})
        world.settle()
        world.stack.fire("daily")
        world.repeat("SyncDue", 2)
        world.stack.fire("daily")
        self.assertIsNotNone(world.operator.progress("acme")["open_run"], "they overlapped")
        done = world.ended()
        self.assertEqual({name: done[name]["verdict"] for name in OBJECTS}, ALL_VERIFIED)
        self.assertEqual(done["Account"]["summary"]["written"], 3_000)
        self.assert_same_ids(world)
        self.assertEqual(len(world.orders("SyncCompleted")), 1)
        with self.subTest("a trigger that comes after all is over changes nothing"):
            world.repeat("SyncDue")
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assertEqual(total(done, "written"), 0)
            self.assert_same_ids(world)

    def test_one_tenants_lost_grant_is_no_matter_of_the_other(self):
        world = self.world("revoked", tenants=("acme", "globex"))
        world.organisation("globex").control("expire_access_tokens")
        world.organisation("globex").control("revoke_grant")
        self.assertEqual(verdicts(world.sync(["acme"])["acme"]), ALL_VERIFIED)
        until(lambda: world.orders("SyncFailed"), "the other tenant's run to fail", 60)
        failed = world.orders("SyncFailed")[0]
        self.assertEqual((failed["scope"]["tenant"], failed["needs_reconnect"]), ("globex", True))
        self.assertEqual(world.held_ids("Account", "globex"), [])
        report = world.operator.progress("globex")["last_run"]
        self.assertEqual((report["run"], report["failure"]), (failed["run"], failed["code"]))
        self.assertIsNone(world.operator.progress("acme")["last_run"]["failure"])

    def test_a_poisoned_record_is_set_aside_and_the_run_goes_on(self):
        world = self.world("poison", tenants=())
        poisoned = world.path / "poisoned.ndjson"
        lines = ['{"object":"Account","fields":{"Name":"Gut %d GmbH"}}' % n for n in range(20)]
        lines.append('{"object":"Account","fields":{"Name":"Vergiftet","Note__c":"%s"}}' % ("x" * 5_000_000))
        poisoned.write_text("\n".join(lines) + "\n")
        world.organisations["acme"] = simulators.start(world.path, "acme", "00DAB00000000A1EAA", poisoned)
        world.operator.connect("acme", world.organisations["acme"])
        done = world.sync()["acme"]
        account = done["Account"]
        self.assertEqual(account["verdict"], "DRIFT(1)", account)
        self.assertEqual(account["summary"]["written"], 20)
        self.assertEqual(account["summary"]["quarantined"], 1, "however often the run met it")
        self.assertEqual(len(world.held_ids("Account")), 20)
        again = world.sync()["acme"]["Account"]
        self.assertEqual(again["verdict"], "DRIFT(1)")
        with self.subTest("once it can be kept it is"):
            [bad] = set(world.ids("Account")) - set(world.held_ids("Account"))
            world.organisation().control("edit", object="Account", id=bad, fields={"Note__c": "kurz"})
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
            self.assert_same_ids(world)

    def test_fifty_thousand_records_come_by_bulk(self):
        world = self.world("bulk", sizes={"accounts": 50_000})
        done = world.sync()["acme"]
        self.assertEqual(verdicts(done), ALL_VERIFIED)
        self.assertEqual(done["Account"]["summary"]["written"], 50_000)
        self.assertIn("/jobs/query", str(world.organisation().control("requests")["requests"]))
        self.assertEqual(world.held_ids("Account"), sorted(world.ids("Account")))


class ForeignClient(unittest.TestCase):
    def test_a_client_that_nobody_here_wrote_agrees_with_the_simulator(self):
        world = World("foreign", tenants=())
        self.addCleanup(world.end)
        empty = world.path / "empty.ndjson"
        empty.write_text("")
        organisation = simulators.start(world.path, "foreign", "00DAB00000000A1EAA", empty)
        script = ROOT / "tests/simulator/tests/foreign_client.py"
        done = subprocess.run([sys.executable, script, "--url", organisation.url], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
