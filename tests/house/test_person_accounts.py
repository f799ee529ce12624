"""Person accounts, through the deployed template: objections, erasures and searches concern them as they concern contacts."""

import unittest

from api import INTEGRATION, ApiWorld
from shown import Displayed
from test_create import assessment

CREATIONS = f"{INTEGRATION}/creations"
N_PEOPLE = 6


class PeopleWorld(ApiWorld):
    crm = ("--person-accounts",)

    def __init__(self, name, **parameters):
        super().__init__(name, sizes={"person-accounts": N_PEOPLE}, **parameters)


class PersonAccounts(Displayed):
    name, world_of = "people", PeopleWorld

    def place(self, person):
        return f"{INTEGRATION}/records/Account/{person['id']}"

    def shown(self, person):
        """The ways in which an account is shown."""
        ways = {
            "by object": self.all("object=Account", 100),
            "by e-mail address": self.search(email=person["email"].upper()),
        }
        found = {way for way, records in ways.items() if person["id"] in [record["id"] for record in records]}
        contact = self.contacts[person["id"]]
        if contact in [record["id"] for record in self.all("object=Contact", 100)]:
            found.add("contact")
        return found | ({"record"} if self.user.get(self.place(person)).status == 200 else set())

    def held(self, wanted):
        """The ids of the records about a person: their own records, and those that name them."""
        told = self.ok(self.user.post("/v1/subjects/search", {"person": wanted}))
        ids = {own: {record["id"] for record in told["records"] if record["isOwn"] is own} for own in (True, False)}
        return ids[True], ids[False]

    def test_an_objection_an_erasure_and_a_search_of_a_person_account(self):
        accounts = self.all("object=Account", 100)
        people = [account for account in accounts if self.fields(account).get("IsPersonAccount")]
        self.assertEqual(len(people), N_PEOPLE)
        self.contacts = {account["id"]: self.fields(account)["PersonContactId"] for account in people}
        person, other = people[:2]
        fields = self.fields(person)
        task = self.create("Task", Subject="offer", WhatId=person["id"])
        reached = {
            "address": {"emails": [fields["PersonEmail"]]},
            "address in a field of the organisation's own": {"emails": [fields["Private_Email__pc"]]},
            "number": {"phones": [fields["PersonMobilePhone"]]},
            "number of an assistant": {"phones": [fields["PersonAssistantPhone"]]},
        }
        everywhere = {"by object", "by e-mail address", "contact", "record"}
        self.assertEqual((self.shown(person), self.shown(other)), (everywhere, everywhere))
        self.synced()
        for by, wanted in reached.items():
            with self.subTest(f"an objection by the {by}"):
                own, _ = self.held(wanted)
                self.assertIn(person["id"], own)
                self.ok(self.user.post("/v1/objections", {"person": wanted}), 201)
                self.assertEqual(self.shown(person), set())
                withheld = self.user.get(self.place(person))
                self.assertEqual(withheld.body["type"], "urn:abgleich:problem:record-withheld")
                self.assertEqual(self.user.get(f"{INTEGRATION}/records/Task/{task}").status, 200, "a task stays")
                self.ok(self.user.post("/v1/objections/withdrawal", {"person": wanted}))
                self.assertEqual(self.shown(person), everywhere)
        with self.subTest("a search by name"):
            own, _ = self.held({"name": f"{fields['LastName']}, {fields['FirstName']}"})
            self.assertEqual(own, {person["id"], fields["PersonContactId"]})
        with self.subTest("a record that points at the account needs the person's clearance"):
            company = next(account for account in accounts if account not in people)
            task = {"object": "Task", "purpose": "outreach", "fields": {"Subject": "call", "WhatId": person["id"]}}
            refused = self.user.post(CREATIONS, task, idempotency_key="call-1")
            self.assertEqual((refused.status, refused.body["outcome"]["missing"]), (403, ["basis"]), refused)
            task["fields"]["WhatId"] = company["id"]
            self.ok(self.user.post(CREATIONS, task, idempotency_key="call-2"), 201)
        with self.subTest("a person account that is to be made"):
            made = {"LastName": "Anders", "PersonMobilePhone": fields["PersonMobilePhone"]}
            body = {"object": "Account", "purpose": "outreach", "fields": made}
            refused = self.user.post(CREATIONS, body, idempotency_key="account-1")
            self.assertEqual((refused.status, refused.body["outcome"]["missing"]), (403, ["basis"]), refused)
            self.ok(self.user.post("/v1/assessments", assessment(person={"phones": [made["PersonMobilePhone"]]})), 201)
            self.ok(self.user.post("/v1/objections", {"person": reached["number"]}), 201)
            refused = self.user.post(CREATIONS, body, idempotency_key="account-1")
            self.assertEqual((refused.status, refused.body["outcome"]["missing"]), (403, ["objection"]), refused)
            self.ok(self.user.post("/v1/objections/withdrawal", {"person": reached["number"]}))
            self.ok(self.user.post(CREATIONS, body, idempotency_key="account-1"), 201)
        erased = {"person": reached["address in a field of the organisation's own"]}
        told = self.ok(self.user.post("/v1/subjects/erasures", erased))
        places = {(place["object"], place["id"]) for place in told["erased"]}
        self.assertIn(("Account", person["id"]), places)
        self.assertIn(("Contact", fields["PersonContactId"]), places, "Salesforce's own contact of the account goes with it")
        for state in ("erased", "changed in the CRM"):
            with self.subTest(state):
                self.assertEqual((self.shown(person), self.shown(other)), (set(), everywhere))
                self.assertNotIn(person["id"], self.world.held_ids("Account"))
                self.assertNotIn(fields["PersonContactId"], self.world.held_ids("Contact"))
                self.assertEqual(self.held(erased["person"])[0], set())
            self.world.organisation().control("edit", object="Account", id=person["id"], fields={"PersonTitle": "Werkleiterin"})
            self.assertEqual(self.synced()["Account"]["verdict"], "verified")
        with self.subTest("lifted"):
            self.ok(self.user.post("/v1/subjects/erasures/lift", erased | {"records": told["erased"]}))
            self.assertEqual(self.synced()["Account"]["verdict"], "verified")
            self.assertEqual(self.shown(person), everywhere)

    def fields(self, record):
        return self.ok(self.user.get(f"{INTEGRATION}/records/Account/{record['id']}"))["record"]["fields"]


if __name__ == "__main__":
    unittest.main()
