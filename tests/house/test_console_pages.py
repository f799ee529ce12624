"""The console's pages about companies, relations, people and processing, in a real browser on the deployed template."""

import sys
from pathlib import Path

from api import INTEGRATION
from shown import TWINS, Displayed

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

import browser

HOSTILE = "\u202Egnp.<img src=x onerror=alert(1)>" + "A" * 200
PERSON = {"FirstName": "Petra", "LastName": "Seitenprobe", "Email": "petra@seitenprobe.example"}


class ConsolePages(Displayed):
    name, companies = "console-pages", 300

    @classmethod
    def setUpClass(cls):
        """One house for all tests, which come in the order of their names."""
        cls.house = cls("test_companies_are_looked_up")
        cls.addClassCleanup(cls.end)
        Displayed.setUp(cls.house)
        cls.hostile = cls.house.create("Account", Name=HOSTILE)
        cls.house.create("Contact", **PERSON)
        cls.house.synced()
        cls.house.world.strings |= {PERSON["Email"]}
        cls.url = f"{cls.house.world.stack.console_url('acme')}/"

    @classmethod
    def end(cls):
        if not cls.house.doCleanups():
            raise AssertionError(f"the house did not end well: found {cls.house.world.end()}")

    def setUp(self):
        self.world, self.user = self.house.world, self.house.user

    def flow(self, flow, **given):
        issuer = self.world.stack.settings("console")["TOKEN_ISSUER"]
        wrong = browser.flow(flow, console=self.url, issuer=issuer, tenant="acme", **given)
        self.assertEqual(wrong, "", wrong)

    def related(self):
        """{company: its status} of some companies that accounts are related to, and of one that nobody knows."""
        records = self.all("object=Account", 100)
        companies = sorted({one["company"] for record in records for one in record["relations"]})[:20] + ["COMP-UNKNOWN"]
        told = self.ok(self.user.post(f"{INTEGRATION}/companies/status", {"companies": companies}))
        return {one["company"]: one["inCrm"] for one in told["companies"]}

    def test_companies_are_looked_up(self):
        wanted = self.related()
        self.assertIn("yes", wanted.values())
        self.flow("companies", wanted=wanted)

    def test_five_thousand_companies_keep_the_page_quick(self):
        self.flow("companies_many")

    def test_hostile_lists_and_records_are_shown_for_what_they_are(self):
        self.ok(self.user.post(f"{INTEGRATION}/relations", {"object": "Account", "record": self.hostile, "company": f"{TWINS[2]}-Bonn", "decision": "approved"}))
        self.flow("hostile", company=f"{TWINS[2]}-Bonn")

    def test_people_are_found_object_and_are_erased(self):
        contacts = set(self.world.ids("Contact"))
        self.flow("people", email=PERSON["Email"])
        self.assertEqual(set(self.world.ids("Contact")), contacts, "nothing is erased in the CRM")
        search = self.user.post("/v1/subjects/search", {"person": {"emails": [PERSON["Email"]]}})
        self.assertEqual((search.body["records"], search.body["marks"]), ([], {"objected": True, "erased": True}), search)

    def test_processing_is_told_on_paper_too(self):
        self.flow("facts")

    def test_relations_are_decided_by_keyboard_and_taken_back(self):
        first, second = self.ok(self.user.get(f"{INTEGRATION}/relations/suggested"))["suggestions"][:2]
        self.flow("relations", other=f"{TWINS[0]}-Bonn")
        for one, decision in ((first, "approved"), (second, "withdrawn")):
            record = self.ok(self.user.get(f"{INTEGRATION}/records/{one['record']['object']}/{one['record']['id']}"))
            self.assertIn((one["company"], decision), [(made["company"], made["decision"]) for made in record["decisions"]], record)


if __name__ == "__main__":
    import unittest

    unittest.main()
