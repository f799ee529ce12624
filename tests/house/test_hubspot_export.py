"""The export of a HubSpot account's copy, through the deployed template: it is whole, and names who objected."""

import json
import unittest

from exported import QUICK, Exporting
from hubspot_world import INTEGRATION, HubSpotApiWorld
from world import OBJECTS, verdicts

import remains
from client import ask


class Returned(Exporting):
    integration = INTEGRATION

    def test_every_record_is_in_it_as_hubspot_has_it_and_it_goes_with_the_removal(self):
        world = HubSpotApiWorld("hs-export", **QUICK)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        user, crm = world.client(), world.organisation()
        self.assertEqual(world.connect(user).status, 201)
        self.assertEqual(verdicts(world.sync()["acme"]), dict.fromkeys(OBJECTS, "VERIFIED"))
        linked = {"object": "Account", "record": world.ids("Account")[0], "company": "our/own id", "decision": "approved"}
        self.ok(user.post(f"{INTEGRATION}/relations", linked))
        lead, contact = self.copied_lead(world)
        address = crm.get("Contact", contact)["hs_additional_emails"].split(";")[0]
        self.ok(user.post("/v1/objections", {"person": {"emails": [address]}}), 201)

        done = self.exported(user)
        self.assertEqual((done["status"], done["failure"], done["unsettled"], done["withheld"]), ("done", None, 0, 0), done)
        lines = self.lines(done["url"])
        records = {(line["object"], line["id"]): line for line in lines if line["kind"] == "record"}
        with self.subTest("its first and its last line say whose it is, and that it is whole"):
            head = {name: lines[0][name] for name in ("kind", "tenant", "integration", "generation", "provider", "organisation")}
            self.assertEqual(head, {
                "kind": "export", "tenant": "acme", "integration": "hubspot", "generation": 1, "provider": "hubspot",
                "organisation": str(world.accounts[0]),
            })
            relations = [line for line in lines if line["kind"] == "relation"]
            counts = {"records": len(records), "relations": len(relations), "withheld": 0, "unsettled": 0}
            self.assertEqual(lines[-1], {"kind": "end"} | counts)
            self.assertEqual(len(lines), len(records) + len(relations) + 2, "each record is in it once")
            [ours] = [line for line in relations if line["company"] == "our/own id"]
            self.assertEqual((ours["record"], ours["status"]), (linked["record"], "approved"))
        for name in OBJECTS:
            with self.subTest(name):
                self.assertEqual(sorted(record for kind, record in records if kind == name), sorted(world.ids(name)))
                for record in world.ids(name):
                    told, theirs = records[name, record]["fields"], crm.get(name, record)
                    filled = {field for field, value in theirs.items() if value not in (None, "")}
                    self.assertEqual(set(told), filled, "every property that is filled, and no other")
                    # Times have one form in every copy, whatever the CRM.
                    texts = {field: value for field, value in theirs.items() if field in filled and "T" not in value[10:11]}
                    self.assertEqual({field: told[field] for field in texts}, texts, record)
                    self.assertGreater(len(texts), 3)
        with self.subTest("it names who objected, by whatever address of the contact, and the lead that is the same person"):
            objected = {place for place, line in records.items() if line.get("objected")}
            self.assertIn(("Contact", contact), objected)
            self.assertIn(("Lead", lead), objected)
            self.assertLess(len(objected), 10)
        with self.subTest("a removal leaves nothing of it"):
            self.removed(user)
            self.assertIn(ask("GET", done["url"]).status, (403, 404))
            self.assertEqual(remains.of_generation(world.stack, "acme", "hubspot"), [])
            receipt = json.loads(self.ok(user.get(f"{INTEGRATION}/receipt"))["document"])
            self.assertEqual((receipt["deleted"]["pages"]["exports"], receipt["left"]["pages"]), (1, 0))

    def copied_lead(self, world):
        """A lead whose contact has further addresses, and that contact."""
        crm = world.organisation()
        for lead in world.ids("Lead"):
            contact = crm.get("Lead", lead).get("hs_primary_contact_id")
            if contact and crm.get("Contact", contact).get("hs_additional_emails"):
                return lead, contact
        raise AssertionError("no lead has such a contact")


if __name__ == "__main__":
    unittest.main()
