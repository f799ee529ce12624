"""The event bus accepts nothing while a run ends: the run's end is told when the order comes again, exactly once."""

import unittest

from world import World, until, verdicts

PUT_EVENTS = "AWSEvents.PutEvents"


class Untold(unittest.TestCase):
    def setUp(self):
        self.world = World("untold", sizes={"accounts": 30})
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))

    def test_the_end_of_a_run_that_the_bus_did_not_take_is_told_when_its_order_comes_again(self):
        world, stack = self.world, self.world.stack
        # The run is under way when the bus becomes unavailable.
        world.organisation().control("add_fault", match={"path": "/query"}, times=1, fault={"kind": "slow", "delay_ms": 3_000})
        world.settle()
        stack.fire("daily")
        until(lambda: world.orders("SyncDue"), "the run's order", 30)
        stack.be_silent(1, seconds=0, only=PUT_EVENTS)
        until(lambda: (world.operator.progress("acme")["last_run"] or {}).get("ended"), "the run to end", 60)
        until(lambda: any("events were lost" in line["message"] for line in stack.logs("sync")), "the bus to take nothing", 60)
        self.assertEqual(world.orders("SyncCompleted"), [])
        self.assertGreater(stack.be_silent(0)["met"], 0)

        world.repeat("SyncDue")
        until(lambda: world.orders("SyncCompleted"), "the end to be told", 30)
        run = world.operator.progress("acme")["last_run"]["run"]
        self.assertEqual([told["run"] for told in world.orders("SyncCompleted")], [run])

        with self.subTest("it is told once: neither its order nor the next run brings it again"):
            world.repeat("SyncDue")
            self.assertEqual(set(verdicts(world.sync()["acme"]).values()), {"VERIFIED"})
            told = [told["run"] for told in world.orders("SyncCompleted")]
            self.assertEqual((len(told), told.count(run)), (2, 1), told)


if __name__ == "__main__":
    unittest.main()
