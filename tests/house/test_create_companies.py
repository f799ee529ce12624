"""Creating for companies of the reference database, through the deployed template: the vendor's file fills the fields, and the
record is related to the company at once."""

import unittest

import imported
from api import INTEGRATION, ApiWorld
from imported import WERK
from test_create import CONTACT, assessment

CREATIONS = f"{INTEGRATION}/creations"


class CreatingForCompanies(unittest.TestCase):
    def setUp(self):
        few = {"accounts": 5, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}
        self.world = ApiWorld("create-companies", sizes=few, fresh=True)
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.client = self.world.client()
        self.assertEqual(self.world.connect(self.client).status, 201)

    def take_in(self, name, companies):
        self.assertEqual(imported.take_in(self.world, name, companies), "published")

    def record(self, name, record):
        shown = self.client.get(f"{INTEGRATION}/records/{name}/{record}")
        self.assertEqual(shown.status, 200, shown)
        return shown.body["record"]

    def test_the_vendors_row_fills_the_record_and_the_record_is_the_company(self):
        others = [{"id": f"C-{n}", "name": f"Nebenwerk {n} AG", "city": "Bonn", "domain": f"nebenwerk{n}.example"} for n in range(2, 232)]
        self.take_in("first.csv", [WERK, *others])
        wanted = {"object": "Account", "company": "C-1", "fields": {"Phone": "+49 221 7654321"}}
        sent = {
            "Name": WERK["name"], "Website": WERK["domain"], "Phone": "+49 221 7654321", "BillingStreet": WERK["street"],
            "BillingPostalCode": WERK["zip"], "BillingCity": WERK["city"], "BillingCountry": "DE",
        }
        with self.subTest("previewed"):
            preview = self.client.post(f"{CREATIONS}/preview", {"records": [wanted, {"object": "Account", "company": "C-0"}]})
            self.assertEqual(preview.status, 200, preview)
            ours, unknown = preview.body["records"]
            self.assertEqual((ours["fields"], ours["company"], ours["wouldCreate"]), (sent, "C-1", True), preview)
            self.assertEqual((unknown["unknownCompany"], unknown["wouldCreate"]), (True, False), preview)
        with self.subTest("a company that is not there"):
            refused = self.client.post(CREATIONS, {"object": "Account", "company": "C-0"}, idempotency_key="key-0")
            self.assertEqual((refused.status, refused.body["field"]), (422, "/company"), refused)
            self.assertEqual(refused.body["type"], "urn:abgleich:problem:unknown-company")
        with self.subTest("created, in the copy, and the company's by its maker's word"):
            created = self.client.post(CREATIONS, wanted, idempotency_key="key-1")
            self.assertEqual((created.status, created.body.get("inCopy")), (201, True), created)
            account = created.body["id"]
            seen = self.record("Account", account)
            self.assertEqual([(one["company"], one["status"]) for one in seen["relations"]], [("C-1", "approved")], seen)
            status = self.client.post(f"{INTEGRATION}/companies/status", {"companies": ["C-1"]}).body["companies"][0]
            self.assertEqual((status["company"], status["inCrm"]), ("C-1", "yes"), status)
        with self.subTest("an account more is a duplicate, under whatever name"):
            again = wanted | {"fields": {"Name": "Ein anderer Name", "Website": None}}
            duplicate = self.client.post(CREATIONS, again, idempotency_key="key-2")
            self.assertEqual((duplicate.status, duplicate.body["outcome"]["ours"]), (409, [{"object": "Account", "id": account}]), duplicate)
        with self.subTest("a person of the company goes to its account, and needs a clearance"):
            person = CONTACT | {"company": "C-1"}
            self.assertEqual(self.client.post(CREATIONS, person, idempotency_key="key-3").status, 403)
            self.assertEqual(self.client.post("/v1/assessments", assessment()).status, 201)
            contact = self.client.post(CREATIONS, person, idempotency_key="key-3")
            self.assertEqual((contact.status, contact.body["basis"]), (201, "no_place"), contact)
            seen = self.record("Contact", contact.body["id"])
            self.assertEqual(seen["relations"][0]["status"], "approved", seen)
            self.assertEqual(seen["fields"]["AccountId"], account, seen)
        with self.subTest("fields of the customer's own"):
            settings = self.client.get(f"{INTEGRATION}/settings")
            mapped = settings.body | {"companyFields": {"Account": {"Description": "vatId", "BillingCity": None}}}
            changed = self.client.put(f"{INTEGRATION}/settings", mapped, if_match=settings.headers["etag"])
            self.assertEqual((changed.status, changed.body), (200, mapped), changed)
            again = {"records": [{"object": "Account", "company": "C-1"}]}
            fields = self.client.post(f"{CREATIONS}/preview", again).body["records"][0]["fields"]
            expected = sent | {"Phone": WERK["phone"], "Description": WERK["vat_id"]}
            del expected["BillingCity"]
            self.assertEqual(fields, expected)
        with self.subTest("a batch of 200 companies"):
            records = [{"object": "Account", "company": one["id"]} for one in others[:200]]
            batch = self.client.post(f"{CREATIONS}/batch", {"records": records}, idempotency_key="key-4")
            self.assertEqual(batch.status, 200, batch)
            made = batch.body["records"]
            self.assertEqual({(one["outcome"], one["inCopy"]) for one in made}, {("created", True)}, made[:3])
            last = self.record("Account", made[-1]["id"])
            self.assertEqual((last["fields"]["Name"], last["relations"][0]["company"]), (others[199]["name"], others[199]["id"]))
        with self.subTest("the next runs find all of it as it is"):
            self.world.sync()
            done = self.world.sync()["acme"]
            self.assertEqual(done["Account"]["verdict"], "VERIFIED", done)
            seen = self.record("Account", account)
            self.assertEqual([(one["company"], one["status"]) for one in seen["relations"]], [("C-1", "approved")], seen)
        with self.subTest("a later file updates and removes"):
            # The file has 230 companies fewer, and the operator accepts that.
            self.world.operator.run("companies", "--accept-smaller", "1")
            self.take_in("second.csv", [WERK | {"name": "Kugelwerk Neu GmbH"}])
            asked = {"records": [{"object": "Account", "company": "C-1"}, {"object": "Account", "company": "C-2"}]}
            first, second = self.client.post(f"{CREATIONS}/preview", asked).body["records"]
            self.assertEqual((first["fields"]["Name"], second["unknownCompany"]), ("Kugelwerk Neu GmbH", True))


if __name__ == "__main__":
    unittest.main()
