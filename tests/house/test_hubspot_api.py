"""A HubSpot account through the API of the deployed template: consent, people and their objections, the operator's app, and removal."""

import tempfile
import time
import unittest
from pathlib import Path

from hubspot_world import ACCOUNTS, INTEGRATION, HubSpotApiWorld
from shown import Displayed
from world import OBJECTS, until, verdicts

import removal
import remains
import test_secret

ALL_VERIFIED = dict.fromkeys(OBJECTS, "VERIFIED")
QUICK = {"RemovalSettleSeconds": "1"}
FEW = {"accounts": 5, "contacts": 5, "leads": 2, "tasks": 2, "opportunities": 2}


class People(Displayed):
    name, world_of, integration = "hs-people", HubSpotApiWorld, INTEGRATION

    def place(self, kind, record):
        return f"{INTEGRATION}/records/{kind}/{record}"

    def shown(self, kind, record):
        return self.user.get(self.place(kind, record)).status == 200

    def test_an_objection_by_any_of_a_contacts_addresses_hides_the_person_and_the_leads_about_them(self):
        crm = self.world.organisation()
        of = {contact: crm.get("Contact", contact) for contact in self.world.ids("Contact")}
        leads = {lead: crm.get("Lead", lead).get("hs_primary_contact_id") for lead in self.world.ids("Lead")}
        several = lambda contact: of[contact].get("hs_additional_emails", "").count(";") == 1
        contact = next(contact for contact in leads.values() if contact in of and several(contact))
        theirs = [lead for lead, about in leads.items() if about == contact]
        other = next(lead for lead, about in leads.items() if about not in (contact, None))
        nobody = next(lead for lead, about in leads.items() if about is None)
        addresses = [of[contact]["email"], *of[contact]["hs_additional_emails"].split(";")]
        self.assertEqual(len(addresses), 3)
        for address in addresses:
            with self.subTest(which=addresses.index(address)):
                person = {"person": {"emails": [address.upper()]}}
                held = self.ok(self.user.post("/v1/subjects/search", person))
                self.assertIn(contact, [record["id"] for record in held["records"] if record["isOwn"]])
                self.assertTrue(self.shown("Contact", contact))
                self.ok(self.user.post("/v1/objections", person), 201)
                withheld = self.user.get(self.place("Contact", contact))
                self.assertEqual(withheld.body["type"], "urn:abgleich:problem:record-withheld")
                self.assertNotIn(contact, [record["id"] for record in self.all("object=Contact", 100)])
                # HubSpot copies the contact's first address into a lead, which is the same person nevertheless.
                self.assertFalse(any(self.shown("Lead", lead) for lead in theirs))
                self.assertTrue(self.shown("Lead", other) and self.shown("Lead", nobody))
                self.ok(self.user.post("/v1/objections/withdrawal", person))
                self.assertTrue(self.shown("Contact", contact))
        with self.subTest("erased by an additional address, and kept away"):
            erased = self.ok(self.user.post("/v1/subjects/erasures", {"person": {"emails": [addresses[2]]}}))
            self.assertIn(contact, [place["id"] for place in erased["erased"]])
            crm.edit("Contact", contact, jobtitle="Werkleiterin")
            self.assertEqual(self.synced()["Contact"]["verdict"], "verified")
            self.assertNotIn(contact, self.world.held_ids("Contact"))
            self.assertFalse(set(theirs) & set(self.world.held_ids("Lead")), "leads that are copies of the erased contact")
        with self.subTest("facts: the record of processing has the account's CRM and what is copied of it"):
            said = {"identity": {"status": "stated", "value": {"name": "Kunde AG", "contact": "Platz 2, Bonn"}}}
            self.ok(self.user.put("/v1/facts/controller", said))
            connected = {"integration": "hubspot", "provider": "hubspot", "status": "connected"}
            record = self.ok(self.user.get("/v1/facts/processing"))
            self.assertEqual(record["integrations"], [connected | {"objects": list(OBJECTS)}])
            self.assertEqual(record["controller"]["identity"], said["identity"])
            settings = self.user.get(f"{INTEGRATION}/settings")
            fewer = settings.body | {"objects": ["Account", "Contact"]}
            self.assertEqual(self.user.put(f"{INTEGRATION}/settings", fewer, if_match=settings.headers["etag"]).status, 200)
            record = self.ok(self.user.get("/v1/facts/processing"))
            self.assertEqual(record["integrations"], [connected | {"objects": ["Account", "Contact"]}])
            for route in ("subprocessors", "retention"):
                self.assertTrue(self.ok(self.user.get(f"/v1/facts/{route}"))[route])


