"""The console's pages about companies, relations, people and processing, in a real browser on the deployed template."""

import sys
from pathlib import Path

from api import INTEGRATION
from shown import TWINS, Displayed

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

import browser

HOSTILE = "\u202Egnp.<img src=x onerror=alert(1)>" + "A" * 200
PERSON = {"FirstName": "Petra", "LastName": "Seitenprobe", "Email": "petra@seitenprobe.example"}
# Whom only the test by keyboard is about.
TYPED = {"FirstName": "Tilda", "LastName": "Tastprobe", "Email": "tilda@tastprobe.example"}
SILENT = {"FirstName": "Stella", "LastName": "Stillprobe", "Email": "stella@stillprobe.example", "HasOptedOutOfEmail": True}


class ConsolePages(Displayed):
    name, companies = "console-pages", 300

    @classmethod
    def setUpClass(cls):
        """One house for all tests. Each of them finds out what it needs to know, so that they may come in any order."""
        cls.house = cls("test_companies_are_looked_up")
        cls.addClassCleanup(cls.end)
        Displayed.setUp(cls.house)
        cls.hostile = cls.house.create("Account", Name=HOSTILE)
        people = {person["Email"]: cls.house.create("Contact", **person) for person in (PERSON, TYPED, SILENT)}
        cls.silent = people[SILENT["Email"]]
        cls.house.synced()
        cls.house.world.strings |= set(people)
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

    def approve(self, object_, record, company):
        self.ok(self.user.post(f"{INTEGRATION}/relations", {"object": object_, "record": record, "company": company, "decision": "approved"}))

    def test_companies_are_looked_up(self):
        company = f"{TWINS[1]}-Bonn"
        self.approve("Contact", self.silent, company)
        wanted = self.related() | {company: "yes"}
        self.flow("companies", wanted=wanted, optedOut=company)

    def test_five_thousand_companies_keep_the_page_quick(self):
        self.flow("companies_many")

    def test_hostile_lists_and_records_are_shown_for_what_they_are(self):
        self.approve("Account", self.hostile, f"{TWINS[2]}-Bonn")
        self.flow("hostile", company=f"{TWINS[2]}-Bonn")

    def test_people_are_found_object_and_are_erased(self):
        contacts = set(self.world.ids("Contact"))
        self.flow("people", email=PERSON["Email"])
        self.assertEqual(set(self.world.ids("Contact")), contacts, "nothing is erased in the CRM")
        search = self.user.post("/v1/subjects/search", {"person": {"emails": [PERSON["Email"]]}})
        self.assertEqual((search.body["records"], search.body["marks"]), ([], {"objected": True, "erased": True}), search)

    def test_a_person_has_rights_by_keyboard_alone(self):
        self.flow("people_keyboard", email=TYPED["Email"])

    def test_processing_is_told_on_paper_too(self):
        self.flow("facts")

    def test_an_administrator_states_who_the_tenant_is(self):
        self.flow("facts_stated", who="Musterwerk Aktiengesellschaft")
        stated = self.ok(self.user.get("/v1/facts/controller"))
        self.assertEqual(stated["identity"]["value"]["name"], "Musterwerk Aktiengesellschaft", stated)
        self.assertEqual((stated["representative"], stated["dataProtectionOfficer"]), ({"status": "none"}, {"status": "not_stated"}), stated)

    def test_columns_of_a_company_fill_fields_of_a_new_record(self):
        self.flow("company_fields", company=f"{TWINS[0]}-Bonn", city="Bonn", label="VAT ID")
        settings = self.ok(self.user.get(f"{INTEGRATION}/settings"))
        self.assertEqual(settings["companyFields"], {"Account": {"VAT_ID__c": "city", "Website": None}}, settings)

    def test_pictures_for_people_who_read_about_it_are_taken(self):
        self.flow("pictures")

    def test_relations_are_decided_by_keyboard_and_taken_back(self):
        first, second = self.ok(self.user.get(f"{INTEGRATION}/relations/suggested"))["suggestions"][:2]
        [entry] = self.ok(self.user.post("/v1/companies/search", {"companies": [first["company"]]}))["companies"]
        values = {name: entry[name] for name in ("name", "street", "zip", "city") if entry[name]}
        record = {name: first["record"][name] for name in ("company", "street", "zip", "city") if first["record"][name]}
        self.assertIn("name", values)
        different = [one["field"] for one in first["evidence"] if one["agreement"] == "different" and one["field"] != "rivals"]
        self.flow("relations", other=f"{TWINS[0]}-Bonn", values=values, record=record, different=len(different))
        for one, decision in ((first, "approved"), (second, "withdrawn")):
            record = self.ok(self.user.get(f"{INTEGRATION}/records/{one['record']['object']}/{one['record']['id']}"))
            self.assertIn((one["company"], decision), [(made["company"], made["decision"]) for made in record["decisions"]], record)


if __name__ == "__main__":
    import unittest

    unittest.main()
