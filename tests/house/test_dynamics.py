"""Dynamics 365 through the deployed template: what happens in an environment, and what the copy has afterwards."""

import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

from dynamics_world import INTEGRATION, DynamicsWorld
from world import OBJECTS, total, until, verdicts

import dynamics
import remains
import removal
from client import Client

ALL_VERIFIED = dict.fromkeys(OBJECTS, "VERIFIED")
SIZES = {"Account": 120, "Contact": 150, "Lead": 60, "Task": 80, "Opportunity": 40}
FEW = {"accounts": 20, "contacts": 20, "leads": 5, "tasks": 5, "opportunities": 5}
ADDRESSES = ("emailaddress1", "emailaddress2", "emailaddress3")


class Dynamics(unittest.TestCase):
    def world(self, name, **given):
        world = DynamicsWorld(f"dyn-{name}", **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def user(self, world):
        return Client(world.stack.api_url(), world.stack.token("acme"))

    def shown(self, world, name, record):
        """What the API shows of a record."""
        return self.user(world).get(f"{INTEGRATION}/records/{name}/{record}").body

    def fields(self, world, name, record):
        return world.opened(name, record)["body"]["fields"]

    def assert_same_ids(self, world, gone=()):
        """`gone` are rows that the environment keeps and that are no records any more: the losers of merges."""
        for name in OBJECTS:
            self.assertEqual(world.held_ids(name), sorted(set(world.ids(name)) - set(gone)), name)

    def synced(self, world, gone=(), **written):
        """Runs, and checks verdicts, ids, and how many records were written: {object: number}."""
        done = world.sync()["acme"]
        self.assertEqual(verdicts(done), ALL_VERIFIED)
        self.assert_same_ids(world, gone)
        self.assertEqual({name: done[name]["summary"]["written"] for name in OBJECTS}, dict.fromkeys(OBJECTS, 0) | written)
        return done

    def test_the_copy_follows_the_environment_from_run_to_run(self):
        world = self.world("follows")
        crm = world.organisation()
        with self.subTest("a first run copies everything"):
            self.synced(world, **SIZES)
        with self.subTest("a run without changes writes nothing"):
            done = self.synced(world)
            self.assertEqual((total(done, "deleted"), total(done, "sealed_bytes")), (0, 0))
        accounts, contacts, tasks = (world.ids(name) for name in ("Account", "Contact", "Task"))
        with self.subTest("what was changed and made is written, and nothing else"):
            crm.edit("Account", accounts[3], address1_city="Hafenstadt")
            made = crm.create("Contact", lastname="Neumann", emailaddress1="neumann@kran.example")
            self.synced(world, Account=1, Contact=1)
            self.assertEqual(self.fields(world, "Account", accounts[3])["address1_city"], "Hafenstadt")
            self.assertEqual(self.fields(world, "Contact", made)["lastname"], "Neumann")
        with self.subTest("a record moves to another parent"):
            other = next(account for account in accounts if account != crm.get("Contact", contacts[0]).get("_parentcustomerid_value"))
            crm.edit("Contact", contacts[0], **{"parentcustomerid_account@odata.bind": f"/accounts({other})"})
            self.synced(world, Contact=1)
            self.assertEqual(self.shown(world, "Contact", contacts[0])["record"]["parent"], other)
        with self.subTest("deleted rows go, and inactive ones stay"):
            crm.control("delete", object="tasks", id=tasks[0])
            crm.edit("Account", accounts[5], statecode=1, statuscode=2)
            done = self.synced(world, Account=1)
            self.assertEqual(done["Task"]["summary"]["deleted"], 1, "change tracking tells it")
            self.assertIsNotNone(world.opened("Account", accounts[5]))

    def test_the_losers_of_merges_are_gone_and_what_users_decided_goes_along(self):
        world = self.world("merged")
        crm, user = world.organisation(), self.user(world)
        self.synced(world, **SIZES)
        accounts, contacts = world.ids("Account"), world.ids("Contact")
        said = {"object": "Account", "record": accounts[1], "company": "a-company", "decision": "approved"}
        self.assertEqual(user.post(f"{INTEGRATION}/relations", said).status, 200)
        crm.merge("Account", accounts[0], accounts[1])
        crm.merge("Contact", contacts[0], contacts[1])
        done = world.sync()["acme"]
        self.assertEqual(verdicts(done), ALL_VERIFIED)
        self.assert_same_ids(world, {accounts[1], contacts[1]})
        decided = self.shown(world, "Account", accounts[0])["decisions"]
        self.assertEqual([one["company"] for one in decided], ["a-company"])

    def test_a_place_that_dataverse_forgot_is_made_up_for_and_no_deletion_is_missed(self):
        world = self.world("forgot", sizes=FEW)
        crm = world.organisation()
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        tasks = world.ids("Task")
        with self.subTest("eight days later the place has expired"):
            crm.control("delete", object="tasks", id=tasks[0])
            crm.pass_by(timedelta(days=8))
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assert_same_ids(world)
        with self.subTest("a table that is no longer tracked is read by time, and its ids are compared"):
            crm.control("set_tracked", object="tasks", tracked=False)
            crm.control("delete", object="tasks", id=tasks[1])
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assert_same_ids(world)

    def test_without_sales_there_are_no_leads_and_no_opportunities_and_nothing_failed(self):
        world = self.world("nosales", sizes={"accounts": 5, "contacts": 5, "leads": 0, "tasks": 2, "opportunities": 0})
        crm = world.organisation()
        crm.control("set_sales", there=False)
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED | {"Lead": "ABSENT", "Opportunity": "ABSENT"})
        crm.control("set_sales", there=True)
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)

    def test_trouble_with_tokens_and_limits_passes(self):
        world = self.world("trouble", sizes=FEW)
        crm = world.organisation()
        for fault in ("limit_requests", "limit_concurrent", "unavailable_503", {"kind": "cut", "after": 100, "chunked": True}):
            with self.subTest(fault=fault):
                crm.edit("Account", world.ids("Account")[0], description=str(fault))
                crm.control("add_fault", match={"path": "/api/data/v9.2/accounts"}, times=1, fault=fault)
                self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
                self.assertEqual([rule["struck"] for rule in crm.control("faults")["faults"]], [1], "it was met")
                crm.control("clear_faults")
        with self.subTest("an expired access token is renewed"):
            crm.control("expire_access_tokens")
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        self.assert_same_ids(world)
        with self.subTest("an app that Entra refuses is the operator's trouble, and the tenant's grant stays"):
            crm.control("set_token_trouble", code=7_000_222)
            crm.control("expire_access_tokens")
            user = self.user(world)
            self.assertEqual(user.post(f"{INTEGRATION}/runs").status, 202)
            until(lambda: any('"app_refused"' in line["message"] for line in world.stack.logs("sync")), "the line that rings an alarm", 60)
            self.assertEqual(user.get(INTEGRATION).body["status"], "connected")
            crm.control("set_token_trouble", code=None)
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        with self.subTest("an application user that the customer took away needs a new connection, and nothing is lost"):
            crm.control("set_application_user", there=False)
            crm.control("expire_access_tokens")
            self.assertEqual(user.post(f"{INTEGRATION}/runs").status, 202)
            until(lambda: user.get(INTEGRATION).body["status"] == "needs_reconnect", "the run to fail", 60)
            self.assertEqual(len(world.held_ids("Account")), FEW["accounts"])
            crm.control("set_application_user", there=True)
            world.operator.connect("acme", crm)
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)

    def test_an_objection_by_any_of_a_contacts_addresses_hides_the_person(self):
        world = self.world("objects", sizes=FEW)
        crm, user = world.organisation(), self.user(world)
        contact = world.ids("Contact")[0]
        addresses = [f"person-{n}@beispiel.example" for n in range(3)]
        crm.edit("Contact", contact, **dict(zip(ADDRESSES, addresses, strict=True)))
        world.strings |= set(addresses)
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        for address in addresses:
            with self.subTest(which=addresses.index(address)):
                person = {"person": {"emails": [address.upper()]}}
                self.assertEqual(user.post("/v1/objections", person).status, 201)
                withheld = user.get(f"{INTEGRATION}/records/Contact/{contact}")
                self.assertEqual(withheld.body["type"], "urn:abgleich:problem:record-withheld")
                self.assertEqual(user.post("/v1/objections/withdrawal", person).status, 200)
                self.assertEqual(user.get(f"{INTEGRATION}/records/Contact/{contact}").status, 200)

    def test_an_account_is_made_once_whatever_answer_is_lost_and_a_duplicate_is_told(self):
        world = self.world("creates", sizes=FEW)
        crm, user = world.organisation(), self.user(world)
        before = set(world.ids("Account"))
        draft = {"object": "Account", "fields": {"name": "Kranbau Hafenstadt GmbH", "address1_city": "Hafenstadt"}}
        create = lambda key, **more: user.post(f"{INTEGRATION}/creations", draft | more, idempotency_key=key)
        with self.subTest("an answer that is lost is found by the id that we chose"):
            crm.control("add_fault", match={"method": "PATCH", "path": "/api/data/v9.2/accounts"}, times=1, fault={"kind": "answer_lost"})
            made = create("crane-1")
            self.assertEqual((made.status, made.body["outcome"]), (201, "created"), made)
            self.assertEqual([rule["struck"] for rule in crm.control("faults")["faults"]], [1], "it was met")
            self.assertEqual(create("crane-1").body["id"], made.body["id"])
            self.assertEqual(set(world.ids("Account")) - before, {made.body["id"]})
        with self.subTest("what Dataverse finds to be a duplicate is told, and saved on request"):
            told = create("crane-2")
            self.assertEqual((told.status, told.body["outcome"]["maySave"]), (409, True), told)
            saved = create("crane-3", allowDuplicate=True)
            self.assertEqual((saved.status, saved.body["outcome"]), (201, "created"), saved)
            self.assertEqual(len(set(world.ids("Account")) - before), 2)

    def test_a_removal_leaves_nothing_and_says_that_the_customer_ends_the_grant(self):
        world = self.world("removal", sizes=FEW, RemovalSettleSeconds="1")
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        ids = {record for name in OBJECTS for record in world.ids(name)}
        removal.remove(world.stack, "acme", "dynamics")
        self.assertEqual(remains.of_generation(world.stack, "acme", "dynamics"), [])
        self.assertEqual(remains.of_records(world.stack, ids)[:5], [])
        with tempfile.TemporaryDirectory() as folder:
            receipt = removal.take_receipt(world.stack, "acme", "dynamics", Path(folder))
            self.assertTrue(removal.verified(Path(folder)))
        self.assertEqual((receipt["revocation"]["confirmed"], receipt["revocation"]["achieved"]), (False, "not_by_us"), receipt)


if __name__ == "__main__":
    unittest.main()
