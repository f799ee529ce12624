"""Who did what: the audit through the API, and the line of each request in the log of the deployed function."""

import json
import unittest

from api import INTEGRATION, ApiWorld

SMALL = {"accounts": 5, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}
USER = "erika.mustermann@kunde.example"


class Audit(unittest.TestCase):
    def test_what_users_changed_is_listed_and_logged_without_their_names(self):
        world = ApiWorld("audit", sizes=SMALL)
        world.strings |= {USER, "mara@kunde.example"}
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        erika, other = world.client(user=USER), world.client(user="u-2")
        self.assertEqual(world.connect(erika).status, 201)
        person = {"person": {"emails": ["mara@kunde.example"]}}
        self.assertEqual(erika.post("/v1/objections", person).status, 201)
        self.assertEqual(other.post("/v1/objections/withdrawal", person).status, 200)
        refused = other.post("/v1/integrations/elsewhere/exports", None)
        self.assertEqual(refused.status, 404, refused)

        entries = self.listed(erika, "limit=2")
        told = [(entry["what"], entry["integration"], entry["outcome"], entry["status"]) for entry in entries]
        self.assertEqual(told, [
            ("beginExport", "elsewhere", "refused", 404),
            ("withdrawObjection", None, "done", 200),
            ("recordObjection", None, "done", 201),
            ("completeConnection", "salesforce", "done", 201),
            ("beginConnection", "salesforce", "done", 201),
        ])
        hers, others = {entry["by"] for entry in entries[2:]}, {entry["by"] for entry in entries[:2]}
        self.assertEqual((len(hers), len(others), len(hers | others)), (1, 1, 2))
        self.assertTrue(all(by.startswith("keyed:") for by in hers | others))
        self.assertEqual(entries[0]["requestId"], refused.headers["x-request-id"])
        with self.subTest("by day and by what was done"):
            day = entries[0]["at"][:10]
            self.assertEqual(self.listed(erika, f"day={day}&what=recordObjection"), [entries[2]])
            self.assertEqual(self.listed(erika, "day=2020-01-01"), [])
        with self.subTest("only administrators, and only of their own tenant"):
            self.assertEqual(world.client(scopes="abgleich/read abgleich/write").get("/v1/audit").status, 403)
            self.assertEqual(self.listed(world.client("globex"), ""), [])
        with self.subTest("a removal is noted with the change itself, too"):
            self.assertEqual(erika.ask("DELETE", INTEGRATION).status, 202)
            told = {entry["what"]: entry["outcome"] for entry in self.listed(erika, "")[:2]}
            self.assertEqual(told, {"removeIntegration": "done", "removal_asked": "done"})
        with self.subTest("the log names tenant and user of each request, by a hash"):
            lines = [json.loads(line) for line in self.lines(world)]
            ended = [line for line in lines if "ms" in line and line.get("operation") in ("beginExport", "recordObjection", "listAudit")]
            self.assertGreater(len(ended), 5)
            for line in ended:
                self.assertEqual({name for name in ("user", "status", "requests") if name not in line}, set(), line)
                self.assertIn(line["tenant"], ("acme", "globex"))
            self.assertIn(("beginExport", 404, "not-found"), {(line["operation"], line["status"], line.get("problem")) for line in ended})
            self.assertEqual(len({line["user"] for line in ended}), 4, "erika, u-2, who may not, and the other tenant's")

    def listed(self, client, query):
        """All entries, page by page."""
        entries, cursor = [], ""
        while True:
            page = client.get(f"/v1/audit?{query}{cursor}".replace("?&", "?"))
            self.assertEqual(page.status, 200, page)
            entries += page.body["entries"]
            if page.body["cursor"] is None:
                return entries
            cursor = f"&cursor={page.body['cursor']}"

    def lines(self, world):
        """The lines of the function api that are JSON."""
        for line in world.stack.logs("api"):
            if line["message"].lstrip().startswith("{"):
                yield line["message"]


if __name__ == "__main__":
    unittest.main()
