"""The operator's app gets a new secret, at Salesforce and then in the settings, through the deployed template."""

import json
import unittest

from api import INTEGRATION, ApiWorld
from world import OBJECTS, until, verdicts

VERIFIED = dict.fromkeys(OBJECTS, "VERIFIED")


class Secret(unittest.TestCase):
    integration, code = INTEGRATION, "salesforce.invalid_client"
    """The integration, and what its CRM says of a wrong secret."""
    sizes = {"accounts": 9, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}

    def build(self):
        return ApiWorld("secret", sizes=self.sizes, SalesforceClientId="demo-app", **self.setting("first"))

    def setting(self, now, before="none"):
        """The template's parameters for a secret and the one before it."""
        return {"SalesforceClientSecret": now, "SalesforcePreviousClientSecret": before}

    def setUp(self):
        self.world = self.build()
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.admin = self.world.client()

    def crm_takes(self, secret):
        """Makes the CRM accept only this secret from now on, and every access token expire."""
        self.world.organisation().control("set_client", id="demo-app", secret=secret)
        self.world.organisation().control("expire_access_tokens")

    def failed(self):
        """Fires the daily rule and waits until one more run has failed; returns its event."""
        n = len(self.world.orders("SyncFailed"))
        self.world.settle()
        self.world.stack.fire("daily")
        until(lambda: len(self.world.orders("SyncFailed")) > n, "the run to fail", 60)
        return self.world.orders("SyncFailed")[-1]

    def alarms(self, function):
        lines = [json.loads(line["message"]) for line in self.world.stack.logs(function) if '"alarm"' in line["message"]]
        return {line["alarm"] for line in lines}

    def test_a_secret_is_rotated_without_a_lost_day_and_a_forgotten_one_revokes_nobody(self):
        world, admin = self.world, self.admin
        self.crm_takes("first")
        self.assertEqual(world.connect(admin).status, 201)
        self.assertEqual(verdicts(world.sync()["acme"]), VERIFIED)
        with self.subTest("set in the deployment before the CRM takes it, and after"):
            world.admit_logins(**self.setting("second", "first"))
            for known in ("first", "second"):
                self.crm_takes(known)
                self.assertEqual(verdicts(world.sync()["acme"]), VERIFIED, known)
            world.admit_logins(**self.setting("second"))
            self.crm_takes("second")
            self.assertEqual(verdicts(world.sync()["acme"]), VERIFIED)
        completed = len(world.orders("SyncCompleted"))
        with self.subTest("rotated at the CRM alone"):
            self.crm_takes("third")
            failed = self.failed()
            self.assertEqual((failed["code"], failed["needs_reconnect"]), (self.code, False))
            shown = admin.get(self.integration).body
            self.assertEqual((shown["status"], shown["lastRun"]["failure"]), ("connected", self.code), shown)
            self.assertEqual(len(world.orders("SyncCompleted")), completed)
            until(lambda: self.alarms("sync"), "the line that rings the alarm", 20)
            self.assertEqual(self.alarms("sync"), {"app_refused"})
        with self.subTest("whoever connects again meets the same"):
            refused = world.connect(admin)
            self.assertEqual((refused.status, refused.body["type"]), (503, "urn:abgleich:problem:app-refused"), refused)
            preflight = admin.get(f"{self.integration}/preflight")
            self.assertEqual((preflight.status, preflight.body["type"]), (503, "urn:abgleich:problem:app-refused"), preflight)
            until(lambda: self.alarms("api"), "the line that rings the alarm", 20)
        with self.subTest("set in the deployment, connected again, and read"):
            world.admit_logins(**self.setting("third"))
            again = world.connect(admin)
            self.assertEqual((again.status, again.body["status"]), (201, "connected"), again)
            self.assertEqual(verdicts(world.sync()["acme"]), VERIFIED)
            refused = admin.post(f"{self.integration}/connection", {"provider": world.organisation().provider})
            self.assertEqual((refused.status, refused.body["type"]), (409, "urn:abgleich:problem:integration-connected-already"), refused)


if __name__ == "__main__":
    unittest.main()
