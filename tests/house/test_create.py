"""Creating in a customer's CRM, through the deployed template: without a legal basis no record is made, and one key makes one record."""

import unittest

from api import INTEGRATION, ApiWorld

CREATIONS = f"{INTEGRATION}/creations"
EMAIL = "anna.muster@werk-eins.example"
PERSON = {"emails": [EMAIL], "name": "Anna Muster", "company": "Werk Eins GmbH"}
CONTACT = {
    "object": "Contact", "purpose": "outreach",
    "fields": {"FirstName": "Anna", "LastName": "Muster", "Email": EMAIL},
}
REASONS = (
    "interest", "whoseInterest", "benefit", "legality", "necessity", "alternatives", "relationship", "expectation", "sensitivity",
    "impact", "optOut",
)


def assessment(outcome="interest_prevails", person=None):
    reasons = {name: f"a reason for {name}" for name in REASONS}
    return {
        "person": person or PERSON, "purpose": "outreach", "source": "the company's imprint", "reviewer": "data protection officer",
        "assessed": "2026-01-01", "reviewDate": "2036-01-01",
        "basis": reasons | {"kind": "legitimate_interest", "vulnerable": False, "safeguards": ["sealed"], "outcome": outcome},
    }


class PrivateWorld(ApiWorld):
    crm = ("--privacy",)


