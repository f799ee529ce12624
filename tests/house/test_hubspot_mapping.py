"""The settings of a HubSpot integration through the deployed template: a property of the account's own says what it means to us."""

import unittest

import imported
from hubspot_world import INTEGRATION
from imported import WERK
from shown import Displayed
from test_hubspot_create import WritingWorld

CREATIONS = f"{INTEGRATION}/creations"
# Nothing in these names says what they are, and the second is as long as a name at HubSpot may be.
TAX, SEAT = "steuer-kennung", "sitz_" + "x" * 95
FEW = {"accounts": 5, "contacts": 5, "leads": 2, "tasks": 2, "opportunities": 2}


class FewWritable(WritingWorld):
    def __init__(self, name, **given):
        super().__init__(name, sizes=FEW, **given)


class Mapped(Displayed):
    name, world_of, integration = "hs-mapping", FewWritable, INTEGRATION

    def setUp(self):
        super().setUp()
        self.crm = self.world.organisation()
        self.assertEqual(imported.take_in(self.world, "companies.csv", [WERK]), "published")
        for name in (TAX, SEAT):
            self.crm.control("add_property", object="companies", name=name, traits=[])
        self.company = self.crm.create("Account", name="Ganz anders benannt", **{TAX: WERK["vat_id"], SEAT: "Köln"})

    def record(self, record):
        return self.ok(self.user.get(f"{INTEGRATION}/records/Account/{record}"))["record"]

    def relations(self, record):
        return [(one["company"], one["status"]) for one in self.record(record)["relations"]]

    def put(self, **changed):
        settings = self.user.get(f"{INTEGRATION}/settings")
        put = self.user.put(f"{INTEGRATION}/settings", settings.body | changed, if_match=settings.headers["etag"])
        told = {name: value for name, value in (settings.body | changed).items() if (name, value) != ("companyFields", {})}
        self.assertEqual((put.status, put.body), (200, told), put)

    def preview(self, **wanted):
        body = {"records": [{"object": "Account", "company": WERK["id"]} | wanted]}
        return self.ok(self.user.post(f"{CREATIONS}/preview", body))["records"][0]

    def test_a_property_that_was_mapped_is_matched_by_and_filled(self):
        fields = {"Account": {"vatId": TAX, "city": SEAT}}
        with self.subTest("before, nothing says which company it is"):
            self.synced()
            self.assertEqual(self.record(self.company)["fields"][TAX], WERK["vat_id"])
            self.assertEqual(self.relations(self.company), [])
        with self.subTest("the preflight names a property that is not there"):
            self.put(fields={"Account": {"vatId": TAX, "city": "gibt_es_nicht"}})
            account = self.ok(self.user.get(f"{INTEGRATION}/preflight"))["objects"][0]
            self.assertEqual((account["object"], account["missingMappedFields"]), ("Account", ["gibt_es_nicht"]), account)
        with self.subTest("the next run reads all companies again, and matches by the property"):
            self.put(fields=fields)
            done = self.synced()
            self.assertEqual(done["Account"]["seen"], len(self.world.ids("Account")), done["Account"])
            # Its name is another one, so a user is asked.
            self.assertEqual(self.relations(self.company), [(WERK["id"], "suggested")])
            self.assertEqual({one["verdict"] for one in done.values()}, {"verified"}, done)
        with self.subTest("a new record has the company's values in the properties, too"):
            seen = self.preview()
            self.assertEqual((seen["fields"][TAX], seen["fields"][SEAT]), (WERK["vat_id"], WERK["city"]), seen)
            self.assertEqual(seen["fields"]["city"], WERK["city"], "HubSpot's own property has it, too")
        with self.subTest("and columns where the administrator wants them, and none where not"):
            self.put(companyFields={"Account": {"description": "street", SEAT: None}})
            seen = self.preview()
            self.assertEqual(seen["fields"]["description"], WERK["street"])
            self.assertNotIn(SEAT, seen["fields"])
            body = {"object": "Account", "company": WERK["id"], "allowDuplicate": True}
            created = self.user.post(CREATIONS, body, idempotency_key="key-1")
            self.assertEqual((created.status, created.body["outcome"]), (201, "created"), created)
            made = self.crm.get("Account", created.body["id"])
            self.assertEqual((made[TAX], made["description"], made.get(SEAT)), (WERK["vat_id"], WERK["street"], None), made)
            self.assertEqual(self.relations(created.body["id"]), [(WERK["id"], "approved")])
        with self.subTest("without the mapping the property means nothing again"):
            self.put(fields={}, companyFields={})
            self.synced()
            self.assertEqual(self.relations(self.company), [])


if __name__ == "__main__":
    unittest.main()
