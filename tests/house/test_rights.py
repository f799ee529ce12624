"""A person's rights, through the deployed template: nobody is written to the CRM without everything that it takes, whatever is missing
is named, and a person who was erased comes back only when the erasure is lifted."""

import json
import unittest

from api import INTEGRATION
from shown import Displayed
from test_create import CONTACT, EMAIL, PERSON, assessment
from world import SIZES

import removal
from signed import verified

CREATIONS = f"{INTEGRATION}/creations"
CONSENT = {"kind": "consent", "given": "2026-01-01T00:00:00Z", "wording": "offers by e-mail", "evidence": "the form of that day"}


class Rights(Displayed):
    name, parameters = "rights", {"RemovalSettleSeconds": "1"}

    def file(self, **changes):
        self.ok(self.user.post("/v1/assessments", assessment() | changes), 201)

    def missing(self, key="rights", body=CONTACT):
        """What a creation is refused for. The preview has to say the same, and nothing may be made."""
        before = set(self.world.ids(body["object"]))
        refused = self.user.post(CREATIONS, body, idempotency_key=key)
        self.assertEqual((refused.status, refused.body["type"]), (403, "urn:abgleich:problem:not-cleared"), refused)
        missing = refused.body["outcome"]["missing"]
        self.assertEqual(refused.body["detail"], f"missing: {', '.join(missing)}")
        [preview] = self.ok(self.user.post(f"{CREATIONS}/preview", {"records": [body]}))["records"]
        self.assertEqual((preview["notCleared"], preview["wouldCreate"], preview["crm"]), (missing, False, None), preview)
        told = {reason for one in preview["peopleNotCleared"] for reason in one["missing"]}
        self.assertEqual(told, set(missing), preview)
        self.assertEqual(set(self.world.ids(body["object"])), before)
        return missing

    def test_each_thing_that_is_missing_is_named(self):
        self.world.strings |= {EMAIL, "Anna Muster"}
        self.assertEqual(self.missing(), ["basis"])
        self.assertEqual(self.missing(body={name: value for name, value in CONTACT.items() if name != "purpose"}), ["basis"])
        self.file(purpose="newsletter")
        self.assertEqual(self.missing(), ["assessment"], "there is one, for something else")
        self.file(assessed="2024-01-01", reviewDate="2024-06-30")
        self.assertEqual(self.missing(), ["expiry"])
        against = assessment("person_prevails")["basis"]
        self.file(assessed="2024-01-01", reviewDate="2024-06-30", basis=against)
        self.assertEqual(self.missing(), ["balancing_outcome", "expiry"])
        self.file(basis=CONSENT | {"withdrawn": "2026-02-01T00:00:00Z"})
        self.assertEqual(self.missing(), ["balancing_outcome"])
        self.file(basis=CONSENT)
        lead = {"object": "Lead", "purpose": "outreach", "fields": {"FirstName": "Anna", "LastName": "Muster", "Company": "Werk Eins GmbH", "Email": EMAIL.upper()}}
        with self.subTest("an objection by a number in whatever field"):
            number = {"person": {"phones": ["0221 765 43 21"]}}
            self.ok(self.user.post("/v1/objections", number), 201)
            for name in ("Phone", "MobilePhone", "Fax"):
                self.assertEqual(self.missing(body=lead | {"fields": lead["fields"] | {name: "+49 221 7654321"}}), ["objection"], name)
            self.ok(self.user.post("/v1/objections/withdrawal", number))
        with self.subTest("an objection by name and company, and an erasure"):
            named = {"person": {"name": "Muster, Anna", "company": "Werk Eins"}}
            self.ok(self.user.post("/v1/objections", named), 201)
            self.assertEqual(self.missing(body=lead), ["objection"])
            self.ok(self.user.post("/v1/subjects/erasures", {"person": {"emails": [EMAIL]}}))
            self.assertEqual(self.missing(body=lead), ["objection", "erasure"])
            self.ok(self.user.post("/v1/objections/withdrawal", named))
            self.ok(self.user.post("/v1/subjects/erasures/lift", {"person": {"emails": [EMAIL]}}))
        with self.subTest("who is only pointed at has to be cleared, too"):
            somebody = self.world.ids("Contact")[0]
            for body in ({"object": "Task", "fields": {"Subject": "call", "WhoId": somebody}}, CONTACT | {"fields": CONTACT["fields"] | {"ReportsToId": somebody}}):
                self.assertEqual(self.missing(body=body | {"purpose": "outreach"}), ["basis"], body)
        self.assertEqual(self.user.post(CREATIONS, lead, idempotency_key="rights").status, 201, "with all that it takes")
        with self.subTest("the heads of both chains are signed, and an objection that is taken out behind our back is missed"):
            self.ok(self.user.post("/v1/objections", {"person": {"emails": ["otto.muster@example.com"]}}), 201)
            heads = self.ok(self.user.get("/v1/register-heads"))
            said = json.loads(heads["statement"]["document"])
            self.assertEqual((said["tenant"], said["changes"]["number"]), ("acme", heads["changes"]["entries"]))
            self.assertEqual(self.user.get("/v1/heads-key").body["keyId"], heads["statement"]["keyId"])
            self.assertNotEqual(self.user.get("/v1/receipt-key").body["keyId"], heads["statement"]["keyId"])
            self.assertTrue(verified(heads["statement"], self.user.get("/v1/heads-key").body["pem"]))
            reader = self.world.client("acme", "abgleich/read abgleich/write")
            refused = reader.get("/v1/register-heads")
            self.assertEqual((refused.status, refused.body["type"]), (403, "urn:abgleich:problem:scope-missing"))
            kept = "&".join(f"{name}={said[name]['number']}.{said[name]['hash']}" for name in ("assessments", "changes"))
            self.ok(self.user.post("/v1/objections", {"person": {"emails": ["jana.muster@example.com"]}}), 201)
            later = self.ok(self.user.get(f"/v1/register-heads?{kept}"))
            self.assertEqual([later[name]["kept"] for name in ("assessments", "changes")], [True, True])
            dynamodb, ledger = self.world.stack.client("dynamodb"), self.world.stack.settings("api")["TABLE_LEDGER"]
            rows = (row for page in dynamodb.get_paginator("scan").paginate(TableName=ledger, ConsistentRead=True) for row in page["Items"])
            taken = next(row for row in rows if row["sk"]["S"].startswith("OBJECTION#") and "lifted" not in row)
            dynamodb.delete_item(TableName=ledger, Key={name: taken[name] for name in ("pk", "sk")})
            missed = self.ok(self.user.get("/v1/register-heads"))
            self.assertEqual((missed["changes"]["missing"], missed["changes"]["broken"], missed["statement"]), (1, None, None))
            dynamodb.put_item(TableName=ledger, Item=taken)
            self.assertIsNotNone(self.ok(self.user.get("/v1/register-heads"))["statement"])

    def test_a_template_prefills_purpose_and_necessity_and_never_the_balance(self):
        template = {name: f"a reason for {name}" for name in ("interest", "whoseInterest", "benefit", "legality", "necessity", "alternatives")} | {"name": "outreach"}
        versions = [self.ok(self.user.post("/v1/templates", template | {"benefit": benefit}), 201) for benefit in ("first", "second")]
        self.assertEqual([one["version"] for one in versions], [1, 2])
        self.assertEqual(self.ok(self.user.get("/v1/templates"))["templates"], versions, "each version stays")
        for name in ("relationship", "expectation", "sensitivity", "vulnerable", "impact", "outcome"):
            refused = self.user.post("/v1/templates", template | {name: "the same for all"})
            self.assertEqual((refused.status, refused.body["field"]), (422, f"/{name}"), refused)
        begun = assessment() | {"template": {"name": "outreach", "version": 2}}
        filed = self.ok(self.user.post("/v1/assessments", begun), 201)
        self.assertEqual(filed["assessment"]["template"], begun["template"])
        for wrong in ({"template": {"name": "outreach", "version": 3}}, {"purpose": "newsletter"}):
            refused = self.user.post("/v1/assessments", begun | wrong)
            self.assertEqual((refused.status, refused.body["field"]), (422, "/template"), refused)
        prefilled = {name: text for name, text in begun["basis"].items() if name not in ("relationship", "expectation")}
        refused = self.user.post("/v1/assessments", begun | {"basis": prefilled})
        self.assertEqual(refused.status, 422, "a template stands for no person's balance")
        with self.subTest("what was filed is not changed unseen"):
            chain = self.ok(self.user.get("/v1/assessment-chain"))
            self.assertEqual((chain["entries"], chain["broken"], chain["head"]), (1, None, filed["hash"]))
            self.ok(self.user.post("/v1/assessments", assessment()), 201)
            dynamodb, ledger = self.world.stack.client("dynamodb"), self.world.stack.settings("api")["TABLE_LEDGER"]
            first, second = (item for item in self.filed(dynamodb, ledger))
            dynamodb.put_item(TableName=ledger, Item=first | {"sealed": second["sealed"]})
            self.assertEqual(self.ok(self.user.get("/v1/assessment-chain"))["broken"]["number"], 1)
            dynamodb.put_item(TableName=ledger, Item=first)
            self.assertIsNone(self.ok(self.user.get("/v1/assessment-chain"))["broken"])
            dynamodb.delete_item(TableName=ledger, Key={name: first[name] for name in ("pk", "sk")})
            self.assertIsNotNone(self.ok(self.user.get("/v1/assessment-chain"))["broken"])

    def filed(self, dynamodb, ledger):
        """The rows of assessments, in order."""
        rows = (item for page in dynamodb.get_paginator("scan").paginate(TableName=ledger, ConsistentRead=True) for item in page["Items"])
        return sorted((row for row in rows if "sealed" in row and "previous" in row), key=lambda row: row["sk"]["S"])

    def test_whoever_is_erased_comes_back_with_nothing_but_a_lift(self):
        contacts = [record for record in self.all("object=Contact", 100) if record["email"]]
        emails = [record["email"].lower() for record in contacts]
        person = next(record for record in contacts if emails.count(record["email"].lower()) == 1)
        asked = {"person": {"emails": [person["email"]]}}

        def assert_away(held):
            self.assertEqual([record["id"] for record in self.search(email=person["email"])], [])
            self.assertEqual(self.user.get(f"{INTEGRATION}/records/Contact/{person['id']}").body["type"], "urn:abgleich:problem:not-found")
            self.assertNotIn(person["id"], [record["id"] for record in self.all("object=Contact", 100)])
            self.assertEqual(len(self.world.held_ids("Contact")), held)
            self.assertNotIn(person["id"], self.world.held_ids("Contact"))
            told = self.ok(self.user.post("/v1/subjects/search", asked))
            self.assertEqual([record["id"] for record in told["records"] if record["isOwn"]], [])
            self.assertEqual(told["marks"]["erased"], True)

        erased = self.ok(self.user.post("/v1/subjects/erasures", asked | {"reference": "case 7"}))
        self.assertIn({"integration": "salesforce", "object": "Contact", "id": person["id"]}, erased["erased"])
        self.assertIn("controller", erased["note"])
        left = SIZES["contacts"] - len([place for place in erased["erased"] if place["object"] == "Contact"])
        assert_away(left)
        with self.subTest("the CRM changes the record, and has another of theirs"):
            self.world.organisation().control("edit", object="Contact", id=person["id"], fields={"Title": "Werkleiterin"})
            self.create("Contact", LastName="Anders", Email=person["email"].upper())
            self.assertEqual(self.synced()["Contact"]["verdict"], "verified")
            assert_away(left)
        with self.subTest("all records are read again"):
            settings = self.user.get(f"{INTEGRATION}/settings")
            changed = settings.body | {"fields": {"Contact": {"company": "Department"}}}
            self.ok(self.user.put(f"{INTEGRATION}/settings", changed, if_match=settings.headers["etag"]))
            done = self.synced()["Contact"]
            self.assertEqual((done["verdict"], done["written"]), ("verified", left), done)
            assert_away(left)
        with self.subTest("removed, and connected again"):
            removal.remove(self.world.stack, "acme", "salesforce")
            self.assertEqual(self.world.connect(self.user).body["generation"], 2)
            self.assertEqual(self.synced()["Contact"]["verdict"], "verified")
            assert_away(left)
            body = {"object": "Contact", "purpose": "outreach", "fields": {"LastName": "Anders", "Email": person["email"]}}
            self.assertIn("erasure", self.missing(body=body))
        with self.subTest("lifted"):
            self.ok(self.user.post("/v1/subjects/erasures/lift", asked | {"records": erased["erased"]}))
            self.assertEqual(self.synced()["Contact"]["verdict"], "verified")
            self.assertEqual(self.world.held_ids("Contact"), sorted(self.world.ids("Contact")))
            self.assertIn(person["id"], [record["id"] for record in self.search(email=person["email"])])
        with self.subTest("the erasure and its end are under a signed head"):
            self.assertIsNotNone(self.ok(self.user.get("/v1/register-heads"))["statement"])


if __name__ == "__main__":
    unittest.main()