class Rotated(test_secret.Secret):
    """What holds for the app at Salesforce holds for the one at HubSpot. There the settings must always have a secret."""

    integration, code = INTEGRATION, "hubspot.bad_client_secret"

    def build(self):
        return HubSpotApiWorld("hs-secret", sizes=self.sizes, HubSpotClientId="demo-app", **self.setting("first"))

    def setting(self, now, before="none"):
        return {"HubSpotClientSecret": now, "HubSpotPreviousClientSecret": before}


class Beside(unittest.TestCase):
    def test_a_run_leaves_the_last_requests_of_the_account_to_users_who_wait(self):
        world = HubSpotApiWorld("hs-beside", tenants=())
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        # A first reading asks for a hundred records at a time, and storing them takes a fraction of what the pace allows for it.
        world.load("acme", ACCOUNTS[0], [("companies", n, {"name": f"Werk {n} GmbH"}) for n in range(1, 12_001)])
        world.strings |= world.secrets(ACCOUNTS[0])
        world.admit_logins()
        admin, crm = world.client(), world.organisation()
        self.assertEqual(world.connect(admin).status, 201)
        # What HubSpot allows an app in an account.
        crm.control("set_limits", ten_secondly=110, search=5)
        world.settle()
        world.stack.fire("daily")
        until(lambda: crm.asked("/crm/objects") > 60, "the run to have taken most of its share", 60)
        # A run that left nothing to others would take all that its own pace allows in this time.
        time.sleep(2)
        # The API is another process. Neither knows of the other's requests, and no user waits until the ten seconds are over.
        asked = [admin.get(f"{INTEGRATION}/preflight") for _ in range(4)]
        self.assertEqual([answer.status for answer in asked], [200] * 4, asked)
        self.assertIsNotNone(world.operator.progress("acme")["open_run"], "they overlapped")
        # HubSpot counts late, and so many ids are compared once a week.
        self.assertEqual(verdicts(world.ended()), ALL_VERIFIED | {"Account": "UNPROVEN"})
        self.assertEqual(len(world.held_ids("Account")), 12_000)


