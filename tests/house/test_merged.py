"""Users' decisions follow accounts that are merged in the CRM, through the deployed template."""

import unittest

from api import INTEGRATION
from shown import Displayed
from world import until


class Merged(Displayed):
    name = "merged"

    def say(self, account, company, decision):
        said = {"object": "Account", "record": account, "company": company, "decision": decision}
        self.ok(self.user.post(f"{INTEGRATION}/relations", said))

    def merge(self, loser, winner):
        self.world.organisation().control("merge", object="Account", loser=loser, winner=winner)

    def status(self, company):
        """Whether a company is in the CRM, and by which records with which relation."""
        [told] = self.ok(self.user.post(f"{INTEGRATION}/companies/status", {"companies": [company]}))["companies"]
        return told["inCrm"], [(record["id"], record["status"]) for record in told["records"]]

    def assert_approved(self, account, company):
        expected = ("yes", [(account, "approved")])
        # The index is some moments behind.
        until(lambda: self.status(company) == expected, f"{company} to be {account}, and not {self.status(company)}", 20)
        record = self.ok(self.user.get(f"{INTEGRATION}/records/Account/{account}"))
        self.assertIn((company, "approved"), [(one["company"], one["status"]) for one in record["record"]["relations"]])
        self.assertIn((company, "approved"), [(one["company"], one["decision"]) for one in record["decisions"]])

    def verified(self):
        self.assertEqual(self.synced()["Account"]["verdict"], "verified")

    def test_an_approval_goes_along_a_chain_of_merges_within_one_run_and_over_several(self):
        at_once, in_turn, blocked = (self.world.ids("Account")[n:n + 3] for n in (0, 3, 6))
        for first, company in ((at_once[0], "at-once"), (in_turn[0], "in-turn")):
            self.say(first, company, "approved")
            self.assert_approved(first, company)
        # The same decision about the record that stays, and a later one about a record that is merged into it.
        self.say(blocked[1], "blocked", "approved")
        self.say(blocked[0], "blocked", "blocked")
        self.merge(at_once[0], at_once[1])
        self.merge(at_once[1], at_once[2])
        self.merge(in_turn[0], in_turn[1])
        self.merge(blocked[0], blocked[1])
        self.verified()
        with self.subTest("both merges in one run"):
            self.assert_approved(at_once[2], "at-once")
        with self.subTest("the first merge of two"):
            self.assert_approved(in_turn[1], "in-turn")
        with self.subTest("a block that came later than the survivor's approval"):
            until(lambda: self.status("blocked") == ("no", []), "the block to count", 20)
        self.merge(in_turn[1], in_turn[2])
        self.verified()
        with self.subTest("the second merge, a run later"):
            self.assert_approved(in_turn[2], "in-turn")
        self.world.organisation().control("edit", object="Account", id=in_turn[2], fields={"Phone": "+49 221 4710"})
        self.verified()
        with self.subTest("a run later, whose record was changed"):
            self.assert_approved(at_once[2], "at-once")
            self.assert_approved(in_turn[2], "in-turn")
            self.assertEqual(self.status("blocked"), ("no", []))
        with self.subTest("what was merged is shown no more"):
            for gone in at_once[:2] + in_turn[:2] + blocked[:1]:
                self.assertEqual(self.user.get(f"{INTEGRATION}/records/Account/{gone}").status, 404)
            self.assertEqual(self.world.held_ids("Account"), self.world.ids("Account"))


if __name__ == "__main__":
    unittest.main()
