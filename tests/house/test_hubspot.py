"""HubSpot through the deployed template: what happens in an account, and what the copy has afterwards."""

import unittest
from datetime import datetime, timedelta, timezone

from hubspot_world import ACCOUNTS, INTEGRATION, HubSpotWorld
from world import OBJECTS, total, until, verdicts

from client import Client

ALL_VERIFIED = dict.fromkeys(OBJECTS, "VERIFIED")


class HubSpot(unittest.TestCase):
    def world(self, name, **given):
        world = HubSpotWorld(f"hs-{name}", **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def assert_same_ids(self, world, tenant="acme"):
        for name in OBJECTS:
            self.assertEqual(world.held_ids(name, tenant), sorted(world.ids(name, tenant)), name)

    def fields(self, world, name, record):
        return world.opened(name, record)["body"]["fields"]

    def user(self, world):
        return Client(world.stack.api_url(), world.stack.token("acme"))

    def shown(self, world, name, record):
        """What the API shows of a record."""
        return self.user(world).get(f"{INTEGRATION}/records/{name}/{record}").body

    def parent(self, world, name, record):
        """The record to which one belongs, as the API shows it."""
        return self.shown(world, name, record)["record"]["parent"]

    def synced(self, world, repaired=None, **written):
        """Runs, and checks verdicts, ids, and how many records were written and repaired: {object: number}. What the comparison of ids
        repairs, the reading before it has missed."""
        done = world.sync()["acme"]
        self.assertEqual(verdicts(done), ALL_VERIFIED)
        self.assert_same_ids(world)
        did = {what: {name: done[name]["summary"][what] for name in OBJECTS} for what in ("written", "repaired")}
        none = dict.fromkeys(OBJECTS, 0)
        self.assertEqual(did, {"written": none | written, "repaired": none | (repaired or {})})
        return done

    def test_the_copy_follows_the_account_from_run_to_run(self):
        world = self.world("follows")
        crm = world.organisation()
        with self.subTest("a first run copies everything"):
            self.synced(world, Account=120, Contact=150, Lead=60, Task=80, Opportunity=40)
        with self.subTest("a run without changes writes nothing"):
            done = self.synced(world)
            self.assertEqual((total(done, "deleted"), total(done, "sealed_bytes")), (0, 0))
        companies, contacts, deals, tasks = (world.ids(name) for name in ("Account", "Contact", "Opportunity", "Task"))
        with self.subTest("what was changed and made is written, and nothing else"):
            crm.edit("Account", companies[3], city="Hafenstadt")
            crm.edit("Contact", contacts[3], jobtitle="Hafenmeisterin")
            lead = crm.create("Lead", ("Account", companies[3], True), hs_lead_name="Kräne")
            self.synced(world, Account=1, Contact=1, Lead=1)
            self.assertEqual(self.fields(world, "Account", companies[3])["city"], "Hafenstadt")
            self.assertEqual(self.fields(world, "Contact", contacts[3])["jobtitle"], "Hafenmeisterin")
            self.assertEqual(self.fields(world, "Lead", lead)["hs_associated_company_name"], crm.get("Account", companies[3])["name"])
        with self.subTest("an association that moved no time stamp is seen"):
            deal = deals[0]
            [old] = crm.control("associated", object="deals", id=deal, to_object="companies")["ids"]
            new = next(company for company in companies if company != old)
            self.assertEqual(self.parent(world, "Opportunity", deal), old)
            before = crm.get("Opportunity", deal)["hs_lastmodifieddate"]
            crm.associate(("Opportunity", deal), ("Account", new), primary=True)
            self.assertEqual(crm.get("Opportunity", deal)["hs_lastmodifieddate"], before, "no stamp moved")
            world.sync()
            self.assertEqual(self.parent(world, "Opportunity", deal), new)
        with self.subTest("archived, erased and restored"):
            crm.control("archive", object="tasks", id=tasks[0])
            done = self.synced(world)
            self.assertEqual(done["Task"]["summary"]["deleted"], 1, "the recycle bin names it")
            self.assertIsNone(world.opened("Task", tasks[0]))
            crm.control("purge", object="contacts", id=contacts[0])
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assert_same_ids(world)
            self.assertEqual(done["Contact"]["summary"]["repaired"], 1, "only the comparison of ids tells it")
            self.assertIsNone(world.opened("Contact", contacts[0]))
            crm.control("restore", object="tasks", id=tasks[0])
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            self.assertEqual(done["Task"]["summary"]["repaired"], 1, "it came back with its old time stamp")
            self.assertIsNotNone(world.opened("Task", tasks[0]))
        with self.subTest("a lead vanishes by itself with its last parent"):
            crm.control("archive", object="companies", id=companies[3])
            self.assertNotIn(lead, world.ids("Lead"))
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
            self.assert_same_ids(world)

    def test_merged_records_end_in_one_whichever_id_it_has(self):
        world = self.world("merged")
        crm, user = world.organisation(), self.user(world)
        self.synced(world, Account=120, Contact=150, Lead=60, Task=80, Opportunity=40)
        companies, contacts = world.ids("Account"), world.ids("Contact")
        # Users said of each record that vanishes which company it is.
        for record, company in ((companies[1], "kept-id"), (companies[2], "new-id"), (companies[3], "new-id-too")):
            said = {"object": "Account", "record": record, "company": company, "decision": "approved"}
            self.assertEqual(user.post(f"{INTEGRATION}/relations", said).status, 200)
        kept = crm.control("merge", object="companies", primary=companies[0], other=companies[1], new_id=False)["id"]
        other = crm.control("merge", object="companies", primary=companies[2], other=companies[3], new_id=True)["id"]
        new = crm.control("merge", object="contacts", primary=contacts[0], other=contacts[1], new_id=True)["id"]
        self.assertEqual(kept, companies[0])
        self.assertNotIn(other, companies)
        self.assertNotIn(new, contacts)
        done = world.sync()["acme"]
        self.assertEqual(verdicts(done), ALL_VERIFIED)
        self.assert_same_ids(world)
        gone = [("Account", record) for record in companies[1:4]] + [("Contact", record) for record in contacts[:2]]
        for name, record in gone:
            self.assertIsNone(world.opened(name, record), name)
        with self.subTest("the survivors name them, so that no comparison of ids is needed"):
            self.assertEqual({name: done[name]["summary"]["repaired"] for name in ("Account", "Contact")}, {"Account": 0, "Contact": 0})
        with self.subTest("what users decided goes along"):
            said = lambda record: {one["company"] for one in self.shown(world, "Account", record)["decisions"]}
            self.assertEqual((said(kept), said(other)), ({"kept-id"}, {"new-id", "new-id-too"}))
        emails = self.fields(world, "Contact", new)["hs_additional_emails"]
        self.assertEqual(emails, crm.get("Contact", new)["hs_additional_emails"])

    def test_the_search_index_may_be_late(self):
        world = self.world("late", sizes={"accounts": 30, "contacts": 30, "leads": 5, "tasks": 10, "opportunities": 5})
        crm = world.organisation()
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        company = world.ids("Account")[0]
        crm.control("set_index_lag", milliseconds=50 * 60 * 1000)
        crm.edit("Account", company, city="Hafenstadt")
        made = crm.create("Account", name="Späte Kundin GmbH")
        with self.subTest("ten minutes later the index knows of neither, and the run does not claim to have seen them"):
            crm.pass_by(timedelta(minutes=10))
            done = world.sync_unsettled()["acme"]
            self.assertEqual(verdicts(done)["Account"], "VERIFIED")
            self.assertIsNotNone(world.opened("Account", made), "the comparison of ids found it")
        with self.subTest("an hour later nothing is missing"):
            done = world.sync()["acme"]
            self.assertEqual(verdicts(done), ALL_VERIFIED)
            # The comparison of ids has mended both. A window that had not waited for the index would have passed over them.
            summary = done["Account"]["summary"]
            self.assertEqual((summary["seen"], summary["unchanged"], summary["written"]), (2, 2, 0))
            self.assertEqual(self.fields(world, "Account", company)["city"], "Hafenstadt")
            self.assert_same_ids(world)

    def test_12000_records_changed_at_one_millisecond_are_drained_by_their_ids(self):
        world, n = self.world("ties", tenants=()), 12_000
        # Below the 10,000 that a search may name, a search that stopped there would lose nothing.
        records = [("companies", 1_000 + k, {"name": f"Gleichzeitig {k} GmbH", "hs_lastmodifieddate": "2025-06-30T22:00:00.000Z"}) for k in range(n)]
        world.load("acme", ACCOUNTS[0], records)
        crm = world.organisation()
        world.operator.connect("acme", crm)
        self.assertEqual(world.sync()["acme"]["Account"]["summary"]["written"], n)
        # A job of HubSpot's own touches all of them at one moment.
        self.assertEqual(crm.control("restamp", object="companies", stamp=crm.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"))["restamped"], n)
        done = world.sync()["acme"]
        summary = done["Account"]["summary"]
        self.assertEqual((summary["seen"], summary["written"], summary["repaired"]), (n, n, 0), summary)
        self.assert_same_ids(world)

    def test_without_sales_hub_there_are_no_leads_and_nothing_failed(self):
        world = self.world("nohub", tenants=())
        world.crm = ("--no-sales-hub",)
        world.load("acme", ACCOUNTS[0], [("companies", 1_001, {"name": "Ohne GmbH"})])
        world.operator.connect("acme", world.organisation())
        done = world.sync()["acme"]
        self.assertEqual(verdicts(done), ALL_VERIFIED | {"Lead": "ABSENT"})
        with self.subTest("once the account has them, they are copied"):
            world.organisation().control("set_sales_hub", there=True)
            world.organisation().create("Lead", ("Account", "1001", True), hs_lead_name="Kräne")
            self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
            self.assert_same_ids(world)

    def test_trouble_with_tokens_and_limits_passes(self):
        world = self.world("trouble", sizes={"accounts": 20, "contacts": 20, "leads": 5, "tasks": 5, "opportunities": 5})
        crm = world.organisation()
        self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED, "the first reading, which searches nothing")
        for path, fault in (
            ("/crm/objects/2026-03/companies/search", "limit_secondly"), ("/crm/objects", "limit_ten_secondly"), ("/crm/objects", "locked_423"), ("/crm/objects", "unavailable_503"),
            ("/crm/objects", "error_500"),
            ("/crm/objects", "down_521"), ("/crm/objects", {"kind": "cut", "after": 100, "chunked": True}),
        ):
            with self.subTest(fault=fault):
                crm.control("add_fault", match={"path": path}, times=1, fault=fault)
                self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
                self.assertEqual([rule["struck"] for rule in crm.control("faults")["faults"]], [1], "it was met")
                crm.control("clear_faults")
        with self.subTest("an expired access token is renewed"):
            for _ in range(2):
                crm.control("expire_access_tokens")
                self.assertEqual(verdicts(world.sync()["acme"]), ALL_VERIFIED)
        self.assert_same_ids(world)

    def test_while_hubspot_moves_the_account_the_run_pauses_says_so_and_goes_on_afterwards(self):
        world = self.world("moving")
        crm, user = world.organisation(), self.user(world)
        crm.control("add_fault", match={"path": "/crm/objects/2026-03/leads"}, times=0, fault="migrating_477")
        world.settle()
        world.stack.fire("daily")
        opened = lambda: user.get(INTEGRATION).body["openRun"]
        waits = until(lambda: (opened() or {}).get("waits"), "the run to pause", 90)
        self.assertEqual(waits["reason"], "hubspot.account_moving")
        ahead = datetime.fromisoformat(waits["until"]) - datetime.now(timezone.utc)
        self.assertTrue(timedelta(hours=23) < ahead < timedelta(hours=24, minutes=1), "HubSpot says a day")
        self.assertEqual(len(world.held_ids("Account")), 120, "what was read before is kept")
        self.assertEqual(world.orders("SyncCompleted") + world.orders("SyncFailed"), [])
        crm.control("add_fault", match={"path": "/crm"}, times=0, fault="migrating_477")
        with self.subTest("a look is one request, and the run goes on waiting"):
            run, asked, n = opened()["run"], crm.asked("/crm"), self.pauses(world)
            # HubSpot wants quiet, so who asks for the run orders no look. The hourly rule does.
            self.assertEqual(user.post(f"{INTEGRATION}/runs").body["run"], run)
            world.repeat("SyncDue")
            until(lambda: self.pauses(world) > n, "the second look", 60)
            self.assertEqual(crm.asked("/crm") - asked, 1)
            self.assertEqual((opened()["run"], opened()["waits"]["reason"], opened()["standstill"]), (run, "hubspot.account_moving", None))
        with self.subTest("once the account has moved, the next look goes on with the same run"):
            crm.control("clear_faults")
            world.repeat("SyncDue")
            self.assertEqual(verdicts(world.ended()), ALL_VERIFIED)
            self.assert_same_ids(world)
            self.assertEqual([order["run"] for order in world.orders("SyncCompleted")], [run])

    def pauses(self, world):
        """How many slices ended with a pause."""
        return sum("the run pauses" in line["message"] for line in world.stack.logs("sync"))

    def test_a_customer_who_removes_the_app_is_told_apart_from_an_app_that_hubspot_refuses(self):
        world = self.world("refused", tenants=("acme", "globex"), sizes={"accounts": 10, "contacts": 5, "leads": 2, "tasks": 2, "opportunities": 2})
        acme, globex = world.organisation("acme"), world.organisation("globex")
        acme.control("expire_access_tokens")
        acme.control("set_client", id="demo-app", secret="rotated")
        globex.control("revoke_grant")
        world.settle()
        world.stack.fire("daily")
        until(lambda: len(world.orders("SyncFailed")) == 2, "both runs to fail", 90)
        failed = {order["scope"]["tenant"]: (order["code"], order["needs_reconnect"]) for order in world.orders("SyncFailed")}
        self.assertEqual(failed, {"acme": ("hubspot.bad_client_secret", False), "globex": ("hubspot.bad_refresh_token", True)})
        with self.subTest("the operator's mistake is mended, and nobody connects again"):
            acme.control("set_client", id="demo-app", secret="demo-app-secret")
            self.assertEqual(verdicts(world.sync(["acme"])["acme"]), ALL_VERIFIED)


if __name__ == "__main__":
    unittest.main()
