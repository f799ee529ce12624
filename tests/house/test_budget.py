"""The share of a CRM's daily budget through the deployed template: a run that has used it waits, says so, and goes on when there is room."""

import unittest

from api import INTEGRATION, ApiWorld
from wait import until
from world import OBJECTS, verdicts

SMALL = {"accounts": 60, "contacts": 60, "leads": 20, "tasks": 20, "opportunities": 20}
# A quarter of it is 20, and a fifth is the reserve.
QUOTA = 80
# What a step, or a token, may take beyond a bound.
STEP = 5


class Budget(unittest.TestCase):
    provider, integration, sizes = "salesforce", INTEGRATION, SMALL

    def world(self, name):
        """A house with one tenant that is connected."""
        world = ApiWorld(f"{name}-{self.provider}", sizes=self.sizes)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        self.assertEqual(world.connect(world.client()).status, 201)
        return world

    def test_a_first_run_is_foretold_by_the_answer_that_begins_it(self):
        world = self.world("foretold")
        client, crm = world.client(), world.organisation()
        crm.control("set_usage", used=0, limit=1_000)
        world.settle()
        begun = client.post(f"{self.integration}/runs").body
        foretold = begun["forecast"]
        self.assertEqual((begun["begun"], begun["noForecast"], foretold["basis"]), (True, None, "records"), begun)
        world.ended()
        # What connecting and foretelling took is not the run's.
        took = client.get(self.integration).body["requestsInLastDay"]
        print(f"\n{self.provider}: the first run was foretold with {foretold}, and took {took} requests")
        self.assertTrue(took / 2 <= foretold["requests"] <= took * 2, took)
        self.assertAlmostEqual(foretold["percentOfLeft"], foretold["requests"] / 10, delta=2)

    def test_a_run_meets_its_budget_and_goes_on_when_there_is_room(self):
        world = self.world("budget")
        client, crm = world.client(), world.organisation()
        crm.control("set_usage", used=0, limit=QUOTA)
        before = crm.asked("")
        world.settle()
        world.stack.fire("daily")

        waits = self.waits(client, "crm.share_used_up")
        sent, shown = crm.asked("") - before, client.get(self.integration).body
        print(f"\nof {QUOTA} requests a day: {sent} were sent until the share was used up, {self.held(shown)} records are there")
        self.assertTrue(QUOTA // 4 - STEP <= sent <= QUOTA // 4 + STEP, sent)
        self.assertTrue(shown["requestsInLastDay"] <= QUOTA // 4, shown)
        self.assertGreater(self.held(shown), 0)
        self.assertIsNone(shown["openRun"]["standstill"])
        with self.subTest("while it waits for its share, a look asks the CRM nothing"):
            asked, run = crm.asked(""), shown["openRun"]["run"]
            answer = client.post(f"{self.integration}/runs")
            self.assertEqual((answer.body["run"], answer.body["begun"]), (run, False))
            # Who asks again at once orders no look. The hourly rule does.
            world.repeat("SyncDue")
            until(lambda: self.logged(world) >= 2, "the second look", 60)
            self.assertEqual(crm.asked(""), asked)
            self.assertGreaterEqual(client.get(self.integration).body["openRun"]["waits"]["until"], waits["until"])

        with self.subTest("with the whole budget as its share it goes on, and stops before the reserve"):
            settings = client.get(f"{self.integration}/settings")
            put = client.put(f"{self.integration}/settings", settings.body | {"crmSharePercent": 100}, if_match=settings.headers["etag"])
            self.assertEqual((put.status, put.body["crmSharePercent"]), (200, 100))
            # Other tools have used the rest, but for a few requests and the reserve.
            others, before = QUOTA * 4 // 5 - STEP, crm.asked("")
            crm.control("set_usage", used=others, limit=QUOTA)
            world.repeat("SyncDue")
            self.waits(client, "crm.reserve_reached")
            used = others + crm.asked("") - before
            print(f"{QUOTA - used} of {QUOTA} requests are left to others")
            self.assertLessEqual(used, QUOTA * 4 // 5 + STEP)
        looked = self.logged(world)
        again = client.post(f"{self.integration}/runs").body
        self.assertEqual((again["begun"], again["forecast"], again["noForecast"]), (False, None, "begun_before"), "no run has ended yet")
        world.repeat("SyncDue")
        until(lambda: self.logged(world) > looked, "the third look", 120)
        with self.subTest("before a first run, the CRM's numbers of records foretell it"):
            shown = client.get(f"{self.integration}/preflight").body
            print(f"the first run: {shown['forecast']}")
            self.assertEqual((shown["noForecast"], shown["forecast"]["basis"]), (None, "records"), shown)
            self.assertTrue(15 < shown["forecast"]["requests"] < 200, shown)
        with self.subTest("on the next day it goes on, and the copy is whole"):
            crm.control("set_usage", used=0, limit=100_000)
            world.repeat("SyncDue")
            done = world.ended()
            self.assertEqual(set(verdicts(done).values()), {"VERIFIED"})
            for name in OBJECTS:
                self.assertEqual(world.held_ids(name), sorted(world.ids(name)), name)
            shown = client.get(self.integration).body
            self.assertEqual((shown["openRun"], shown["lastRun"]["failure"]), (None, None))

        with self.subTest("the next run is foretold by the last one, when it begins and before"):
            foretold = client.get(f"{self.integration}/preflight").body["forecast"]
            begun = client.post(f"{self.integration}/runs").body
            print(f"the next run: {foretold}")
            self.assertEqual((begun["begun"], begun["forecast"]), (True, foretold))
            self.assertTrue(20 < foretold["requests"] < 200 and foretold["percentOfLeft"] == 1, foretold)
            world.ended()

    def waits(self, client, reason):
        """Waits until the open run waits for this reason; returns what the API says of it."""
        def found():
            waits = (client.get(self.integration).body["openRun"] or {}).get("waits")
            return waits if waits and waits["reason"] == reason else None
        until(found, reason, 120)
        return found()

    def held(self, shown):
        return sum(one["held"] for one in shown["objects"])

    def logged(self, world):
        """How many slices ended with a pause."""
        return sum("the run pauses" in line["message"] for line in world.stack.logs("sync"))


if __name__ == "__main__":
    unittest.main()
