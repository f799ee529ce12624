"""Exports through the deployed template: the copy is given back, and files are deleted by a removal. Objections outlive both."""

import json
import unittest

from api import INTEGRATION, ApiWorld
from exported import QUICK, Exporting
from test_create import CONTACT, CREATIONS, EMAIL, PERSON, assessment
from world import OBJECTS, until

import remains
from client import ask


class Returned(Exporting):
    def world(self, name, **given):
        world = ApiWorld(name, **QUICK, **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        user = world.client()
        self.assertEqual(world.connect(user).status, 201)
        return world, user

    def test_the_copy_is_given_back_whole_and_goes_with_the_removal(self):
        world, user = self.world("export")
        world.sync()
        linked = {"object": "Account", "record": world.ids("Account")[0], "company": "our/own id", "decision": "approved"}
        self.ok(user.post(f"{INTEGRATION}/relations", linked))
        done = self.exported(user)
        self.assertEqual((done["status"], done["failure"], done["unsettled"]), ("done", None, 0), done)
        lines = self.lines(done["url"])
        records = [line for line in lines if line["kind"] == "record"]
        with self.subTest("every record is in it once, as the CRM has it"):
            for name in OBJECTS:
                found = {line["id"]: line["fields"] for line in records if line["object"] == name}
                self.assertEqual(sorted(found), sorted(world.ids(name)), name)
                for record in sorted(found)[:10]:
                    theirs = world.organisation().control("get", object=name, id=record)["fields"]
                    texts = {field: value for field, value in theirs.items() if isinstance(value, str) and "T" not in value[10:11]}
                    told = {field: found[record].get(field) for field in texts if field in found[record]}
                    self.assertEqual(told, {field: texts[field] for field in told}, f"{name} {record}")
                    self.assertGreater(len(told), 3)
            self.assertEqual(len(records), len({line["id"] for line in records}))
        with self.subTest("and so are the relations, those that users made among them"):
            relations = [line for line in lines if line["kind"] == "relation"]
            rows = [place for place in remains.rows(world.stack, "acme") if " T#acme#salesforce#g1#" in place and "#R#" in place]
            self.assertEqual(len(relations), len(rows))
            [ours] = [line for line in relations if line["company"] == "our/own id"]
            self.assertEqual((ours["record"], ours["status"]), (linked["record"], "approved"))
        with self.subTest("its last line says that it is whole"):
            self.assertEqual(lines[0] | {"asked": None}, {
                "kind": "export", "format": 1, "tenant": "acme", "integration": "salesforce", "generation": 1,
                "provider": "salesforce", "organisation": lines[0]["organisation"], "asked": None,
            })
            counts = {"records": len(records), "relations": len(relations), "withheld": 0, "unsettled": 0}
            self.assertEqual(lines[-1], {"kind": "end"} | counts)
            self.assertEqual({name: done[name] for name in counts}, counts)
        with self.subTest("it is nobody else's"):
            place = f"{INTEGRATION}/exports/{done['export']}"
            self.assertEqual(world.client("globex").get(place).status, 404)
            self.assertEqual(world.client("acme", scope="abgleich/read abgleich/write").get(place).status, 403)
        with self.subTest("an order that comes twice is one file"):
            world.repeat("ExportDue", times=2)
            until(lambda: not remains.in_queues(world.stack, "acme"), lambda: remains.in_queues(world.stack, "acme"), 60)
            self.assertEqual(self.lines(done["url"]), lines)
        with self.subTest("a removal leaves neither it nor an upload that was cut off"):
            self.removed(user)
            self.assertIn(ask("GET", done["url"]).status, (403, 404))
            self.assertEqual(user.get(place).status, 410)
            self.assertEqual(user.post(f"{INTEGRATION}/exports").status, 410)
            self.assertEqual(remains.of_generation(world.stack, "acme", "salesforce"), [])
            receipt = json.loads(self.ok(user.get(f"{INTEGRATION}/receipt"))["document"])
            self.assertEqual((receipt["deleted"]["pages"]["exports"], receipt["left"]["pages"]), (1, 0))

    def test_an_objection_holds_when_the_organisation_is_connected_again_and_the_copy_begins_empty(self):
        few = {"accounts": 8, "contacts": 8, "leads": 4, "tasks": 4, "opportunities": 4}
        world, user = self.world("objected", sizes=few)
        world.strings |= {EMAIL, "Anna Muster"}
        world.sync()
        self.ok(user.post("/v1/assessments", assessment()), 201)
        self.ok(user.post("/v1/objections", {"person": {"emails": [EMAIL]}}), 201)
        self.removed(user)
        self.assertEqual(remains.of_generation(world.stack, "acme", "salesforce"), [])

        self.assertEqual(self.ok(world.connect(user), 201)["generation"], 2)
        with self.subTest("the copy begins empty"):
            for name in OBJECTS:
                self.assertEqual(self.ok(user.get(f"{INTEGRATION}/records?object={name}"))["records"], [], name)
                self.assertEqual(world.held_ids(name), [], name)
        with self.subTest("the objection holds, whatever was assessed"):
            before = world.ids("Contact")
            check = self.ok(user.post("/v1/objections/check", {"people": [PERSON, {"emails": ["b@example.com"]}]}))
            self.assertEqual([one["objected"] for one in check["people"]], [True, False])
            refused = user.post(CREATIONS, CONTACT, idempotency_key="key-1")
            self.assertEqual((refused.status, refused.body["outcome"]["missing"]), (403, ["objection"]), refused)
            preview = self.ok(user.post(f"{CREATIONS}/preview", {"records": [CONTACT]}))
            self.assertEqual(preview["records"][0]["wouldCreate"], False, preview)
            self.assertEqual(world.ids("Contact"), before)
        with self.subTest("so it does for a record of the person that the CRM sends, which is suggested to nobody"):
            account = world.ids("Account")[0]
            hers = {"FirstName": "Anna", "LastName": "Muster", "Email": EMAIL, "AccountId": account}
            contact = world.organisation().control("create", object="Contact", fields=hers)["id"]
            done = world.sync()["acme"]
            self.assertEqual({found["verdict"] for found in done.values()}, {"VERIFIED"}, done)
            suggested = self.ok(user.get(f"{INTEGRATION}/relations/suggested"))
            self.assertNotIn(contact, json.dumps(suggested))
            [hers] = [line for line in self.lines(self.exported(user)["url"]) if line.get("id") == contact]
            self.assertTrue(hers["objected"], "the controller is told in an export, too")
            self.removed(user)
            self.assertEqual(remains.of_generation(world.stack, "acme", "salesforce", 2), [])


if __name__ == "__main__":
    unittest.main()
