"""Every way in which the deployed API shows the copy: what it shows, how fresh that is, and that it shows nobody who objected."""

import csv
import unittest
import urllib.parse

from api import INTEGRATION
from shown import Displayed
from world import until

import removal

PEOPLE = ("Contact", "Lead")


def quoted(text):
    return urllib.parse.quote(text, safe="")


def number_of(person):
    """A telephone number of the record that lists do not show, if it has one."""
    fields = person["fields"]
    return fields.get("MobilePhone") or fields.get("Phone")


class Display(Displayed):
    name, companies, parameters = "display", 300, {"RemovalSettleSeconds": "1"}

    def status(self, *companies):
        told = self.ok(self.user.post(f"{INTEGRATION}/companies/status", {"companies": list(companies)}))
        self.assert_fresh(told)
        return told["companies"]

    def picture(self, company):
        told = self.ok(self.user.get(f"{INTEGRATION}/companies?company={quoted(company)}"))
        self.assert_fresh(told)
        return told

    def record(self, record):
        return self.user.get(f"{INTEGRATION}/records/{record['object']}/{record['id']}")

    def decide(self, record, company, decision):
        said = {"object": record["object"], "record": record["id"], "company": company, "decision": decision}
        return self.user.post(f"{INTEGRATION}/relations", said)

    def assert_fresh(self, answer):
        """Every answer says when what it shows was last confirmed."""
        self.assertEqual(len(answer["freshness"]), 5, answer)
        for one in answer["freshness"]:
            self.assertRegex(one["confirmed"], r"^20\d\d-", answer)

    def assert_problem(self, answer, status, kind):
        self.assertEqual((answer.status, answer.body["type"]), (status, f"urn:abgleich:problem:{kind}"), answer)

    def ways(self, person):
        """The ways in which a person is shown."""
        company = person["relations"][0]["company"]
        told = self.record(person)
        pictured = self.picture(company)["records"]
        ways = {
            "by object": self.all(f"object={person['object']}", 100),
            "by company": self.all(f"company={quoted(company)}"),
            "by e-mail address": self.search(email=person["email"].upper()),
            "by domain": self.search(domain=person["email"].rsplit("@", 1)[1]),
            "record": [told.body["record"]] if told.status == 200 else [],
            "picture": pictured + [child for record in pictured for child in record["children"]],
            "status": self.status(company)[0]["records"],
            "suggestions": [one["record"] for one in self.suggestions()],
        }
        if person["parent"]:
            ways["by parent"] = self.all(f"parent={person['parent']}&object=Contact")
        return {way for way, shown in ways.items() if person["id"] in [record["id"] for record in shown]}

    def test_every_way_of_the_display(self):
        with self.subTest("lists keep to their filters"):
            accounts = self.all("object=Account")
            owner = next(record["owner"] for record in accounts if record["owner"])
            mine = self.all(f"object=Account&owner={owner}")
            self.assertEqual({r["id"] for r in mine}, {r["id"] for r in accounts if r["owner"] == owner})
            since = sorted(record["modified"] for record in accounts)[len(accounts) // 2]
            late = self.all(f"object=Account&since={quoted(since)}")
            self.assertEqual({r["id"] for r in late}, {r["id"] for r in accounts if r["modified"] >= since})
            for status in ("automatic", "suggested"):
                found = self.all(f"object=Account&status={status}")
                self.assertTrue(found, status)
                self.assertTrue(all(status in [one["status"] for one in record["relations"]] for record in found))
            page = self.ok(self.user.get(f"{INTEGRATION}/records?object=Account&limit=5"))
            self.assert_fresh(page)
            self.assertTrue(all(record["confirmed"] and record["copied"] for record in page["records"]))
            other = self.user.get(f"{INTEGRATION}/records?object=Account&open=true&cursor={page['cursor']}")
            self.assert_problem(other, 422, "cursor-refused")
            self.assertEqual(self.user.get(f"{INTEGRATION}/records?object=Case").status, 400)
        parents = {record["parent"] for record in self.all("object=Opportunity")}
        sure = next(r for r in accounts if r["id"] in parents and [one["status"] for one in r["relations"]] == ["automatic"])
        company = sure["relations"][0]["company"]
        with self.subTest("a single record has its relation, and why"):
            told = self.ok(self.record(sure))
            self.assert_fresh(told)
            [relation] = told["record"]["relations"]
            self.assertEqual((relation["company"], relation["status"]), (company, "automatic"))
            self.assertTrue(relation["evidence"])
            for evidence in relation["evidence"]:
                self.assertEqual(set(evidence), {"field", "agreement", "weight", "words"})
                self.assertRegex(evidence["words"], "^[A-Z].* ")
            self.assertEqual(told["record"]["fields"]["Name"], self.world.organisation().control("get", object="Account", id=sure["id"])["fields"]["Name"])
            self.assert_problem(self.record(sure | {"id": "0123456789abcdef"}), 404, "not-found")
        with self.subTest("status and picture agree"):
            [told, nothing] = self.status(company, "no-such-company")
            self.assertEqual((told["inCrm"], told["records"][0]["id"]), ("yes", sure["id"]))
            self.assertTrue(told["confirmed"])
            self.assertEqual((nothing["inCrm"], nothing["records"], nothing["relatedRecords"]), ("no", [], 0))
            picture = self.picture(company)
            self.assertEqual(picture["status"] | {"confirmed": None}, told | {"confirmed": None})
            self.assertEqual(picture["records"][0]["id"], sure["id"])
            # A contact that is itself related to the company is among the company's records.
            pictured = {r["id"] for r in picture["records"] + picture["records"][0]["children"]}
            self.assertLessEqual({r["id"] for r in self.all(f"parent={sure['id']}")}, pictured)
            self.assertTrue(picture["records"][0]["children"])
        with self.subTest("what is suggested is approved, blocked, taken back; what is not, is linked and unlinked by hand"):
            of_accounts = [one for one in self.suggestions() if one["record"]["object"] == "Account"]
            left = {(one["record"]["id"], one["company"]) for one in of_accounts}
            suggested = list({one["record"]["id"]: one for one in of_accounts}.values())
            self.assertGreater(len(suggested), 1)
            self.assertGreater(len(left), len(suggested), "a record may be either of two companies")
            self.assertTrue(all(one["evidence"] for one in suggested))
            for one, decision in zip(suggested, ("approved", "blocked")):
                told = self.ok(self.decide(one["record"], one["company"], decision))
                self.assert_fresh(told)
                status = {relation["company"]: relation["status"] for relation in told["relations"]}
                self.assertEqual(status[one["company"]], decision)
            self.synced()
            for one, decision in zip(suggested, ("approved", "blocked")):
                told = self.ok(self.record(one["record"]))
                self.assertIn((one["company"], decision), [(r["company"], r["status"]) for r in told["record"]["relations"]], "after a run, too")
                self.assertEqual(told["decisions"][0]["decision"], decision)
            now = {(one["record"]["id"], one["company"]) for one in self.suggestions()}
            self.assertFalse(now & {(one["record"]["id"], one["company"]) for one in suggested[:2]})
            blocked = suggested[1]
            self.ok(self.decide(blocked["record"], blocked["company"], "withdrawn"))
            # The index is some moments behind.
            until(lambda: (blocked["record"]["id"], blocked["company"]) in {(o["record"]["id"], o["company"]) for o in self.suggestions()} & left, "it to be suggested again", 20)
            self.assertEqual(self.ok(self.decide(sure, "by-hand", "approved"))["relations"][0]["company"], "by-hand")
            until(lambda: self.status("by-hand")[0]["inCrm"] == "yes", "the index to know", 20)
            unlinked = self.ok(self.decide(sure, "by-hand", "withdrawn"))["relations"]
            self.assertEqual([one["company"] for one in unlinked], [company])
            until(lambda: self.status("by-hand")[0]["inCrm"] == "no", "the index to forget", 20)

    def test_people_without_an_account_find_their_company(self):
        with (self.world.path / "companies.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        domains = [row["domain"] for row in rows]
        own = [row for row in rows if row["domain"] and domains.count(row["domain"]) == 1 and row["zip"] and row["city"]]
        company, other = own[0], own[1]
        made = {
            "by its address": self.create("Contact", LastName="Allein", Email=f"eva.allein@{company['domain']}"),
            "a lead, by name and address": self.create("Lead", LastName="Allein", Company=company["name"], Email=f"ada.allein@{company['domain']}"),
            "free mail": self.create("Contact", LastName="Allein", Email="eva.allein@gmail.com"),
            "a stranger": self.create("Contact", LastName="Allein", Email="eva.allein@niemands-firma.example"),
            "by a field of the customer's own": self.create(
                "Contact", LastName="Allein", Email="ida.allein@gmail.com", Department=other["name"],
                MailingStreet=other["street"], MailingPostalCode=other["zip"], MailingCity=other["city"],
            ),
        }
        self.synced()

        def found(name):
            """{company: (status, {field: agreement})} of a record."""
            told = self.ok(self.record({"object": "Lead" if "lead" in name else "Contact", "id": made[name]}))
            self.assertIsNone(told["record"]["parent"])
            return {one["company"]: (one["status"], {evidence["field"]: evidence["agreement"] for evidence in one["evidence"]}) for one in told["record"]["relations"]}

        for name in ("by its address", "a lead, by name and address"):
            with self.subTest(name):
                self.assertEqual(list(found(name)), [company["id"]])
                self.assertIn("domain", found(name)[company["id"]][1])
        self.assertEqual(found("a lead, by name and address")[company["id"]][0], "automatic")
        for name in ("free mail", "a stranger"):
            with self.subTest(name):
                self.assertEqual(found(name), {})
        with self.subTest("the company has them, as what it is related to"):
            of_company = {record["id"] for record in self.all(f"company={quoted(company['id'])}")}
            self.assertLessEqual({made["by its address"], made["a lead, by name and address"]}, of_company)
            self.assertNotEqual(self.status(company["id"])[0]["inCrm"], "no")
        with self.subTest("a field that the administrator says the meaning of counts, too"):
            # So far it was found by its address; the evidence does not claim that the name differs.
            self.assertNotIn("name", found("by a field of the customer's own")[other["id"]][1])
            settings = self.user.get(f"{INTEGRATION}/settings")
            changed = settings.body | {"fields": {"Contact": {"company": "Department"}}}
            self.ok(self.user.put(f"{INTEGRATION}/settings", changed, if_match=settings.headers["etag"]))
            self.synced()
            self.assertEqual(found("by a field of the customer's own")[other["id"]][1].get("name"), "equal")

    def test_pages_are_stable_while_records_change(self):
        before, organisation = set(self.world.ids("Contact")), self.world.organisation()
        seen, cursor, rounds = [], "", 0
        while cursor is not None:
            page = self.ok(self.user.get(f"{INTEGRATION}/records?object=Contact&limit=20" + (f"&cursor={cursor}" if cursor else "")))
            seen, cursor, rounds = seen + [record["id"] for record in page["records"]], page["cursor"], rounds + 1
            if rounds == 3:
                # Some records go and some change, among those that were shown and those that were not; others are added.
                rest = sorted(before - set(seen))
                gone = {seen[0], seen[7], rest[0], rest[9]}
                for contact in gone:
                    organisation.control("soft_delete", object="Contact", id=contact)
                for contact in (seen[1], rest[1]):
                    organisation.control("edit", object="Contact", id=contact, fields={"Title": "Werkleiterin"})
                come = {self.create("Contact", LastName=f"Neu {n}") for n in range(8)}
                self.synced()
        self.assertEqual(len(seen), len(set(seen)), "none comes twice")
        self.assertLessEqual(before - gone, set(seen), "whoever was there all the time is there")
        self.assertLessEqual(set(seen), before | come)
        self.assertEqual({record["id"] for record in self.all("object=Contact")}, before - gone | come)

    def test_whoever_objects_is_shown_nowhere_also_after_another_connection(self):
        people = [record for name in PEOPLE for record in self.all(f"object={name}") if record["email"] and record["relations"]]
        emails = [person["email"].lower() for person in people]
        alone = [person for person in people if emails.count(person["email"].lower()) == 1]
        contact = next(person for person in alone if person["object"] == "Contact" and person["parent"] and number_of(person))
        doubtful = next(person for person in alone if person is not contact and person["relations"][0]["status"] == "suggested")
        neighbour = next(person for person in alone if person not in (contact, doubtful))
        shown = {person["id"]: self.ways(person) for person in (contact, doubtful, neighbour)}
        for person in (contact, doubtful, neighbour):
            self.assertLessEqual({"by object", "by company", "by e-mail address", "record", "picture", "status"}, shown[person["id"]])
        self.assertIn("suggestions", shown[doubtful["id"]])
        self.assertIn("by parent", shown[contact["id"]])
        objections = {
            "address": {"emails": [contact["email"]]}, "number": {"phones": [number_of(contact)]},
            "name and company": {"name": contact["label"], "company": self.ok(self.user.get(f"{INTEGRATION}/records/Account/{contact['parent']}"))["record"]["company"]},
        }
        for by, person in objections.items():
            with self.subTest(f"an objection by {by} counts from the next request on, and its withdrawal too"):
                self.ok(self.user.post("/v1/objections", {"person": person}), 201)
                self.assertEqual(self.ways(contact), set())
                self.assert_problem(self.record(contact), 404, "record-withheld")
                self.assert_problem(self.decide(contact, "by-hand", "approved"), 404, "record-withheld")
                self.assertEqual(self.ways(neighbour), shown[neighbour["id"]])
                self.assertEqual(self.ok(self.user.post("/v1/objections/withdrawal", {"person": person})), {"withdrawn": 1})
                self.assertEqual(self.ways(contact), shown[contact["id"]])
        with self.subTest("what is held of the person is still told, and kept in step"):
            for person in (contact, doubtful):
                self.ok(self.user.post("/v1/objections", {"person": {"emails": [person["email"]]}}), 201)
            done = self.synced()
            self.assertEqual((done["Contact"]["verdict"], done["Lead"]["verdict"]), ("verified", "verified"))
            for person in (contact, doubtful):
                self.assertEqual(self.ways(person), set())
                self.assertIn(person["id"], self.world.held_ids(person["object"]))
                held = self.ok(self.user.post("/v1/subjects/search", {"person": {"emails": [person["email"]]}}))
                self.assertIn(person["id"], [record["id"] for record in held["records"]])
                self.assertEqual(held["marks"], {"objected": True, "erased": False})
        with self.subTest("after a removal and another connection, too"):
            removal.remove(self.world.stack, "acme", "salesforce")
            self.assertEqual(self.world.connect(self.user).body["generation"], 2)
            self.synced()
            for person in (contact, doubtful):
                self.assertEqual(self.ways(person), set())
                self.assert_problem(self.record(person), 404, "record-withheld")
            self.assertEqual(self.ways(neighbour), shown[neighbour["id"]])
            self.ok(self.user.post("/v1/objections/withdrawal", {"person": {"emails": [doubtful["email"]]}}))
            self.assertEqual(self.ways(doubtful), shown[doubtful["id"]])
            self.assertEqual(self.ways(contact), set())


if __name__ == "__main__":
    unittest.main()
