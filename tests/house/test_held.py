"""More records vanish in the CRM than may vanish from the copy: the deletions are held back, shown, decided, and carried out by the next run."""

import unittest

from api import INTEGRATION
from shown import Displayed
from world import SIZES, until

HELD = f"{INTEGRATION}/held"
# This is more than the number that may always vanish, and more than the share of contacts that may.
N = 110


class Held(Displayed):
    name, parameters = "held", {"fresh": True}

    def refused(self, answer, status, kind):
        self.assertEqual((answer.status, answer.body["type"]), (status, f"urn:abgleich:problem:{kind}"), answer)

    def decide(self, run, decision, user=None):
        return (user or self.user).post(HELD, {"run": run, "decision": decision})

    def vanish(self, ids):
        # All of them are on one page of changes; deletions on several pages could go through up to the limit.
        for record in ids:
            self.world.organisation().control("soft_delete", object="Contact", id=record)

    def after_answer(self):
        """Waits for the run that a decision began; returns {object: what it did}."""
        until(lambda: self.user.get(INTEGRATION).body["openRun"] is None, "the run to end", 180)
        return {done["object"]: done for done in self.ok(self.user.get(f"{INTEGRATION}/runs"))["runs"][0]["objects"]}

    def test_deletions_are_held_back_shown_and_confirmed(self):
        self.assertEqual(self.ok(self.user.get(HELD)), {"run": None, "since": None, "objects": [], "decision": None})
        self.refused(self.decide(self.ok(self.user.get(f"{INTEGRATION}/runs"))["runs"][0]["run"], "confirm"), 409, "held-nothing")
        self.world.settle()
        contacts = self.world.ids("Contact")
        gone, left = contacts[:N], contacts[N:]
        self.vanish(gone)
        for day in range(2):
            left.append(self.create("Contact", LastName=f"Neuzugang {day}"))
            done = self.synced()
            contact = done["Contact"]
            self.assertEqual((contact["verdict"], contact["records"], contact["written"], contact["deleted"]), ("held", N, 1, 0), done)
            self.assertEqual((contact["deletionsWaiting"], contact["deletionsHeld"]), (N, 0 if day else N))
            self.assertEqual({done[name]["verdict"] for name in done if name != "Contact"}, {"verified"}, done)
            self.assertEqual(sorted(record["id"] for record in self.all("object=Contact", 100)), sorted(left))
            self.refused(self.user.get(f"{INTEGRATION}/records/Contact/{gone[0]}"), 404, "record-vanished")
        events = self.world.orders("DeletionsHeld")
        self.assertEqual([[held["waiting"], held["new"]] for event in events for held in event["objects"]], [[N, N], [N, 0]])
        [shown] = [one for one in self.ok(self.user.get(INTEGRATION))["objects"] if one["object"] == "Contact"]
        self.assertEqual((shown["verdict"], shown["held"], shown["deletionsWaiting"], shown["deletionsLeft"]), ("held", SIZES["contacts"] + 2, N, 0))

        question = self.ok(self.user.get(HELD))
        [contact] = question["objects"]
        self.assertEqual((contact["object"], contact["waiting"], contact["left"], len(contact["sample"])), ("Contact", N, 0, 20))
        self.assertLessEqual(set(contact["sample"]), set(gone))
        self.assertEqual(self.world.operator.run("held", "--tenant", "acme", "--integration", "salesforce")["objects"], question["objects"])
        runs = [run["run"] for run in self.ok(self.user.get(f"{INTEGRATION}/runs"))["runs"]]
        self.assertEqual(question["run"], runs[1], "the run that held back, not the one after it")

        with self.subTest("who may not, and what is wrong"):
            for scope in ("abgleich/read", "abgleich/write", "abgleich/read abgleich/write"):
                user = self.world.client(scopes=scope)
                for answer in (user.get(HELD), self.decide(question["run"], "confirm", user)):
                    self.assertEqual(answer.status, 403, answer)
            self.refused(self.decide(runs[0], "confirm"), 409, "held-other-run")
            self.refused(self.decide("018bcfe56800-00000000", "confirm"), 404, "not-found")
            wrong = self.decide(question["run"], "perhaps")
            self.assertEqual((wrong.status, wrong.body["field"]), (422, "/decision"), wrong)

        noted = self.ok(self.decide(question["run"], "confirm"), 202)
        self.assertEqual((noted["decision"]["run"], noted["decision"]["decision"]), (question["run"], "confirm"))
        done = self.after_answer()["Contact"]
        self.assertEqual((done["verdict"], done["deleted"], done["deletionsWaiting"]), ("verified", N, 0), done)
        self.assertEqual(done["decision"], noted["decision"], "the run says whose answer it carried out")
        self.assertEqual(self.world.held_ids("Contact"), sorted(left))
        self.assertEqual(self.ok(self.user.get(HELD))["objects"], [])
        [decided] = self.world.orders("DeletionsDecided")
        self.assertEqual((decided["run"], decided["decision"], decided["objects"][0]["waiting"]), (question["run"], "confirm", N))
        [audited] = self.audited("deletions_confirm")
        self.assertEqual((audited["run"]["S"], audited["n_Contact"]["N"], audited["by"]["S"]), (question["run"], str(N), noted["decision"]["decidedBy"]))

    def test_what_was_left_is_shown_again_and_can_be_confirmed_after_all(self):
        self.world.settle()
        contacts = self.world.ids("Contact")
        self.vanish(contacts[:N])
        self.assertEqual(self.synced()["Contact"]["verdict"], "held")
        run = self.ok(self.user.get(HELD))["run"]
        words = ("held", "--tenant", "acme", "--integration", "salesforce", "--run", run, "--decision")
        self.assertEqual(self.world.operator.run(*words, "leave")["decision"]["answer"], "leave")
        done = self.after_answer()["Contact"]
        self.assertEqual((done["verdict"], done["records"], done["deletionsWaiting"], done["deletionsLeft"]), ("held", N, 0, N), done)
        shown = {record["id"]: record["deletedInCrm"] for record in self.all("object=Contact", 100)}
        self.assertEqual(shown, {record: n < N for n, record in enumerate(contacts)})
        self.ok(self.decide(run, "confirm"), 202)
        self.assertEqual(self.after_answer()["Contact"]["verdict"], "verified")
        self.assertEqual(self.world.held_ids("Contact"), sorted(contacts[N:]))

    def audited(self, what):
        dynamodb, ledger = self.world.stack.client("dynamodb"), self.world.stack.settings("api")["TABLE_LEDGER"]
        rows = (item for page in dynamodb.get_paginator("scan").paginate(TableName=ledger) for item in page["Items"])
        return [row for row in rows if row.get("what", {}).get("S") == what]


if __name__ == "__main__":
    unittest.main()
