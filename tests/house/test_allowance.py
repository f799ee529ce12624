"""A tenant's allowance through the deployed template: a user who begins run after run is stopped, and another tenant is not."""

import time
import unittest

from api import INTEGRATION, ApiWorld

FEW = {"accounts": 30, "contacts": 30, "leads": 10, "tasks": 10, "opportunities": 10}
BURST = 20
USUAL = 12


class Allowance(unittest.TestCase):
    def burst(self, world, tenant):
        """Begins runs for 20 seconds, one after the other; returns the runs begun, the CRM's requests, and the refusals."""
        user, crm = world.client(tenant), world.organisation(tenant)
        before, runs, refused, ends = crm.asked(""), set(), [], time.monotonic() + BURST
        while time.monotonic() < ends:
            answer = user.post(f"{INTEGRATION}/runs")
            if answer.status == 202:
                runs.add(answer.body["run"])
            elif answer.status == 429:
                refused.append(answer)
            time.sleep(0.05)
        world.ended(tenant)
        return len(runs), crm.asked("") - before, refused

    def test_a_user_who_begins_run_after_run_is_stopped_and_other_tenants_are_not(self):
        world = ApiWorld("allowance", tenants=("acme", "globex"), sizes=FEW, TenantRunsPerHour=str(USUAL))
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        for tenant in ("acme", "globex"):
            self.assertEqual(world.connect(world.client(tenant), tenant).status, 201)
        world.sync()
        operator = world.operator
        operator.run("allowance", "--tenant", "globex", "--set", "runs_per_hour=10000", "--set", "integrations=1")
        free, held = self.burst(world, "globex"), self.burst(world, "acme")
        print(f"\nin {BURST} seconds: {free[0]} runs and {free[1]} requests to the CRM without a bound, {held[0]} and {held[1]} with it")
        with self.subTest("a tenant with a number of its own begins as many runs as its slices can do"):
            self.assertEqual(free[2], [])
        with self.subTest("another is stopped at the usual number, and told when to come back"):
            # An hour may begin in these seconds.
            self.assertLessEqual(held[0], 2 * USUAL)
            if free[0] > 2 * USUAL:
                self.assertLess(held[1], free[1])
                self.assertTrue(held[2])
            for answer in held[2]:
                self.assertTrue(answer.body["type"].endswith(":allowance-used-up"), answer)
                self.assertEqual(answer.body["detail"], f"runs_per_hour: {USUAL}")
                self.assertTrue(1 <= int(answer.headers["retry-after"]) <= 3600, answer)
        with self.subTest("an integration more than a tenant may have is not begun"):
            body = {"provider": "salesforce", "loginUrl": world.organisation("globex").url}
            answer = world.client("globex").post("/v1/integrations/another/connection", body)
            self.assertEqual((answer.status, answer.body["detail"]), (429, "integrations: 1"))
            self.assertEqual(world.client("acme").post("/v1/integrations/another/connection", body).status, 201)
        with self.subTest("status requests of a tenant end at the minute's number, and another's do not"):
            operator.run("allowance", "--tenant", "globex", "--set", "status_calls_per_minute=5")
            asks = {tenant: [self.status(world.client(tenant)) for _ in range(12)] for tenant in ("globex", "acme")}
            self.assertIn(429, asks["globex"])
            self.assertLessEqual(asks["globex"].count(200), 10)
            self.assertEqual(set(asks["acme"]), {200})
        with self.subTest("requests for signed heads end at the hour's number, and another's do not"):
            operator.run("allowance", "--tenant", "globex", "--set", "heads_per_hour=1")
            asks = {tenant: [world.client(tenant).get("/v1/register-heads").status for _ in range(4)] for tenant in ("globex", "acme")}
            self.assertIn(429, asks["globex"])
            self.assertLessEqual(asks["globex"].count(200), 2)
            self.assertEqual(set(asks["acme"]), {200})
        with self.subTest("the command shows what is used"):
            shown = operator.run("allowance", "--tenant", "globex")["limits"]
            self.assertEqual(shown["runs_per_hour"]["own"], 10000)
            self.assertEqual(shown["slices"]["places"], {})

    def status(self, client):
        return client.post(f"{INTEGRATION}/companies/status", {"companies": ["1", "2"]}).status


if __name__ == "__main__":
    unittest.main()
