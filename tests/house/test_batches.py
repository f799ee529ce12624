"""Batches, previews and duplicates, through the deployed template: up to 200 records in one request, each with its own outcome. The
CRM's own rules are asked, and their verdict is shown beside ours."""

import unittest

from api import INTEGRATION, ApiWorld
from test_create import EMAIL, assessment
from world import OBJECTS

CREATIONS = f"{INTEGRATION}/creations"
RULE = {"object": "Contact", "fields": ["Email"]}
DEAL = {"Name": "Kessel", "StageName": "Prospecting", "CloseDate": "2027-01-31"}


def account(name, **more):
    return {"object": "Account", "fields": {"Name": name} | more}


def contact(email=EMAIL, **more):
    return {"object": "Contact", "purpose": "outreach", "fields": {"LastName": "Muster", "Email": email} | more}


class Batches(unittest.TestCase):
    def setUp(self):
        self.world = ApiWorld("batches", sizes=dict.fromkeys(("accounts", "contacts", "leads", "tasks", "opportunities"), 5))
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.world.strings |= {EMAIL}
        self.client = self.world.client()
        self.assertEqual(self.world.connect(self.client).status, 201)
        self.organisation = self.world.organisation()

    def ids(self, name="Account"):
        return set(self.world.ids(name))

    def ok(self, answer, status=200):
        self.assertEqual(answer.status, status, answer)
        return answer.body

    def batch(self, key, *records, **more):
        return self.ok(self.client.post(f"{CREATIONS}/batch", {"records": list(records)} | more, idempotency_key=key))["records"]

    def preview(self, *records, **more):
        return self.ok(self.client.post(f"{CREATIONS}/preview", {"records": list(records)} | more))["records"]

    def test_up_to_200_records_each_with_its_own_outcome(self):
        with self.subTest("200"):
            before = self.ids()
            told = self.batch("full", *(account(f"Werk {n} GmbH") for n in range(200)))
            self.assertEqual({(one["outcome"], one["inCopy"]) for one in told}, {("created", True)})
            self.assertEqual({one["id"] for one in told}, self.ids() - before)
            self.assertLessEqual(self.ids() - before, set(self.world.held_ids("Account")))
        with self.subTest("201, or none"):
            for n in (201, 0):
                for path, key in (("batch", {"idempotency_key": f"not-{n}"}), ("preview", {})):
                    refused = self.client.post(f"{CREATIONS}/{path}", {"records": [account("Zuviel GmbH")] * n}, **key)
                    self.assertEqual((refused.status, refused.body["field"]), (422, "/records"), refused)
            self.assertEqual(len(self.ids() - before), 200)
        with self.subTest("one of each kind, and one of each way to fail"):
            self.ok(self.client.post("/v1/assessments", assessment()), 201)
            [parent] = [one["id"] for one in self.batch("parent", account("Muster Werke GmbH"))]
            records = [
                account("Vieles GmbH"), contact(AccountId=parent), {"object": "Opportunity", "fields": DEAL | {"AccountId": parent}},
                {"object": "Task", "fields": {"Subject": "call", "WhatId": parent}},
                {"object": "Lead", "purpose": "outreach", "fields": {"LastName": "Muster", "Company": "Werk", "Email": EMAIL}},
                account("", Nme="x"), contact("nobody@knows.example"), {"object": "Account", "company": "no-such-company"},
            ]
            before = {name: self.ids(name) for name in OBJECTS}
            told = self.batch("mixed", *records)
            outcomes = [one["outcome"] for one in told]
            self.assertEqual(outcomes, ["created"] * 5 + ["unfit", "not_cleared", "unknown_company"], told)
            for name, made in zip(("Account", "Contact", "Opportunity", "Task", "Lead"), told):
                self.assertEqual(self.ids(name) - before[name], {made["id"]}, name)
                self.assertIn(made["id"], self.world.held_ids(name))
            self.assertEqual((told[5]["missing"], told[5]["refused"]), (["Name"], [{"field": "Nme", "problem": "unknown"}]))
            self.assertEqual(self.batch("mixed", *records), told)
            self.assertEqual(self.ok(self.client.get(CREATIONS, idempotency_key="mixed"))["records"], told)
            self.assertEqual(self.ids() - before["Account"], {told[0]["id"]})

    def test_a_preview_says_what_is_required_and_what_would_be_sent(self):
        before, empty = {name: self.ids(name) for name in OBJECTS}, [{"object": name, "fields": {}} for name in OBJECTS]
        self.assertEqual(
            {one["object"]: one["missingFields"] for one in self.preview(*empty)},
            {"Account": ["Name"], "Contact": ["LastName"], "Lead": ["Company", "LastName"], "Task": [], "Opportunity": ["CloseDate", "Name", "StageName"]},
        )
        [fine, odd] = self.preview(account("Vorschau GmbH", Website="vorschau.example"), account("x", NumberOfEmployees="many", Nme=1, BillingCity="x" * 41))
        self.assertEqual((fine["fields"], fine["crm"], fine["wouldCreate"]), ({"Name": "Vorschau GmbH", "Website": "vorschau.example"}, {"verdict": "fine"}, True))
        problems = {(one["field"], one["problem"]) for one in odd["refusedFields"]}
        self.assertEqual(problems, {("NumberOfEmployees", "wrong_type"), ("Nme", "unknown"), ("BillingCity", "too_long")})
        self.assertEqual((odd["crm"], odd["wouldCreate"]), (None, False))
        self.assertEqual({name: self.ids(name) for name in OBJECTS}, before)

    def test_the_crms_own_rules_are_asked_and_their_verdict_stands_beside_ours(self):
        self.ok(self.client.post("/v1/assessments", assessment()), 201)
        there = self.organisation.control("create", object="Contact", fields={"LastName": "Muster", "Email": EMAIL})["id"]
        self.organisation.control("duplicate_rules", rules=[RULE | {"block": False}])
        before = self.ids("Contact")

        def create(key, **more):
            return self.client.post(CREATIONS, contact() | more, idempotency_key=key)

        with self.subTest("the copy does not have it yet: only the CRM's rule sees it"):
            theirs = {"verdict": "duplicate", "of": [there], "maySave": True}
            [told] = self.preview(contact())
            self.assertEqual((told["duplicates"], told["crm"], told["wouldCreate"]), ([], theirs, False))
            refused = create("dup-1")
            self.assertEqual((refused.status, refused.body["type"]), (409, "urn:abgleich:problem:duplicate"), refused)
            self.assertEqual(refused.body["outcome"], {"outcome": "duplicate", "ours": [], "crm": [there], "maySave": True})
            self.assertEqual(self.ids("Contact"), before)
        with self.subTest("allowed: the CRM is asked to save"):
            [told] = self.preview(contact(), allowDuplicate=True)
            self.assertEqual((told["crm"], told["wouldCreate"]), ({"verdict": "fine"}, True))
            made = create("dup-1", allowDuplicate=True)
            self.assertEqual((made.status, self.ids("Contact") - before), (201, {made.body["id"]}), made)
        with self.subTest("both see it"):
            refused = create("dup-2").body["outcome"]
            self.assertEqual((refused["ours"], sorted(refused["crm"])), ([{"object": "Contact", "id": made.body["id"]}], sorted([there, made.body["id"]])))
        with self.subTest("a rule that blocks is not overridden"):
            self.organisation.control("duplicate_rules", rules=[RULE | {"block": True}])
            before = self.ids("Contact")
            refused = create("dup-3", allowDuplicate=True)
            self.assertEqual((refused.status, refused.body["outcome"]["maySave"]), (409, False), refused)
            self.assertEqual(self.ids("Contact"), before)

    def test_what_cannot_be_known_is_said_and_asked_for_by_the_same_key(self):
        lost = {"method": "POST", "path": "/composite/sobjects"}
        for name, fault, made in (("Angekommen", "answer_lost", 1), ("Nie da", "reset", 0)):
            with self.subTest(name):
                before, n_sent = self.ids(), self.sent()
                self.organisation.control("add_fault", match=lost, fault={"kind": fault})
                # It cannot be looked up either.
                self.organisation.control("add_fault", match={"method": "GET", "path": "/query"}, times=0, fault={"kind": "error", "status": 503, "code": "SERVER_UNAVAILABLE"})
                told = self.client.post(CREATIONS, account(f"{name} GmbH"), idempotency_key=name.split()[0])
                self.assertEqual((told.status, told.body["outcome"]), (202, "unknown"), told)
                self.assertEqual(len(self.ids() - before), made)
                self.organisation.control("clear_faults")
                key = {"idempotency_key": name.split()[0]}
                [looked] = self.ok(self.client.get(CREATIONS, **key))["records"]
                again = self.client.post(CREATIONS, account(f"{name} GmbH"), **key)
                if made:
                    self.assertEqual(self.ids() - before, {looked["id"]})
                    self.assertEqual((again.status, again.body["id"]), (201, looked["id"]), again)
                else:
                    # The request may still be on its way. As long as that is possible, nothing is sent again.
                    self.assertEqual((looked["outcome"], again.status), ("unknown", 202), again)
                self.assertEqual(len(self.ids() - before), made)
                self.assertEqual(self.sent() - n_sent, 1)

    def sent(self):
        """The number of requests that asked the CRM to make records."""
        requests = self.organisation.control("requests")["requests"]
        return sum(one["count"] for one in requests if one["method"] == "POST" and one["template"].endswith("/composite/sobjects"))


if __name__ == "__main__":
    unittest.main()
