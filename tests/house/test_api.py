"""The API through the deployed template: who may call what, and the path of a tenant's administrator through it."""

import concurrent.futures
import json
import re
import unittest

import yaml
from api import INTEGRATION, ApiWorld
from world import OBJECTS, ORGANISATIONS, ROOT, SIZES, until

from client import Client

CONTRACT = yaml.safe_load((ROOT / "infra/openapi.yaml").read_text())
METHODS = ("get", "put", "post", "delete", "patch")
NOBODY = "00DAB00000000Z9EAA"


def operations():
    """(method, path with ids in it, scope) of every operation that takes a token. The operator's own are signed instead."""
    for path, item in CONTRACT["paths"].items():
        for method in METHODS:
            [security] = item.get(method, {}).get("security", CONTRACT["security"]) or [{}]
            if method in item and "tokens" in security:
                filled = path.replace("{integration}", "salesforce")
                yield method.upper(), re.sub(r"{\w+}", "0123456789abcdef", filled), security["tokens"][0]


class Api(unittest.TestCase):
    def world(self, name, **given):
        world = ApiWorld(name, **given)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def assert_problem(self, answer, status, kind=None):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["content-type"], "application/problem+json", answer)
        self.assertEqual(answer.body["status"], status)
        self.assertEqual(answer.headers["x-request-id"], answer.body["requestId"])
        if kind:
            self.assertEqual(answer.body["type"], f"urn:abgleich:problem:{kind}", answer)

    def test_every_operation_with_every_kind_of_caller(self):
        world = self.world("callers", sizes={"accounts": 5, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5})
        self.assertEqual(world.connect(world.client()).status, 201)
        url, token = world.stack.api_url(), world.stack.token
        unknown = {
            "nobody": None,
            "no token": "garbage",
            "a forged one": token("acme")[:-8] + "AAAAAAAA",
            "expired": token("acme", expires_in=-10),
            "for another audience": token("acme", aud="another"),
            "of another issuer": token("acme", iss="https://evil.example"),
            "not yet good": token("acme", nbf=4_000_000_000),
        }
        everything = "abgleich/read abgleich/write abgleich/admin"
        for method, path, scope in operations():
            for who, given in unknown.items():
                self.assertEqual(Client(url, given).ask(method, path).status, 401, f"{method} {path} by {who}")
            others = " ".join(other for other in everything.split() if other != scope)
            for who, given, kind in (
                ("one without the scope", token("acme", others), "scope-missing"),
                ("one without any scope", token("acme", None), "scope-missing"),
                ("one without a tenant", token(None), "claims-malformed"),
                ("one with a malformed tenant", token("acme#salesforce"), "claims-malformed"),
                ("one without a name", token("acme", user=None), "claims-malformed"),
            ):
                with self.subTest(f"{method} {path} by {who}"):
                    self.assert_problem(Client(url, given).ask(method, path), 403, kind)
            with self.subTest(f"{method} {path} by another tenant and by the right one"):
                stranger = Client(url, token("globex")).ask(method, path)
                if "salesforce" in path:
                    # A request that lacks something is refused for that before the API looks whose record it is.
                    self.assertIn(stranger.status, (400, 404, 415, 428), stranger)
                if method == "GET":
                    right = Client(url, token("acme", scope)).ask(method, path)
                    self.assertIn(right.status, (200, 400, 404), right)
                    if "0123456789abcdef" not in path and right.status == 200 and "salesforce" in path:
                        self.assert_problem(stranger, 404)

    def test_an_administrator_connects_sets_and_syncs(self):
        world = self.world("walk")
        admin, reader = world.client(), world.client("acme", "abgleich/read")
        with self.subTest("there is nothing yet"):
            self.assertEqual(admin.get("/v1/integrations").body, {"integrations": [], "cursor": None})
            self.assert_problem(admin.get(INTEGRATION), 404)
        with self.subTest("connected by consent"):
            connected = world.connect(admin)
            self.assertEqual((connected.status, connected.body["status"]), (201, "connected"), connected)
            self.assertEqual(connected.body["organisation"], ORGANISATIONS[0][:15])
            [listed] = reader.get("/v1/integrations").body["integrations"]
            self.assertEqual(listed, connected.body)
            until(lambda: world.orders("IntegrationConnected"), "the event")
        with self.subTest("connected already"):
            refused = admin.post(f"{INTEGRATION}/connection", {"provider": "salesforce"})
            self.assert_problem(refused, 409, "integration-connected-already")
        with self.subTest("settings, in turns"):
            first = reader.get(f"{INTEGRATION}/settings")
            self.assertEqual(first.body, {"objects": list(OBJECTS), "fields": {}, "scheduleHour": None, "crmSharePercent": None})
            new = {"objects": ["Account", "Contact"], "fields": {"Account": {"vatId": "Site"}}, "scheduleHour": 5, "crmSharePercent": 30}
            self.assert_problem(admin.put(f"{INTEGRATION}/settings", new), 428)
            self.assert_problem(reader.put(f"{INTEGRATION}/settings", new, if_match=first.headers["etag"]), 403)
            put = admin.put(f"{INTEGRATION}/settings", new, if_match=first.headers["etag"])
            self.assertEqual((put.status, put.body), (200, new), put)
            self.assertNotEqual(put.headers["etag"], first.headers["etag"])
            self.assert_problem(admin.put(f"{INTEGRATION}/settings", new, if_match=first.headers["etag"]), 412)
            self.assertEqual(reader.get(f"{INTEGRATION}/settings").headers["etag"], put.headers["etag"])
        for field, bad in (("/scheduleHour", new | {"scheduleHour": 24}), ("/crmSharePercent", new | {"crmSharePercent": 0}), ("/objects", new | {"objects": []}),
                           ("/fields", new | {"fields": {"Account": {"vatId": "a b"}}}), ("/colour", new | {"colour": 1})):
            with self.subTest(f"what does not fit is named: {field}"):
                refused = admin.put(f"{INTEGRATION}/settings", bad, if_match=put.headers["etag"])
                self.assert_problem(refused, 422)
                self.assertEqual(refused.body.get("field"), field, refused)
        with self.subTest("preflight names what is there and what is not"):
            world.organisation().control("hide_field", object="Account", field="Site")
            preflight = admin.get(f"{INTEGRATION}/preflight")
            self.assertEqual(preflight.status, 200, preflight)
            self.assertTrue(preflight.body["ready"])
            account, contact = preflight.body["objects"]
            self.assertEqual((account["object"], contact["object"]), ("Account", "Contact"))
            self.assertEqual(account["missingMappedFields"], ["Site"])
            self.assertEqual(account["requiredOnCreate"], ["Name"])
            self.assertEqual(preflight.body["scopes"], {"missing": [], "excess": []}, preflight)
            [user] = world.ids("UserPermissionAccess")
            world.organisation().control("edit", object="UserPermissionAccess", id=user, fields={"PermissionsModifyAllData": True})
            wide = admin.get(f"{INTEGRATION}/preflight").body
            self.assertEqual((wide["permissions"], wide["ready"]), ({"missing": [], "excess": ["ModifyAllData"]}, True), wide)
            world.organisation().control("hide_field", object="Account", field="Site", hidden=False)
        with self.subTest("synced now, what was chosen and no more"):
            begun = admin.post(f"{INTEGRATION}/runs")
            self.assertEqual((begun.status, begun.body["begun"]), (202, True), begun)
            again = admin.post(f"{INTEGRATION}/runs")
            run = f"{INTEGRATION}/runs/{begun.body['run']}"
            if again.body["run"] == begun.body["run"]:
                self.assertFalse(again.body["begun"])
            until(lambda: reader.get(run).status == 200, "the run to end", 120)
            done = reader.get(run).body
            self.assertEqual({o["object"]: (o["verdict"], o["written"]) for o in done["objects"]},
                             {"Account": ("verified", SIZES["accounts"]), "Contact": ("verified", SIZES["contacts"])})
            self.assertEqual(world.held_ids("Lead"), [])
        with self.subTest("how it stands"):
            until(lambda: reader.get(INTEGRATION).body["openRun"] is None, "no run to be open", 60)
            shown = reader.get(INTEGRATION).body
            self.assertEqual(shown["objects"][0]["held"], SIZES["accounts"])
            self.assertTrue(shown["objects"][0]["confirmedAt"])
            fresh = reader.get(f"{INTEGRATION}/records?object=Account").body["freshness"]
            self.assertEqual(
                {one["object"]: one["confirmed"] for one in fresh}, {one["object"]: one["confirmedAt"] for one in shown["objects"]},
                "one meaning, whatever it is called",
            )
            self.assertGreater(shown["quota"]["total"], 0)
            budgets = {budget["name"]: budget for budget in shown["budgets"]}
            self.assertEqual(
                {"used": budgets["api-usage"]["used"], "total": budgets["api-usage"]["total"]}, shown["quota"],
                "the budget that is used up first, and here the only one",
            )
            self.assertEqual((budgets["api-usage"]["unit"], budgets["api-usage"]["seconds"]), ("requests", 86_400))
            self.assertRegex(shown["nextRun"], r"T05:00:00")
        with self.subTest("a field that can be read no more is named, and the last run"):
            world.organisation().control("hide_field", object="Account", field="Site")
            run = admin.post(f"{INTEGRATION}/runs").body["run"]
            until(lambda: reader.get(f"{INTEGRATION}/runs/{run}").status == 200, "the run to end", 120)
            shown = reader.get(INTEGRATION).body
            self.assertEqual([one["hiddenFields"] for one in shown["objects"]], [["Site"], []], shown)
            self.assertEqual((shown["lastRun"]["run"], shown["lastRun"]["failure"]), (run, None), shown)
            [account, _] = reader.get(f"{INTEGRATION}/runs/{run}").body["objects"]
            self.assertEqual(account["hiddenFields"], ["Site"], account)
        with self.subTest("runs, page by page"):
            first_page = reader.get(f"{INTEGRATION}/runs?limit=1").body
            self.assertEqual(len(first_page["runs"]), 1)
            self.assert_problem(reader.get(f"{INTEGRATION}/runs?limit=0"), 400)
            self.assert_problem(reader.get(f"{INTEGRATION}/runs?offset=1"), 400)

    def test_a_consent_counts_once_for_who_asked_for_it_and_for_one_organisation(self):
        world = self.world("consent", sizes={"accounts": 5, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5})
        admin = world.client()
        complete = lambda client, back: client.post("/v1/connections", back)
        with self.subTest("another tenant's or another user's state is unknown, and used up by the latter"):
            back = world.consent(admin)
            self.assert_problem(complete(world.client("globex"), back), 422, "state-unknown")
            self.assert_problem(complete(world.client("acme", user="user-2"), back), 422, "state-unknown")
            self.assert_problem(complete(admin, back), 422, "state-unknown")
        with self.subTest("a wrong code is refused, and its state used up"):
            back = world.consent(admin)
            self.assert_problem(complete(admin, back | {"code": "wrong"}), 422, "code-refused")
            self.assert_problem(complete(admin, back), 422, "state-unknown")
        with self.subTest("a made-up state is unknown"):
            refused = complete(admin, {"state": "x", "code": "y"})
            self.assert_problem(refused, 422, "state-unknown")
            self.assertEqual(refused.body["field"], "/state")
        with self.subTest("a login at a host that is none of the CRM's is refused"):
            begun = admin.post(f"{INTEGRATION}/connection", {"provider": "salesforce", "loginUrl": "https://evil.example"})
            self.assert_problem(begun, 422, "login-refused")
        with self.subTest("it counts once"):
            back = world.consent(admin)
            self.assertEqual(complete(admin, back).status, 201)
            self.assert_problem(complete(admin, back), 422, "state-unknown")
        with self.subTest("a lost grant is given again by the same organisation, and by no other"):
            world.organisation().control("expire_access_tokens")
            world.organisation().control("revoke_grant")
            self.assertEqual(admin.post(f"{INTEGRATION}/runs").status, 202)
            until(lambda: admin.get(INTEGRATION).body["status"] == "needs_reconnect", "the run to fail", 60)
            self.assert_problem(admin.post(f"{INTEGRATION}/runs"), 409, "needs-reconnect")
            world.start("other", 9, NOBODY, SIZES)
            world.admit_logins()
            refused = complete(admin, world.consent(admin, "other"))
            self.assert_problem(refused, 409, "integration-other-organisation")
            requests = world.organisation("other").control("requests")["requests"]
            self.assertIn("/services/oauth2/revoke", str(requests), "the grant is given back")
            again = complete(admin, world.consent(admin))
            self.assertEqual((again.status, again.body["generation"]), (201, 1), again)

    def test_a_grant_survives_all_who_renew_it_at_once(self):
        world = self.world("renewers", sizes={"accounts": 50})
        admin = world.client()
        self.assertEqual(world.connect(admin).status, 201)
        for _ in range(3):
            world.organisation().control("expire_access_tokens")
            self.assertEqual(admin.post(f"{INTEGRATION}/runs").status, 202)
            with concurrent.futures.ThreadPoolExecutor(6) as pool:
                answers = list(pool.map(lambda _: admin.get(f"{INTEGRATION}/preflight").status, range(6)))
            self.assertLessEqual(set(answers), {200, 503}, answers)
            self.assertIn(200, answers)
            until(lambda: admin.get(INTEGRATION).body["openRun"] is None, "the run to end", 120)
        self.assertEqual(admin.get(INTEGRATION).body["status"], "connected")
        self.assertEqual(admin.get(f"{INTEGRATION}/preflight").status, 200)

    def test_pages_of_named_origins_may_call_and_others_may_not(self):
        world = self.world("origins", tenants=(), CorsOrigins="https://app.example.com,https://other.example.com")
        asked = {"access_control_request_method": "PUT", "access_control_request_headers": "authorization,if-match"}
        client = Client(world.stack.api_url())
        preflight = client.ask("OPTIONS", "/v1/integrations", origin="https://app.example.com", **asked)
        self.assertEqual(preflight.status, 204, preflight)
        self.assertEqual(preflight.headers["access-control-allow-origin"], "https://app.example.com")
        self.assertIn("if-match", preflight.headers["access-control-allow-headers"])
        self.assertNotIn("access-control-allow-credentials", preflight.headers)
        self.assertNotIn("access-control-allow-origin", client.ask("OPTIONS", "/v1/integrations", origin="https://evil.example", **asked).headers)
        answer = world.client().get("/v1/integrations", origin="https://app.example.com")
        self.assertEqual(answer.headers["access-control-allow-origin"], "https://app.example.com")
        self.assertIn("etag", answer.headers["access-control-expose-headers"])

    def test_a_request_is_found_in_the_log_and_its_token_and_body_are_not(self):
        world = self.world("log", tenants=())
        secret = "Ottilie-Kaesebier-9471"
        answer = world.client("acme", user=secret).post("/v1/connections", {"state": secret, "code": secret, secret: 1})
        self.assert_problem(answer, 422)
        request = answer.headers["x-request-id"]
        until(lambda: any(request in line["message"] for line in world.stack.logs("api")), "the log line", 20)
        lines = [json.loads(line["message"]) for line in world.stack.logs("api") if request in line["message"]]
        self.assertEqual(lines[-1]["operation"], "completeConnection")
        world.strings |= {secret}


if __name__ == "__main__":
    unittest.main()
