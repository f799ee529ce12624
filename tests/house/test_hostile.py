"""Impatient frontends and hostile callers, through the deployed template. Whatever they send, nothing breaks, nothing forbidden is
done, and no tenant reaches another tenant's data."""

import concurrent.futures
import json
import random
import re
import string
import unittest

from api import INTEGRATION, ApiWorld
from test_create import assessment
from world import OBJECTS, until

from client import Client

import remains

CREATIONS = f"{INTEGRATION}/creations"
FEW = {"accounts": 30, "contacts": 30, "leads": 5, "tasks": 5, "opportunities": 5}
EVERYTHING = {"objects": list(OBJECTS)}


def account(name, **more):
    return {"object": "Account", "fields": {"Name": name} | more}


def noise(n):
    """Text that hardly compresses."""
    return "".join(random.Random(n).choices(string.ascii_letters + string.digits, k=n))


def flipped(cursor, at):
    return cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1:]


class House(unittest.TestCase):
    """The house of all tests of a class."""

    name, tenants, maxDiff = "hostile", ("acme", "globex"), None

    @classmethod
    def setUpClass(cls):
        cls.world = ApiWorld(cls.name, tenants=cls.tenants, sizes=FEW, RemovalSettleSeconds="1")
        cls.addClassCleanup(cls.end)
        cls.acme, cls.globex = (cls.world.client(tenant) for tenant in ("acme", "globex"))
        for tenant in cls.tenants:
            connected = cls.world.connect(cls.world.client(tenant), tenant)
            if connected.status != 201:
                raise AssertionError(connected)
        cls.world.sync()

    @classmethod
    def end(cls):
        found = cls.world.end()
        if found:
            raise AssertionError(f"found in clear: {found}")

    def create(self, key, body, client=None):
        return (client or self.acme).post(CREATIONS, body, idempotency_key=key)

    def accounts(self, tenant="acme"):
        return set(self.world.ids("Account", tenant))

    def crm_requests(self):
        requests = self.world.organisation().control("requests")["requests"]
        return {(one["method"], one["template"], one["status"]): one["count"] for one in requests}

    def assert_refused(self, answer, status, kind, **names):
        self.assertEqual((answer.status, answer.body["type"]), (status, f"urn:abgleich:problem:{kind}"), answer)
        self.assertEqual({name: answer.body.get(name) for name in names}, names, answer)
        self.assertEqual(answer.headers["x-request-id"], answer.body["requestId"])


