"""Creating in a HubSpot account, through the deployed template: with a basis, in its place, and once, whatever answer is lost."""

import unittest

from hubspot_world import INTEGRATION, HubSpotApiWorld
from test_create import EMAIL, assessment

import hubspot

CREATIONS = f"{INTEGRATION}/creations"
OWN_ID = "abgleich_id"
CONTACT = {
    "object": "Contact", "purpose": "outreach", "fields": {"firstname": "Anna", "lastname": "Muster", "email": EMAIL},
}


class WritingWorld(HubSpotApiWorld):
    def app(self):
        return super().app() | {"HubSpotScopes": f"{hubspot.WRITING} crm.objects.leads.write", "HubSpotExternalIdProperty": OWN_ID}


class Creating(unittest.TestCase):
    def setUp(self):
        few = {"accounts": 5, "contacts": 30, "leads": 2, "tasks": 2, "opportunities": 2}
        self.world = WritingWorld("hs-create", sizes=few)
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.world.strings |= {EMAIL, "Anna Muster"}
        self.crm = self.world.organisation()
        # An administrator made a property of ours for companies, and none for deals.
        self.crm.control("add_property", object="companies", name=OWN_ID, traits=["unique"])
        self.client = self.world.client()
        self.assertEqual(self.world.connect(self.client).status, 201)

    def create(self, key, body=CONTACT):
        return self.client.post(CREATIONS, body, idempotency_key=key)

    def lose(self, kind):
        match = {"method": "POST", "path": f"/crm/objects/2026-03/{self.crm.name(kind)}"}
        self.crm.control("add_fault", match=match, fault={"kind": "answer_lost"})

    def new(self, kind, before):
        """The ids that came since."""
        return set(self.world.ids(kind)) - before

    def test_a_person_with_a_basis_is_made_once_and_linked_and_what_hubspot_has_already_is_named(self):
        before, company = set(self.world.ids("Contact")), self.world.ids("Account")[0]
        linked = CONTACT | {"links": [{"object": "Account", "id": company}]}
        with self.subTest("without a basis"):
            refused = self.create("key-1", linked)
            self.assertEqual((refused.status, refused.body["outcome"]["missing"]), (403, ["basis"]), refused)
        self.assertEqual(self.client.post("/v1/assessments", assessment()).status, 201)
        with self.subTest("created, with its company and its basis"):
            created = self.create("key-1", linked)
            self.assertEqual((created.status, created.body["outcome"], created.body["basis"]), (201, "created", "written"), created)
            [contact] = self.new("Contact", before)
            self.assertEqual(created.body["id"], contact)
            made = self.crm.get("Contact", contact)
            self.assertEqual((made["associatedcompanyid"], made["hs_legal_basis"]), (company, "Legitimate interest - other"), made)
            self.assertIn(contact, self.world.held_ids("Contact"))
        with self.subTest("the same call again"):
            self.assertEqual(self.create("key-1", linked).body, created.body)
            self.assertEqual(len(self.new("Contact", before)), 1)
        with self.subTest("a person whom a user made meanwhile: HubSpot names the record"):
            person = {"emails": ["bert.beispiel@werk-zwei.example"], "name": "Bert Beispiel"}
            self.world.strings |= {"bert.beispiel@werk-zwei.example", "Bert Beispiel"}
            there = self.crm.create("Contact", firstname="Bert", lastname="Beispiel", email=person["emails"][0])
            self.assertEqual(self.client.post("/v1/assessments", assessment(person=person)).status, 201)
            fields = {"firstname": "Bert", "lastname": "Beispiel", "email": person["emails"][0]}
            refused = self.create("key-2", CONTACT | {"fields": fields})
            outcome = refused.body["outcome"]
            self.assertEqual((refused.status, outcome["crm"], outcome["maySave"]), (409, [there], False), refused)
        with self.subTest("a lead needs somebody whom it is about"):
            refused = self.create("key-3", {"object": "Lead", "fields": {"hs_lead_name": "Kräne"}})
            self.assertEqual((refused.status, refused.body["field"]), (422, "/links"), refused)
            self.assertEqual(len(self.world.ids("Lead")), 2)
        with self.subTest("against an objection"):
            self.assertEqual(self.client.post("/v1/objections", {"person": {"emails": [EMAIL]}}).status, 201)
            blocked = self.create("key-4", CONTACT | {"allowDuplicate": True})
            self.assertEqual((blocked.status, blocked.body["outcome"]["missing"]), (403, ["objection"]), blocked)

    def preview(self, *records):
        answer = self.client.post(f"{CREATIONS}/preview", {"records": list(records)})
        self.assertEqual(answer.status, 200, answer)
        return answer.body["records"]

    def test_a_preview_says_whether_an_address_is_taken_and_who_opted_out(self):
        self.assertEqual(self.client.post("/v1/assessments", assessment()).status, 201)
        call = {"object": "Task", "purpose": "outreach", "fields": {"hs_timestamp": "2026-12-01T09:00:00Z"}}
        with self.subTest("nobody has the address"):
            [seen] = self.preview(CONTACT)
            self.assertEqual((seen["crm"], seen["wouldCreate"], seen["optedOut"]), ({"verdict": "no_duplicate"}, True, []), seen)
        # No user can set it: the contact's own click does.
        silent = next(one for one in self.world.ids("Contact") if self.crm.get("Contact", one).get("hs_email_optout") == "true")
        with self.subTest("a user made her meanwhile, and the person to be called wants no e-mail"):
            there = self.crm.create("Contact", firstname="Anna", lastname="Muster", email=EMAIL)
            seen, task, deal = self.preview(
                CONTACT, call | {"links": [{"object": "Contact", "id": silent}]},
                {"object": "Opportunity", "fields": {"dealname": "Kräne", "dealstage": "appointmentscheduled", "pipeline": "default"}},
            )
            self.assertEqual((seen["crm"], seen["wouldCreate"]), ({"verdict": "duplicate", "of": [there], "maySave": False}, False), seen)
            self.assertEqual(task["optedOut"], [{"object": "Contact", "id": silent, "optOut": ["email"]}], task)
            self.assertEqual(deal["crm"], {"verdict": "unknown", "code": "hubspot.nothing_unique"}, deal)
        with self.subTest("in the copy each record says so"):
            self.world.sync()
            told = [self.client.get(f"{INTEGRATION}/records/Contact/{one}").body["record"]["optOut"] for one in (silent, there)]
            self.assertEqual(told, [["email"], []])

    def test_what_hubspot_cannot_take_is_refused_by_its_name_and_nothing_is_sent(self):
        before = {kind: self.world.ids(kind) for kind in ("Account", "Contact", "Lead", "Opportunity")}
        company = lambda **fields: {"object": "Account", "fields": {"name": "Werk Drei GmbH"} | fields}
        deal = {"object": "Opportunity", "fields": {"dealname": "Kräne", "dealstage": "appointmentscheduled", "pipeline": "default"}}
        contact = CONTACT | {"fields": CONTACT["fields"] | {"associatedcompanyid": before["Account"][0]}}
        for name, body, field in (
            ("an unknown property", company(nme="x"), "/fields/nme"),
            ("a value that is no option", company(industry="Machinery"), "/fields/industry"),
            ("a value of 65,537 characters", company(description="x" * 65_537), "/fields/description"),
            ("an id that is no digits", deal | {"links": [{"object": "Account", "id": "12a"}]}, "/links/0"),
            ("a lead without a parent", {"object": "Lead", "fields": {"hs_lead_name": "Kräne"}}, "/links"),
            ("a property that a link sets", contact, "/fields/associatedcompanyid"),
        ):
            with self.subTest(name):
                refused = self.create("key-1", body)
                self.assertEqual((refused.status, refused.body.get("field")), (422, field), refused)
        self.assertEqual({kind: self.world.ids(kind) for kind in before}, before)

    def test_a_lost_answer_makes_one_record_or_says_that_this_cannot_be_known_yet(self):
        with self.subTest("found at once by our own id"):
            before = set(self.world.ids("Account"))
            self.lose("Account")
            body = {"object": "Account", "fields": {"name": "Werk Zwei GmbH"}}
            lost = self.create("key-1", body)
            self.assertEqual((lost.status, lost.body["outcome"]), (201, "created"), lost)
            self.assertEqual(self.create("key-1", body).body["id"], lost.body["id"])
            self.assertEqual(self.new("Account", before), {lost.body["id"]})
        with self.subTest("a person is found by the address, and is made once"):
            before = set(self.world.ids("Contact"))
            self.assertEqual(self.client.post("/v1/assessments", assessment()).status, 201)
            self.lose("Contact")
            lost = self.create("key-0")
            self.assertEqual((lost.status, lost.body["outcome"]), (201, "created"), lost)
            self.assertEqual(self.create("key-0").body["id"], lost.body["id"])
            self.assertEqual(self.new("Contact", before), {lost.body["id"]})
        with self.subTest("without an id of ours the index has to catch up"):
            before = set(self.world.ids("Opportunity"))
            self.crm.control("set_index_lag", milliseconds=30 * 60 * 1000)
            self.lose("Opportunity")
            body = {"object": "Opportunity", "fields": {"dealname": "Kräne", "dealstage": "appointmentscheduled", "pipeline": "default"}}
            lost = self.create("key-2", body)
            self.assertEqual((lost.status, lost.body["outcome"]), (202, "unknown"), lost)
            self.assertEqual(self.create("key-2", body).body["outcome"], "unknown")
            self.assertEqual(len(self.new("Opportunity", before)), 1, "it was not sent again")
        with self.subTest("it has"):
            self.crm.settle()
            found = self.create("key-2", body)
            self.assertEqual((found.status, found.body["outcome"]), (201, "created"), found)
            self.assertEqual(self.new("Opportunity", before), {found.body["id"]})


if __name__ == "__main__":
    unittest.main()
