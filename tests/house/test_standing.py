"""Runs that one object holds up, or that make no progress at all, through the deployed template."""

import json
import unittest

from api import INTEGRATION, ApiWorld
from world import OBJECTS, World, until, verdicts

SIZES = {"accounts": 9, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}
VERIFIED = dict.fromkeys(OBJECTS, "VERIFIED")
ACCOUNTS = {"path": "/query", "object": "Account"}


class Standing(unittest.TestCase):
    def world(self, kind, name, **given):
        world = kind(name, sizes=SIZES, **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def test_an_object_whose_count_times_out_keeps_none_of_the_others_unread(self):
        world = self.world(World, "starving")
        # Pages then come by a bulk job, but the count at the end does not.
        world.organisation().control("add_fault", match=ACCOUNTS, times=0, fault="query_timeout")
        world.settle()
        world.stack.fire("daily")
        objects = lambda: world.operator.progress("acme")["objects"]
        until(lambda: objects().get("Opportunity", {}).get("verdict"), "the last of the others to be read", 120)
        shown = world.operator.progress("acme")
        self.assertEqual(verdicts(shown["objects"]), VERIFIED | {"Account": None})
        self.assertEqual(shown["objects"]["Account"]["summary"]["trouble"], "salesforce.query_timeout")
        self.assertTrue(shown["open_run"])
        world.organisation().control("clear_faults")
        world.repeat("SyncDue")
        self.assertEqual(verdicts(world.ended()), VERIFIED)
        self.assertNotIn("trouble", objects()["Account"]["summary"])
        self.assertEqual(world.held_ids("Account"), world.ids("Account"))

    def test_a_run_whose_pages_come_too_late_says_so_and_goes_on_when_they_come_in_time(self):
        world = self.world(ApiWorld, "standing", SyncTimeout="14", SyncReserveSeconds="8")
        admin = world.client()
        # The first page takes two requests, which is more than the six seconds that a slice works.
        world.organisation().control("add_fault", match=ACCOUNTS, times=0, fault={"kind": "slow", "delay_ms": 4000})
        self.assertEqual(world.connect(admin).status, 201)
        world.settle()
        world.stack.fire("daily")
        stands = lambda: (admin.get(INTEGRATION).body["openRun"] or {}).get("standstill")
        until(stands, "the run to be told as one that does not get on", 150)
        self.assertGreaterEqual(stands()["slices"], 3)
        warned = lambda: [json.loads(line["message"]) for line in world.stack.logs("sync") if '"slices"' in line["message"]]
        until(warned, "the warning", 20)
        self.assertEqual({line["level"] for line in warned()}, {"WARN"})
        self.assertLessEqual(world.operator.progress("acme")["standstill"]["at_most"], 500)
        world.organisation().control("clear_faults")
        until(lambda: admin.get(INTEGRATION).body["openRun"] is None, "the run to end", 150)
        self.assertEqual(verdicts(world.operator.progress("acme")["objects"]), VERIFIED)
        self.assertIsNone(world.operator.progress("acme")["standstill"])


if __name__ == "__main__":
    unittest.main()
