"""The copy through the API of the deployed template: records are shown, relations decided, people searched for and erased."""

import unittest

from api import INTEGRATION
from shown import Displayed
from world import OBJECTS, REGION, SIZES, until


class Shown(Displayed):
    name = "shown"
    parameters = {
        "Operator": "Werk GmbH; Weg 1, 50667 Köln", "OperatorRepresentative": "none",
        "ThirdCountryTransfers": "USA, Cloud Inc., standard contractual clauses",
    }

    def test_what_was_copied_is_shown_decided_and_erased(self):
        with self.subTest("each record once, and how fresh the copy is"):
            for name in OBJECTS:
                shown = self.all(f"object={name}")
                self.assertEqual(sorted(record["id"] for record in shown), sorted(self.world.ids(name)), name)
            page = self.ok(self.user.get(f"{INTEGRATION}/records?object=Account&limit=1"))
            fresh = {one["object"]: one for one in page["freshness"]}
            self.assertEqual({name: one["records"] for name, one in fresh.items()}, {name: SIZES[self.plural(name)] for name in OBJECTS})
            self.assertTrue(all(one["confirmed"] for one in fresh.values()), fresh)
        with self.subTest("filters hold"):
            open_ones = self.all("object=Opportunity&open=true")
            self.assertTrue(open_ones and all(record["open"] for record in open_ones))
            self.assertLess(len(open_ones), SIZES["opportunities"])
        child = next(record for record in self.all("object=Opportunity&open=true") if record["parent"])
        account = child["parent"]
        with self.subTest("a company that a user links counts what belongs to its record"):
            said = {"object": "Account", "record": account, "company": "our/own id", "decision": "approved"}
            self.assertEqual(self.ok(self.user.post(f"{INTEGRATION}/relations", said))["relations"][0]["status"], "approved")

            def status():
                [told] = self.ok(self.user.post(f"{INTEGRATION}/companies/status", {"companies": ["our/own id"]}))["companies"]
                return told

            until(lambda: status()["inCrm"] == "yes", "the index to know", 20)
            told, expected = status(), [r for r in open_ones if r["parent"] == account]
            self.assertEqual(told["openOpportunities"], len(expected))
            self.assertEqual(told["records"][0]["id"], account)
            picture = self.ok(self.user.get(f"{INTEGRATION}/companies?company=our%2Fown%20id"))
            self.assertIn(child["id"], [record["id"] for record in picture["records"][0]["children"]])
            self.synced()
            self.assertEqual(status()["inCrm"], "yes", "after a run, too")
            detail = self.ok(self.user.get(f"{INTEGRATION}/records/Account/{account}"))
            self.assertEqual(detail["decisions"][0]["decision"], "approved")
        person = next(record for record in self.all("object=Contact") if record["email"])
        with self.subTest("a person is found by an address, and by its domain"):
            for wanted in ({"email": person["email"].upper()}, {"domain": person["email"].rpartition("@")[2]}):
                found = self.ok(self.user.post(f"{INTEGRATION}/records/search", wanted))
                self.assertIn(person["id"], [record["id"] for record in found["records"]], wanted)
        asked = {"person": {"emails": [person["email"]]}}
        with self.subTest("erased, and kept away; the verdict accounts for it"):
            held = self.ok(self.user.post("/v1/subjects/search", asked))
            self.assertIn(person["id"], [record["id"] for record in held["records"] if record["isOwn"]])
            erased = self.ok(self.user.post("/v1/subjects/erasures", asked))
            self.assertIn(person["id"], [place["id"] for place in erased["erased"]])
            done = self.synced()
            self.assertEqual(done["Contact"]["verdict"], "verified")
            self.assertNotIn(person["id"], self.world.held_ids("Contact"))
            self.assertIn(person["id"], self.world.ids("Contact"))
            self.assertEqual(self.user.get(f"{INTEGRATION}/records/Contact/{person['id']}").status, 404)
        with self.subTest("and let back"):
            self.ok(self.user.post("/v1/subjects/erasures/lift", asked | {"records": erased["erased"]}))
            self.assertEqual(self.synced()["Contact"]["verdict"], "verified")
            self.assertIn(person["id"], self.world.held_ids("Contact"))
        with self.subTest("facts"):
            said = {"identity": {"status": "stated", "value": {"name": "Kunde AG", "contact": "Platz 2, Bonn"}}, "representative": {"status": "none"}}
            self.ok(self.user.put("/v1/facts/controller", said))
            record = self.ok(self.user.get("/v1/facts/processing"))
            self.assertEqual(record["integrations"][0]["status"], "connected")
            self.assertEqual(record["controller"], said | {"tenant": "acme", "dataProtectionOfficer": {"status": "not_stated"}})
            operator = {"name": "Werk GmbH", "contact": "Weg 1, 50667 Köln"}
            self.assertEqual(record["processor"], {"identity": {"status": "stated", "value": operator}, "representative": {"status": "none"}, "dataProtectionOfficer": {"status": "not_stated"}})
            self.assertEqual(record["transfers"]["value"], [{"country": "USA", "recipient": "Cloud Inc.", "safeguards": "standard contractual clauses"}])
            self.assertEqual((record["organisationalMeasures"], record["region"]), ({"status": "not_stated"}, REGION))
            self.assertEqual(self.ok(self.user.get("/v1/facts/controller")) | {"tenant": "acme"}, record["controller"])
            self.assertTrue(self.ok(self.user.get("/v1/facts/subprocessors"))["subprocessors"])
            self.assertTrue(self.ok(self.user.get("/v1/facts/retention"))["retention"])

    @staticmethod
    def plural(name):
        return "opportunities" if name == "Opportunity" else name.lower() + "s"


if __name__ == "__main__":
    unittest.main()
