"""The console in a real browser, on the deployed template: each flow of tests/browser/flows is a test."""

import gzip
import sys
import unittest
from pathlib import Path

from api import INTEGRATION, ApiWorld

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

import browser
from client import ask

OBJECTS = {"Account": "Accounts", "Contact": "Contacts", "Lead": "Leads", "Task": "Tasks", "Opportunity": "Opportunities"}
EMAIL = "mara.beispiel@musterwerk.example"
# More contacts than may vanish in one run.
HELD = 110
# The most that a first visit may load, compressed.
FIRST_LOAD = 200_000


class Console(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = ApiWorld("console", tenants=("acme", "globex"), RemovalSettleSeconds="1")
        cls.addClassCleanup(cls.end)
        cls.url = f"{cls.world.stack.console_url('acme', 'globex', 'initech', 'umbrella')}/"
        cls.world.admit_logins(OauthRedirectUrl=f"{cls.url}connected", RemovalSettleSeconds="1")
        for tenant in ("acme", "globex"):
            cls.world.operator.connect(tenant, cls.world.organisation(tenant))
        cls.world.sync()

    @classmethod
    def end(cls):
        found = cls.world.end()
        if found:
            raise AssertionError(f"found in clear: {found}")

    def flow(self, name, tenant="acme", **given):
        issuer = self.world.stack.settings("console")["TOKEN_ISSUER"]
        hosts = [crm.url for crm in self.world.organisations.values()]
        wrong = browser.flow(name, console=self.url, issuer=issuer, hosts=hosts, tenant=tenant, **given)
        self.assertEqual(wrong, "", wrong)

    def known(self):
        """What the API tells of acme's connection at this moment, so that no test has to know what another has done to it."""
        user = self.world.client()
        state, runs = user.get(INTEGRATION).body, user.get(f"{INTEGRATION}/runs?limit=100").body["runs"]
        return {"held": {OBJECTS[one["object"]]: one["held"] for one in state["objects"]}, "runs": len(runs)}

    def test_a_login_keeps_tokens_in_memory_and_offers_what_is_allowed(self):
        self.flow("login")

    def test_a_logout_ends_the_login_here_and_at_the_issuer(self):
        self.flow("logout")

    def test_a_connection_is_seen_synced_checked_and_set(self):
        known = self.known()
        self.assertTrue(all(n > 0 for n in known["held"].values()), known)
        self.flow("connections", **known)

    def test_it_speaks_german(self):
        self.flow("german")

    def test_pages_keep_their_looks_whatever_was_seen_before(self):
        self.flow("styles")

    def test_it_works_by_keyboard_alone(self):
        self.flow("keyboard")

    def test_errors_say_what_is_wrong_and_a_login_that_ran_out_costs_nothing(self):
        self.flow("errors")

    def test_a_tenant_without_a_crm_connects_one(self):
        self.flow("connect")

    def test_a_crm_is_connected_though_no_window_opens(self):
        self.flow("connect_blocked")

    def test_deletions_that_are_held_back_are_explained_and_decided_and_a_removal_ends_with_a_receipt(self):
        self.world.settle()
        for record in self.world.ids("Contact", "globex")[:HELD]:
            self.world.organisation("globex").control("soft_delete", object="Contact", id=record)
        self.world.sync(["globex"])
        self.flow("held", tenant="globex", n=HELD)
        self.world.ended("globex")
        self.flow("removal", tenant="globex")

    def test_a_person_is_created_once_and_after_an_assessment(self):
        def people():
            return self.world.organisation().count(f"SELECT COUNT() FROM Contact WHERE Email = '{EMAIL}'")

        self.world.strings |= {EMAIL, "Mara Beispiel"}
        self.flow("create", email=EMAIL)
        self.assertEqual(people(), 1)

    def test_pages_come_through_the_gateway_as_they_were_built(self):
        address = f"{self.url}connections"
        page = ask("GET", address)
        self.assertEqual((page.status, page.headers["cache-control"]), (200, "no-cache"))
        self.assertNotIn("unsafe", page.headers["content-security-policy"])
        self.assertEqual(ask("GET", address, headers={"If-None-Match": page.headers["etag"]}).status, 304)
        self.assertEqual(ask("HEAD", address).raw, b"")
        self.assertEqual(ask("GET", f"{self.url}removal").raw, page.raw)
        self.assertEqual(ask("GET", f"{self.url}assets/none.js").status, 404)
        self.assertEqual(ask("GET", self.url.rstrip("/")).headers["location"], "console/connections")

    def test_a_first_visit_loads_less_than_200_kb(self):
        page = ask("GET", f"{self.url}connections").raw.decode()
        names = [part.split('"')[0] for part in page.split('="./')[1:]]
        self.assertTrue([name for name in names if name.endswith(".js")], page)
        sizes = {}
        for name in ["connections", *names]:
            answer = ask("GET", self.url + name, headers={"Accept-Encoding": "gzip"})
            self.assertEqual(answer.status, 200, name)
            if answer.headers.get("content-encoding") == "gzip":
                self.assertGreater(len(gzip.decompress(answer.raw)), len(answer.raw))
            sizes[name] = len(answer.raw)
        self.assertLess(sum(sizes.values()), FIRST_LOAD, sizes)
        print(f"the console's first visit: {len(sizes)} files, {sum(sizes.values()):,} bytes")


if __name__ == "__main__":
    unittest.main()