class Hostile(House):
    def test_odd_requests_do_nothing(self):
        # Makes the tenant's keys, as the first request that needs them does.
        self.assertEqual(self.acme.post("/v1/objections/check", {"people": [{"emails": ["a@b.example"]}]}).status, 200)
        rows, requests, accounts = self.rows(), self.crm_requests(), self.accounts()
        for path in ("/%00", "/..%2f..", "/%F0%9F%98%80", "/" + "a" * 9_000, "//settings", "/salesforce%23", "/globex%23salesforce", "/SALESFORCE",
                     "/salesforce/records/Contact/%F0%9F%98%80", "/salesforce/records/Contact/a%00b", "/salesforce/records/contact/1",
                     "/salesforce/runs/" + "0" * 500, "/salesforce/exports/..", "/salesforce/records/Account/" + "1" * 200):
            with self.subTest(path[:40]):
                self.assert_refused(self.acme.get(f"/v1/integrations{path}"), 404, "not-found")
        for query, name in (("object=Contact&object=Account", "object"), ("object=Contact&limit=%EF%BC%95", "limit"), ("object=Contact&limit=%2B5", "limit"),
                            ("object=Contact&open=TRUE", "open"), ("object=Contact&since=2026-01-01", "since"), ("object=contact", "object"),
                            (f"object=Contact&owner={'x' * 3_000}", "owner"), ("object=Contact&_=1", None)):
            with self.subTest(query[:40]):
                self.assert_refused(self.acme.get(f"{INTEGRATION}/records?{query}"), 400, "bad-request", parameter=name)
        for name, body, status in (("no body", b"", 400), ("a list", b"[]", 422), ("null", b"null", 422), ("half a surrogate", b'{"object": "\\ud800"}', 400),
                                   ("deep", b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 422), ("twice", b'{"object": "Account", "object": "Lead"}', 422),
                                   ("no number", b'{"object": "Account", "fields": {"NumberOfEmployees": NaN}}', 400), ("something after", b'{"object": "Account"} {}', 400),
                                   ("a mark of byte order", b'\xef\xbb\xbf{"object": "Account"}', 400), ("1 MiB", b'{"object": "' + b"x" * (1 << 20) + b'"}', 413)):
            with self.subTest(name):
                self.assertEqual(self.acme.post(CREATIONS, body, content_type="application/json", idempotency_key="odd").status, status)
        for kind in ("text/plain", "application/json-patch+json", ""):
            with self.subTest(f"a body of {kind!r}"):
                refused = self.acme.post(CREATIONS, json.dumps(account("x")).encode(), content_type=kind, idempotency_key="odd")
                self.assert_refused(refused, 415, "unsupported-media-type", parameter="Content-Type")
        for key in ("", "a b", "x" * 256):
            with self.subTest(f"the key {key[:5]!r}"):
                self.assert_refused(self.create(key, account("x")), 400, "bad-request", parameter="Idempotency-Key")
        with self.subTest("more than a row holds"):
            self.assert_refused(self.create("large", account("x", Description=noise(900_000))), 413, "too-large")
            batch = {"records": [account(f"x{n}", Description=noise(4_000 + n)) for n in range(200)]}
            self.assert_refused(self.acme.post(f"{CREATIONS}/batch", batch, idempotency_key="large"), 413, "too-large")
            etag = self.acme.get(f"{INTEGRATION}/settings").headers["etag"]
            fields = {f"F{noise(50 + n)[:50]}{n}": None for n in range(101)}
            refused = self.acme.put(f"{INTEGRATION}/settings", EVERYTHING | {"companyFields": {"Account": fields}}, if_match=etag)
            self.assert_refused(refused, 422, "settings-unfit", field="/companyFields/Account")
        with self.subTest("nothing was asked of the CRM, nothing written, nothing made"):
            self.assertEqual(self.crm_requests(), requests)
            self.assertEqual(self.accounts(), accounts)
            self.assertEqual(self.rows(), rows)

    def rows(self):
        """Acme's rows, without what is counted and noted of each request that could change something: its allowance and the audit."""
        found = remains.rows(self.world.stack, "acme")
        return {place: row for place, row in found.items() if not re.search(r" T#acme (ALLOWANCE$|AUDIT#)", place)}

    def test_a_token_that_does_not_name_a_tenant_is_nobodys(self):
        token, url = self.world.stack.token, self.world.stack.api_url()
        for name, given in {
            "in capitals": token("ACME"), "unicode": token("acmé"), "a list": token(["acme"]), "a number": token(7), "a blank": token("acme "),
            "a null": token("acme\u0000"), "a path": token("../acme"), "two": token("acme globex"), "a key": token("acme#salesforce"), "empty": token(""),
            "too long": token("a" * 41), "a user with a line break": token("acme", user="a\nb"), "a user too long": token("acme", user="x" * 129),
        }.items():
            with self.subTest(name):
                self.assert_refused(Client(url, given).get(INTEGRATION), 403, "claims-malformed")
        # Some issuers write scopes as a list.
        self.assertEqual(Client(url, token("acme", ["abgleich/read"])).get(INTEGRATION).status, 200)
        self.assert_refused(Client(url, token("acme", ["abgleich/reader"])).get(INTEGRATION), 403, "scope-missing")
        self.assert_refused(Client(url, token("acme", "abgleich/reader abgleich/read/all")).get(INTEGRATION), 403, "scope-missing")

    def test_one_key_is_one_request_of_one_tenant(self):
        before, others = self.accounts(), self.accounts("globex")
        with self.subTest("ten at once, of three users"):
            users = [self.world.client("acme", user=f"user-{n}") for n in range(3)]
            with concurrent.futures.ThreadPoolExecutor(10) as pool:
                answers = list(pool.map(lambda n: self.create("same", account("Zugleich GmbH"), users[n % 3]), range(10)))
            # A request that comes while another one is being worked on is told to come back.
            self.assertLessEqual({answer.status for answer in answers}, {201, 503}, answers)
            [made] = {answer.body["id"] for answer in answers if answer.status == 201}
            self.assertEqual(self.accounts() - before, {made})
            self.assertTrue(all(answer.headers.get("retry-after") for answer in answers if answer.status == 503), answers)
        with self.subTest("another body"):
            self.assert_refused(self.create("same", account("Anders GmbH")), 422, "create-key-reused", parameter="Idempotency-Key")
            batch = self.acme.post(f"{CREATIONS}/batch", {"records": [account("Anders GmbH")] * 2}, idempotency_key="same")
            self.assert_refused(batch, 422, "create-key-reused", parameter="Idempotency-Key")
            self.assertEqual(self.accounts() - before, {made})
        with self.subTest("another tenant's key is another key"):
            self.assert_refused(self.globex.get(CREATIONS, idempotency_key="same"), 404, "not-found")
            created = self.create("same", account("Zugleich GmbH"), self.globex)
            self.assertEqual((created.status, self.accounts("globex") - others), (201, {created.body["id"]}), created)
            self.assertEqual(self.accounts() - before, {made})

    def test_a_cursor_goes_on_with_its_own_list_of_its_own_tenant_only(self):
        def cursor(client, query):
            return client.get(f"{INTEGRATION}/{query}").body["cursor"]

        ours, theirs = (cursor(client, "records?object=Contact&limit=5") for client in (self.acme, self.globex))
        self.assertTrue(ours and theirs)
        self.assertEqual(self.acme.get(f"{INTEGRATION}/records?object=Contact&limit=6&cursor={ours}").status, 200)
        for name, query in {
            "another tenant's": f"records?object=Contact&cursor={theirs}", "another object's": f"records?object=Lead&cursor={ours}",
            "another filter's": f"records?object=Contact&open=true&cursor={ours}", "another list's": f"relations/suggested?cursor={ours}",
            "changed": f"records?object=Contact&cursor={flipped(ours, 20)}", "changed at its end": f"records?object=Contact&cursor={flipped(ours, len(ours) - 2)}",
            "cut": f"records?object=Contact&cursor={ours[:-8]}", "lengthened": f"records?object=Contact&cursor={ours}AAAA", "no base64": "records?object=Contact&cursor=%00",
        }.items():
            with self.subTest(name):
                self.assert_refused(self.acme.get(f"{INTEGRATION}/{query}"), 422, "cursor-refused", parameter="cursor")
        with self.subTest("in a body"):
            refused = self.acme.post(f"{INTEGRATION}/records/search", {"domain": "b.example", "cursor": ours})
            self.assert_refused(refused, 422, "cursor-refused", field="/cursor")
            refused = self.acme.post("/v1/subjects/search", {"person": {"emails": ["a@b.example"]}, "cursor": ours})
            self.assert_refused(refused, 422, "cursor-refused", field="/cursor")

    def test_another_tenants_ids_are_unknown(self):
        run = self.acme.get(f"{INTEGRATION}/runs").body["runs"][0]["run"]
        export = self.acme.post(f"{INTEGRATION}/exports").body["export"]
        account = self.acme.get(f"{INTEGRATION}/records?object=Account&limit=1").body["records"][0]
        person = {"emails": ["eva.fremd@werk-vier.example"]}
        filed = self.acme.post("/v1/assessments", assessment(person=person)).body
        self.assertEqual(self.acme.post("/v1/objections", {"person": person}).status, 201)
        mine = (f"{INTEGRATION}/runs/{run}", f"{INTEGRATION}/exports/{export}", f"{INTEGRATION}/records/Account/{account['id']}", f"/v1/assessments/{filed['number']}")
        for path in mine:
            with self.subTest(path):
                self.assertEqual(self.acme.get(path).status, 200)
                self.assert_refused(self.globex.get(path), 404, "not-found")
        with self.subTest("decided about"):
            said = {"object": "Account", "record": account["id"], "company": "c", "decision": "approved"}
            self.assert_refused(self.globex.post(f"{INTEGRATION}/relations", said), 404, "not-found")
        with self.subTest("found"):
            for query in (f"parent={account['id']}", "company=c"):
                self.assertEqual(self.globex.get(f"{INTEGRATION}/records?{query}").body["records"], [])
            self.assertEqual(self.globex.post("/v1/assessments/search", {"person": person}).body["assessments"], [])
            self.assertEqual(self.globex.post("/v1/objections/check", {"people": [person]}).body["people"], [{"objected": False, "erased": False}])
            self.assertEqual(self.acme.post("/v1/objections/check", {"people": [person]}).body["people"], [{"objected": True, "erased": False}])
            self.assertEqual(self.globex.get("/v1/assessment-chain").body["entries"], 0)
        with self.subTest("created for"):
            task = {"object": "Task", "fields": {"Subject": "call", "WhatId": account["id"]}}
            before = set(self.world.ids("Task", "globex"))
            self.create("foreign", task, self.globex)
            self.assertEqual(set(self.world.ids("Task", "globex")), before, "their CRM does not know it either")
        with self.subTest("a tenant that has no integration"):
            nobody = self.world.client("initech")
            for method, path in (("GET", ""), ("GET", "/settings"), ("GET", "/runs"), ("POST", "/runs"), ("DELETE", ""), ("GET", "/removal"), ("GET", "/records?object=Account"), ("POST", "/exports")):
                self.assert_refused(nobody.ask(method, INTEGRATION + path), 404, "not-found")

    def test_settings_are_changed_from_the_version_that_was_seen(self):
        place = f"{INTEGRATION}/settings"
        etag = self.acme.get(place).headers["etag"]
        for name, given, status in (
            ("none", None, 428), ("any", "*", 428), ("a weak one", f"W/{etag}", 428), ("without quotes", etag.strip('"'), 428), ("half a quote", '"', 428),
            ("an empty one", '""', 412), ("another", '"g1-7"', 412), ("several", f'{etag}, "g1-7"', 412), ("in capitals", etag.upper(), 412),
        ):
            with self.subTest(name):
                answer = self.acme.put(place, EVERYTHING, **({"if_match": given} if given is not None else {}))
                self.assertEqual(answer.status, status, answer)
        self.assertEqual(self.acme.get(place).headers["etag"], etag)
        with self.subTest("of many who saw the same, one changes it"):
            settings = [EVERYTHING | {"scheduleHour": hour} for hour in range(6)]
            with concurrent.futures.ThreadPoolExecutor(6) as pool:
                answers = list(pool.map(lambda one: self.acme.put(place, one, if_match=etag), settings))
            self.assertEqual(sorted(answer.status == 200 for answer in answers), [False] * 5 + [True], answers)
            self.assertLessEqual({answer.status for answer in answers}, {200, 409, 412}, answers)
            [changed] = [answer for answer in answers if answer.status == 200]
            now = self.acme.get(place)
            self.assertEqual((now.body, now.headers["etag"]), (changed.body, changed.headers["etag"]))

    def test_every_answer_and_every_line_of_the_log_names_its_request(self):
        url = self.world.stack.api_url()
        seen = {
            answer.headers["x-request-id"] for answer in (
                self.acme.get("/v1/integrations"), self.acme.get(INTEGRATION + "/nothing"), self.acme.ask("PATCH", INTEGRATION), Client(url).get("/health"),
                self.create("logged", account("Protokoll GmbH")), self.acme.post(CREATIONS, {"object": 1}, idempotency_key="x"), self.acme.get(INTEGRATION + "?x=1"),
                Client(url, self.world.stack.token("acme", "abgleich/write")).get(INTEGRATION),
            )
        }
        self.assertEqual(len(seen), 8, "each has an id of its own")
        # The gateway's own answers have only the gateway's header.
        for refused in (Client(url).get(INTEGRATION), Client(url, "garbage").get(INTEGRATION), Client(url).get("/nowhere")):
            self.assertIn("apigw-requestid", refused.headers, refused)
            self.assertNotIn("x-request-id", refused.headers)
        lines = lambda: [line["message"] for line in self.world.stack.logs("api") if line["message"].startswith("{")]
        until(lambda: all(any(request in line for line in lines()) for request in seen), "the log lines", 20)
        for line in map(json.loads, lines()):
            if "_aws" in line:  # metrics of an invocation, which has at most one request
                self.assertTrue(line["request"], line)
                continue
            spans = {name for span in line.get("spans", []) for name in span}
            self.assertLessEqual({"request", "api_request"}, spans, line)


class Removed(House):
    name, tenants = "hostile-removed", ("acme",)

    def test_what_is_created_beside_a_removal_is_answered_for(self):
        before = self.accounts()
        with concurrent.futures.ThreadPoolExecutor(7) as pool:
            creations = [pool.submit(self.create, f"beside-{n}", account(f"Daneben {n} GmbH")) for n in range(12)]
            until(lambda: self.accounts() - before, "the first to be made", 20)
            removed = self.acme.delete(INTEGRATION)
            answers = [creation.result() for creation in creations]
        self.assertEqual(removed.status, 202, removed)
        self.assertLessEqual({answer.status for answer in answers}, {201, 202, 404, 409, 410}, answers)
        made = {answer.body["id"] for answer in answers if answer.status == 201}
        self.assertLessEqual(made, self.accounts() - before)
        until(lambda: self.acme.get(f"{INTEGRATION}/removal").body["stage"] == "done", "the removal to be done", 120)
        after = self.accounts()
        self.assertEqual(remains.of_generation(self.world.stack, "acme", "salesforce", 1), [])
        self.assert_refused(self.create("later", account("Danach GmbH")), 410, "integration-removed")
        self.assertEqual(self.accounts(), after)


if __name__ == "__main__":
    unittest.main()