class Consents(unittest.TestCase):
    """HubSpot installs an app once in an account, so ending one consent ends them all."""

    def test_a_refused_consent_disconnects_nobody_and_another_account_is_refused(self):
        world = HubSpotApiWorld("hs-consents", sizes=FEW, fresh=True, **QUICK)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        admin, crm = world.client(), world.organisation()
        complete = lambda back: admin.post("/v1/connections", back)
        with self.subTest("two pages of one user: the second consent is of an account that is connected already"):
            first, second = world.consent(admin), world.consent(admin)
            self.assertEqual(complete(first).status, 201)
            refused = complete(second)
            self.assertEqual((refused.status, refused.body["type"]), (409, "urn:abgleich:problem:integration-connected-already"), refused)
            self.assertEqual(crm.asked("/appinstalls") + crm.asked("/oauth/token/revoke"), 0)
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        with self.subTest("a lost grant is given again by the same account, and by no other"):
            crm.control("expire_access_tokens")
            crm.control("revoke_grant")
            self.assertEqual(admin.post(f"{INTEGRATION}/runs").status, 202)
            until(lambda: admin.get(INTEGRATION).body["status"] == "needs_reconnect", "the run to fail", 60)
            world.start("other", 9, ACCOUNTS[1], FEW)
            world.admit_logins(**QUICK)
            other = world.organisation("other")
            refused = complete(world.consent(admin, "other"))
            self.assertEqual((refused.status, refused.body["type"]), (409, "urn:abgleich:problem:integration-other-organisation"), refused)
            self.assertEqual(other.asked("/appinstalls") + other.asked("/oauth/token/revoke"), 0, "it may be another's")
            again = complete(world.consent(admin))
            self.assertEqual((again.status, again.body["generation"]), (201, 1), again)
        with self.subTest("a removal leaves the app to the tenant's other integration of the account"):
            twin = "/v1/integrations/twin"
            self.assertEqual(complete(world.consent(admin, integration=twin)).status, 201)
            removal.remove(world.stack, "acme", "hubspot")
            self.assertEqual(crm.asked("/appinstalls") + crm.asked("/oauth/token/revoke"), 0)
            self.assertEqual(admin.get(f"{twin}/preflight").status, 200)
            with tempfile.TemporaryDirectory() as folder:
                receipt = removal.take_receipt(world.stack, "acme", "hubspot", Path(folder))
            self.assertEqual(receipt["revocation"]["achieved"], "kept_for_another", receipt)


class Removal(unittest.TestCase):
    def world(self, name, **given):
        world = HubSpotApiWorld(f"hs-{name}", **QUICK, **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def receipt(self, world):
        with tempfile.TemporaryDirectory() as folder:
            receipt = removal.take_receipt(world.stack, "acme", "hubspot", Path(folder))
            self.assertTrue(removal.verified(Path(folder)))
            return receipt

    def test_a_removal_takes_the_app_out_of_the_account_and_leaves_nothing(self):
        world = self.world("removal")
        admin, crm = world.client(), world.organisation()
        self.assertEqual(world.connect(admin).status, 201)
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        ids = {record for name in OBJECTS for record in world.ids(name)}
        removed = removal.remove(world.stack, "acme", "hubspot")
        self.assertEqual(removed["deleted"]["records"], 450)
        self.assertEqual(remains.of_generation(world.stack, "acme", "hubspot"), [])
        self.assertEqual(remains.of_records(world.stack, ids)[:5], [])
        receipt = self.receipt(world)
        # HubSpot says that tokens which were issued before live on for half an hour.
        achieved = {"dead_within_minutes": 30}
        self.assertEqual(receipt["revocation"], {"confirmed": True, "code": None, "tries": 1, "achieved": achieved})
        self.assertEqual(set(receipt["left"].values()), {0})
        with self.subTest("the account knows the app no more"):
            self.assertEqual((crm.asked("/appinstalls"), crm.asked("/oauth/token/revoke")), (1, 1), crm.control("requests"))
        with self.subTest("connected again it begins empty"):
            again = world.connect(admin)
            self.assertEqual((again.status, again.body["generation"]), (201, 2), again)
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)

    def test_a_receipt_says_so_when_hubspot_did_not_confirm_the_end_of_the_grant(self):
        world = self.world("unrevoked", sizes=FEW)
        self.assertEqual(world.connect(world.client()).status, 201)
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        for path in ("/appinstalls", "/oauth"):
            world.organisation().control("add_fault", match={"path": path}, times=0, fault="unavailable_503")
        removal.remove(world.stack, "acme", "hubspot")
        self.assertEqual(remains.of_generation(world.stack, "acme", "hubspot"), [])
        receipt = self.receipt(world)
        self.assertFalse(receipt["revocation"]["confirmed"], receipt)
        self.assertTrue(receipt["revocation"]["code"].startswith("hubspot."), receipt)


if __name__ == "__main__":
    unittest.main()
