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
    def test_a_run_meets_its_budget_and_goes_on_when_there_is_room(self):
        world = ApiWorld("budget", sizes=SMALL)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        client, crm = world.client(), world.organisation()
        self.assertEqual(world.connect(client).status, 201)
        crm.control("set_usage", used=0, limit=QUOTA)
        before = crm.asked("")
        world.settle()
        world.stack.fire("daily")

        waits = self.waits(client, "crm.share_used_up")
        sent, shown = crm.asked("") - before, client.get(INTEGRATION).body
        print(f"\nof {QUOTA} requests a day: {sent} were sent until the share was used up, {self.held(shown)} records are there")
        self.assertTrue(QUOTA // 4 - STEP <= sent <= QUOTA // 4 + STEP, sent)
        self.assertTrue(shown["requestsInLastDay"] <= QUOTA // 4, shown)
        self.assertGreater(self.held(shown), 0)
        self.assertIsNone(shown["openRun"]["standstill"])
        with self.subTest("while it waits for its share, a look asks the CRM nothing"):
            asked, run = crm.asked(""), shown["openRun"]["run"]
            answer = client.post(f"{INTEGRATION}/runs")
            self.assertEqual((answer.body["run"], answer.body["begun"]), (run, False))
            until(lambda: self.logged(world) >= 2, "the second look", 60)
            self.assertEqual(crm.asked(""), asked)
            self.assertGreaterEqual(client.get(INTEGRATION).body["openRun"]["waits"]["until"], waits["until"])

        with self.subTest("with the whole budget as its share it goes on, and stops before the reserve"):
            settings = client.get(f"{INTEGRATION}/settings")
            put = client.put(f"{INTEGRATION}/settings", settings.body | {"crmSharePercent": 100}, if_match=settings.headers["etag"])
            self.assertEqual((put.status, put.body["crmSharePercent"]), (200, 100))
            # Other tools have used the rest, but for a few requests and the reserve.
            crm.control("set_usage", used=QUOTA * 4 // 5 - STEP, limit=QUOTA)
            client.post(f"{INTEGRATION}/runs")
            self.waits(client, "crm.reserve_reached")
            used = crm.control("requests")["usage"]
            print(f"{QUOTA - used} of {QUOTA} requests are left to others")
            self.assertLessEqual(used, QUOTA * 4 // 5 + STEP)
        self.assertEqual(self.forecast(client), None, "no run has ended yet")
        with self.subTest("before a first run, the CRM's numbers of records foretell it"):
            shown = client.get(f"{INTEGRATION}/preflight").body
            print(f"the first run: {shown['forecast']}")
            self.assertEqual((shown["noForecast"], shown["forecast"]["basis"]), (None, "records"), shown)
            self.assertTrue(15 < shown["forecast"]["requests"] < 200, shown)
        with self.subTest("on the next day it goes on, and the copy is whole"):
            crm.control("set_usage", used=0, limit=100_000)
            client.post(f"{INTEGRATION}/runs")
            done = world.ended()
            self.assertEqual(set(verdicts(done).values()), {"VERIFIED"})
            for name in OBJECTS:
                self.assertEqual(world.held_ids(name), sorted(world.ids(name)), name)
            shown = client.get(INTEGRATION).body
            self.assertEqual((shown["openRun"], shown["lastRun"]["failure"]), (None, None))

        with self.subTest("the next run is foretold by the last one, when it begins and before"):
            foretold = client.get(f"{INTEGRATION}/preflight").body["forecast"]
            begun = client.post(f"{INTEGRATION}/runs").body
            print(f"the next run: {foretold}")
            self.assertEqual((begun["begun"], begun["forecast"]), (True, foretold))
            self.assertTrue(20 < foretold["requests"] < 200 and foretold["percentOfLeft"] == 1, foretold)
            world.ended()

    def forecast(self, client):
        return client.post(f"{INTEGRATION}/runs").body["forecast"]

    def waits(self, client, reason):
        """Waits until the open run waits for this reason; returns what the API says of it."""
        def found():
            waits = (client.get(INTEGRATION).body["openRun"] or {}).get("waits")
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
