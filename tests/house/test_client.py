"""The typed client as it is built, through the deployed template: each test runs one of its scenarios with node."""

import json
import os
import subprocess
import unittest

from api import INTEGRATION, ApiWorld
from world import ROOT

import npm

SCENARIOS = ROOT / "console/client/tests/stack/scenarios.ts"
FEW = {"accounts": 50, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}


class TypedClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = ApiWorld("client", sizes=FEW)
        cls.addClassCleanup(cls.ended)
        connected = cls.world.connect(cls.world.client())
        if connected.status != 201:
            raise AssertionError(connected)
        cls.world.sync()

    @classmethod
    def ended(cls):
        found = cls.world.end()
        if found:
            raise AssertionError(f"found in clear, or refused: {found}")

    def come_of(self, scenario, first=None):
        """What a scenario printed. Its client has a good token, after `first` was refused."""
        good = self.world.stack.token("acme")
        environment = os.environ | {
            "API_URL": self.world.stack.api_url(), "INTEGRATION": INTEGRATION.rsplit("/", 1)[-1], "TOKENS": json.dumps([first or good, good]),
            "NO_PROXY": "127.0.0.1,localhost",
        }
        done = subprocess.run([npm.node(), SCENARIOS, scenario], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def accounts(self):
        return set(self.world.ids("Account"))

    def test_a_list_comes_whole_page_by_page(self):
        told = self.come_of("lists")
        self.assertEqual(sorted(told["ids"]), sorted(self.world.held_ids("Account")))
        self.assertGreaterEqual(told["pages"], 3)

    def test_two_edits_at_once_are_both_kept(self):
        told = self.come_of("edits")
        self.assertEqual((told["stored"]["scheduleHour"], told["stored"]["crmSharePercent"]), (4, 30), told)
        self.assertEqual((told["data"], told["readings"]), (told["stored"], 2), told)

    def test_a_creation_whose_answer_was_lost_made_one_record(self):
        before = self.accounts()
        told = self.come_of("lost")
        self.assertEqual((told["outcome"], told["status"], told["sent"]), ("created", 201, 2), told)
        self.assertEqual(self.accounts() - before, {told["id"]})

    def test_a_token_that_expired_is_renewed_and_the_creation_sent_once(self):
        before = self.accounts()
        told = self.come_of("expired", first=self.world.stack.token("acme", expires_in=-10))
        self.assertEqual((told["outcome"], told["status"], told["sent"]), ("created", 201, 2), told)
        self.assertEqual(self.accounts() - before, {told["id"]})

    def test_three_clicks_make_one_record(self):
        before = self.accounts()
        told = self.come_of("clicked")
        [made] = self.accounts() - before
        self.assertEqual(told["ids"], [made] * 3)
        self.assertEqual(([one["id"] for one in told["outcome"]], told["isUnsettled"]), ([made], False), told)

    def test_refusals_are_typed(self):
        told = self.come_of("refused")
        kinds = {name: (one["type"], one["status"], one["mayHaveHappened"]) for name, one in told.items()}
        self.assertEqual(kinds, {
            "nothing": ("not-found", 404, False), "limit": ("bad-request", 400, False), "nobody": ("http-401", 401, False),
            "field": ("unfit", 422, False),
        })
        self.assertEqual(told["limit"]["parameter"], "limit")
        self.assertEqual(told["field"]["path"], ["fields", "Not~a/field"])
        self.assertTrue(all(one["hasId"] for name, one in told.items() if name != "nobody"), told)


if __name__ == "__main__":
    unittest.main()