class Creating(unittest.TestCase):
    def setUp(self):
        few = {"accounts": 5, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}
        self.world = PrivateWorld("create", sizes=few)
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.world.strings |= {EMAIL, "Anna Muster"}
        self.client = self.world.client()
        self.assertEqual(self.world.connect(self.client).status, 201)

    def create(self, key, body=CONTACT):
        return self.client.post(CREATIONS, body, idempotency_key=key)

    def contacts(self):
        return set(self.world.ids("Contact"))

    def bases(self):
        organisation = self.world.organisation()
        ids = self.world.ids("DataUseLegalBasis")
        return [organisation.control("get", object="DataUseLegalBasis", id=one)["fields"] for one in ids]

    def test_a_basis_then_one_record_whatever_is_lost_and_none_against_an_objection(self):
        before = self.contacts()
        with self.subTest("without a basis"):
            refused = self.create("key-1")
            self.assertEqual((refused.status, refused.body["type"]), (403, "urn:abgleich:problem:not-cleared"), refused)
            self.assertEqual(refused.body["outcome"]["missing"], ["basis"])
            self.assertEqual(self.contacts(), before)
        with self.subTest("an assessment that came out against it"):
            self.assertEqual(self.client.post("/v1/assessments", assessment("person_prevails")).status, 201)
            self.assertEqual(self.create("key-1").body["outcome"]["missing"], ["balancing_outcome"])
        with self.subTest("assessed"):
            filed = self.client.post("/v1/assessments", assessment())
            self.assertEqual((filed.status, filed.body["number"]), (201, 2), filed)
            self.assertEqual(self.client.get("/v1/assessments/2").body, filed.body)
            found = self.client.post("/v1/assessments/search", {"person": {"emails": [EMAIL.upper()]}})
            self.assertEqual([one["number"] for one in found.body["assessments"]], [1, 2], found)
            chain = self.client.get(f"/v1/assessment-chain?number=2&hash={filed.body['hash']}")
            self.assertEqual(chain.body, {"entries": 2, "head": filed.body["hash"], "broken": None, "kept": True}, chain)
        with self.subTest("a form learns the fields, with the labels of the CRM's users"):
            fields = self.client.get(f"{INTEGRATION}/fields?object=Contact")
            self.assertEqual(fields.status, 200, fields)
            told = {field["name"]: field for field in fields.body["fields"]}
            self.assertEqual(told["LastName"], {"name": "LastName", "label": "LastName", "settable": True, "required": True}, fields)
            self.assertFalse(told["Id"]["settable"])
        with self.subTest("previewed: nothing is kept"):
            preview = self.client.post(f"{CREATIONS}/preview", {"records": [CONTACT, {"object": "Account", "fields": {"Nme": "x"}}]})
            self.assertEqual(preview.status, 200, preview)
            contact, account = preview.body["records"]
            self.assertEqual((contact["wouldCreate"], contact["crm"]), (True, {"verdict": "fine"}), preview)
            self.assertEqual((account["wouldCreate"], account["missingFields"]), (False, ["Name"]), preview)
            self.assertEqual(self.contacts(), before)
        with self.subTest("created"):
            created = self.create("key-1")
            self.assertEqual((created.status, created.body["outcome"]), (201, "created"), created)
            self.assertTrue(created.body["inCopy"], created)
            self.assertEqual(self.contacts() - before, {created.body["id"]})
            self.assertIn(created.body["id"], self.world.held_ids("Contact"))
        with self.subTest("the basis is beside it, once"):
            self.assertEqual(created.body["basis"], "written", created)
            [basis] = self.bases()
            self.assertEqual(basis["Source"], f"abgleich:Contact:{created.body['id']}:2", basis)
            self.assertEqual(basis["Description"], "legitimate_interest; outreach; assessment 2; until 2036-01-01")
        with self.subTest("the same call again"):
            self.assertEqual(self.create("key-1").body, created.body)
            other = CONTACT | {"fields": CONTACT["fields"] | {"FirstName": "Anne"}}
            self.assertEqual(self.create("key-1", other).body["type"], "urn:abgleich:problem:create-key-reused")
            self.assertEqual(self.client.get(CREATIONS, idempotency_key="key-1").body["records"], [created.body])
            self.assertEqual(len(self.contacts() - before), 1)
        with self.subTest("another call: it is there already"):
            duplicate = self.create("key-2")
            self.assertEqual((duplicate.status, duplicate.body["type"]), (409, "urn:abgleich:problem:duplicate"), duplicate)
            ours = [{"object": "Contact", "id": created.body["id"]}]
            self.assertEqual(duplicate.body["outcome"]["ours"], ours)
        with self.subTest("the answer of the CRM is lost"):
            match = {"method": "POST", "path": "/composite/sobjects"}
            self.world.organisation().control("add_fault", match=match, fault={"kind": "answer_lost"})
            account = {"object": "Account", "fields": {"Name": "Werk Zwei GmbH"}}
            accounts = set(self.world.ids("Account"))
            lost = self.create("key-3", account)
            self.assertEqual((lost.status, lost.body["outcome"]), (201, "created"), lost)
            self.assertEqual(self.create("key-3", account).body["id"], lost.body["id"])
            self.assertEqual(set(self.world.ids("Account")) - accounts, {lost.body["id"]})
        with self.subTest("the answer to a batch is lost, some of whose records are the same in every field"):
            self.world.organisation().control("add_fault", match=match, fault={"kind": "answer_lost"})
            branches = {"records": [{"object": "Account", "fields": {"Name": name}} for name in ("Kette GmbH", "Kette GmbH", "Einzeln GmbH", "Kette GmbH")]}
            accounts = set(self.world.ids("Account"))
            lost = self.client.post(f"{CREATIONS}/batch", branches, idempotency_key="key-3-branches")
            self.assertEqual([one["outcome"] for one in lost.body["records"]], ["created"] * 4, lost)
            self.assertEqual({one["id"] for one in lost.body["records"]}, set(self.world.ids("Account")) - accounts)
            self.assertEqual(len(set(self.world.ids("Account")) - accounts), 4)
            again = self.client.post(f"{CREATIONS}/batch", branches, idempotency_key="key-3-branches")
            self.assertEqual(again.body, lost.body)
        with self.subTest("the answer about the basis is lost, or it cannot be noted now: the record is there all the same"):
            email = "ben.beispiel@werk-drei.example"
            self.assertEqual(self.client.post("/v1/assessments", assessment(person={"emails": [email]})).status, 201)
            before, n_bases = self.contacts(), len(self.bases())
            for n, (fault, first) in enumerate((
                ({"kind": "answer_lost"}, "written"),
                ({"kind": "error", "status": 503, "code": "SERVER_UNAVAILABLE"}, "not_yet"),
            ), 1):
                # The first such request makes the record, the second one notes the legal basis.
                self.world.organisation().control("add_fault", match=match | {"nth": 2}, fault=fault)
                ben = CONTACT | {"fields": {"LastName": f"Beispiel {n}", "Email": email}, "allowDuplicate": True}
                created_ben = self.create(f"key-3-{n}", ben)
                self.assertEqual((created_ben.status, created_ben.body["basis"]), (201, first), created_ben)
                again = self.create(f"key-3-{n}", ben)
                self.assertEqual((again.body["id"], again.body["basis"]), (created_ben.body["id"], "written"), again)
                self.assertEqual((len(self.contacts() - before), len(self.bases()) - n_bases), (n, n))
        with self.subTest("a batch"):
            records = [{"object": "Account", "fields": {"Name": f"Firma {n} GmbH"}} for n in range(30)]
            batch = self.client.post(f"{CREATIONS}/batch", {"records": [*records, CONTACT]}, idempotency_key="key-4")
            self.assertEqual(batch.status, 200, batch)
            outcomes = [one["outcome"] for one in batch.body["records"]]
            self.assertEqual(outcomes, ["created"] * 30 + ["duplicate"])
        with self.subTest("numbers are sent with the digits that they were given with"):
            revenue = "12345678901234567.890"
            wanted = lambda digits: f'{{"object": "Account", "fields": {{"Name": "Werk Zehn GmbH", "AnnualRevenue": {digits}}}}}'.encode()
            send = lambda path, body, **headers: self.client.post(f"{CREATIONS}{path}", body, content_type="application/json", **headers)
            preview = send("/preview", b'{"records": [%s]}' % wanted(revenue))
            self.assertIn(f'"AnnualRevenue":{revenue}'.encode(), preview.raw, preview)
            self.assertEqual(send("", wanted(revenue), idempotency_key="key-10").status, 201)
            self.assertIn(f'"AnnualRevenue":{revenue}', self.world.organisation().control("sent")["text"])
            self.assertEqual(send("", wanted("1.234567890123456789e16"), idempotency_key="key-10").status, 201, "the same number")
            self.assertEqual(send("", wanted(f"{revenue}1"), idempotency_key="key-10").body["type"], "urn:abgleich:problem:create-key-reused")
            refused = send("", wanted("1e400"), idempotency_key="key-11")
            self.assertEqual((refused.status, refused.body["field"]), (422, "/fields/AnnualRevenue"), refused)
        with self.subTest("an objection"):
            self.assertEqual(self.client.post("/v1/objections", {"person": {"emails": [EMAIL]}}).status, 201)
            check = self.client.post("/v1/objections/check", {"people": [PERSON, {"emails": ["b@example.com"]}]})
            self.assertEqual([one["objected"] for one in check.body["people"]], [True, False], check)
            refused = self.create("key-5", CONTACT | {"allowDuplicate": True})
            self.assertEqual(refused.body["outcome"]["missing"], ["objection"], refused)
            withdrawn = self.client.post("/v1/objections/withdrawal", {"person": {"emails": [EMAIL]}})
            self.assertEqual(withdrawn.body, {"withdrawn": 1})
        with self.subTest("the next run finds all of it as it is"):
            self.world.sync()
            done = self.world.sync()["acme"]
            self.assertEqual({name: found["verdict"] for name, found in done.items() if name in ("Account", "Contact")},
                             {"Account": "VERIFIED", "Contact": "VERIFIED"}, done)


if __name__ == "__main__":
    unittest.main()
