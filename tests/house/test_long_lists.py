"""Lists of records with long texts, through the deployed template: a page ends at a number of bytes, and the next one goes on."""

import json
import unittest

from api import INTEGRATION, ApiWorld
from shown import Displayed
from world import ORGANISATIONS, simulators

MAX_ANSWER = 4 << 20
N, DOMAIN = 24, "werk-lang.example"


def text(n_bytes):
    """A text of about so many bytes, with characters that take two or three bytes in an answer."""
    return 'Zeile "mit Anführung" und \\ \n'.ljust(40, "x") * (n_bytes // 40)


# Together these are more than an answer can hold; the first two have to be left out.
LONG = {f"Long_{n}__c": text(900_000 - n * 1_000) for n in range(5)}


class LongLists(Displayed):
    def setUp(self):
        self.world = world = ApiWorld("long-lists", tenants=())
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        records = [{"object": "Account", "fields": {"Name": "Lange Werke GmbH"} | LONG}]
        for n in range(N):
            fields = {"LastName": f"Langmann {n}", "Email": f"lang-{n}@{DOMAIN}", "Description": text(450_000)}
            records.append({"object": "Contact", "fields": fields})
            world.strings.add(fields["Email"])
        file = world.path / "long.ndjson"
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
        world.organisations["acme"] = simulators.start(world.path, "acme", ORGANISATIONS[0], file)
        world.admit_logins()
        self.user = world.client()
        self.assertEqual(world.connect(self.user).status, 201)
        done = self.synced()
        self.assertEqual((done["Account"]["verdict"], done["Contact"]["verdict"]), ("verified", "verified"), done)

    def pages(self, ask):
        """All pages of a list; `ask` fetches the page after a cursor."""
        pages, cursor = [], None
        while not pages or cursor:
            answer = ask(cursor)
            page = self.ok(answer)
            self.assertLessEqual(len(answer.raw), MAX_ANSWER)
            pages.append(page)
            cursor = page["cursor"]
        return pages

    def test_pages_end_at_a_number_of_bytes_and_show_each_record_once(self):
        contacts, [account] = self.world.ids("Contact"), self.world.ids("Account")
        place = f"{INTEGRATION}/records"
        by_object = lambda cursor: self.user.get(f"{place}?object=Contact&limit=100" + (f"&cursor={cursor}" if cursor else ""))
        by_domain = lambda cursor: self.user.post(f"{place}/search", {"domain": DOMAIN, "limit": 100, "cursor": cursor})
        for told, ask in (("a list", by_object), ("a search", by_domain)):
            with self.subTest(told):
                pages = self.pages(ask)
                shown = [record for page in pages for record in page["records"]]
                self.assertEqual(sorted(record["id"] for record in shown), contacts, "each once")
                self.assertEqual([record["omittedFields"] for record in shown], [[]] * N)
                self.assertEqual({len(record["fields"]["Description"]) for record in shown}, {len(text(450_000))})
                self.assertIn(len(pages), range(3, N // 2 + 1))
        with self.subTest("a record that no answer can hold says what it leaves out"):
            for answer in (self.user.get(f"{place}/Account/{account}"), self.user.get(f"{place}?object=Account")):
                body = self.ok(answer)
                self.assertLessEqual(len(answer.raw), MAX_ANSWER)
                record = body["record"] if "record" in body else body["records"][0]
                self.assertEqual((record["id"], record["omittedFields"]), (account, ["Long_0__c", "Long_1__c"]))
                left = {name: value for name, value in record["fields"].items() if name in LONG}
                self.assertEqual(left, {name: LONG[name] for name in list(LONG)[2:]})
                self.assertIsNone(body.get("cursor"))


if __name__ == "__main__":
    unittest.main()
