"""AWS does not answer some requests, through the deployed template: callers get their answer in time, each record is made once, and a
removal takes little longer."""

import time
import unittest

from api import INTEGRATION, ApiWorld
from test_create import CREATIONS
from world import until

# Three in a hundred requests of functions are silent for half a minute; half of those are carried out.
EACH = 33
# The gateway gives up after 30 seconds, our own functions well before.
SOON = 20


class Silent(unittest.TestCase):
    def setUp(self):
        few = {"accounts": 20, "contacts": 20, "leads": 5, "tasks": 5, "opportunities": 5}
        self.world = ApiWorld("silent", sizes=few, RemovalSettleSeconds="1")
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.user = self.world.client()
        self.assertEqual(self.world.connect(self.user).status, 201)
        self.world.sync()

    def timed(self, ask):
        """Sends a request; the answer has to come soon."""
        begun = time.monotonic()
        answer = ask()
        took = time.monotonic() - begun
        self.assertLess(took, SOON, answer)
        return answer

    def test_whoever_waits_is_answered_in_time_and_a_removal_is_not_slowed_down(self):
        stack, before = self.world.stack, set(self.world.ids("Account"))
        stack.be_silent(EACH)
        made = set()
        for number in range(8):
            body = {"object": "Account", "fields": {"Name": f"Stille Werke {number} GmbH"}}
            answer = self.timed(lambda: self.user.post(CREATIONS, body, idempotency_key=f"silent-{number}"))
            if answer.status == 503:  # the caller is meant to repeat the same request
                time.sleep(int(answer.headers["retry-after"]))
                answer = self.timed(lambda: self.user.post(CREATIONS, body, idempotency_key=f"silent-{number}"))
            self.assertEqual((answer.status, answer.body["outcome"]), (201, "created"), answer)
            made.add(answer.body["id"])
            shown = self.timed(lambda: self.user.get(f"{INTEGRATION}/records?object=Account"))
            self.assertEqual(shown.status, 200, shown)
            self.assertEqual(self.timed(lambda: self.user.get(INTEGRATION)).status, 200)
        self.assertEqual(set(self.world.ids("Account")) - before, made)
        self.assertEqual(len(made), 8)
        self.assertGreater(stack.be_silent(0)["met"], 2, "some requests were met by silence")

        stack.be_silent(EACH)
        begun = time.monotonic()
        watched = self.user.ask("DELETE", INTEGRATION)
        self.assertEqual(watched.status, 202, watched)
        until(lambda: self.user.get(watched.headers["location"]).body.get("stage") == "done", "the removal to be done", 90)
        took, told = time.monotonic() - begun, stack.be_silent(0)
        self.assertGreater(told["met"], 1, told)
        # Each silent request costs one attempt and a pause; everything else takes seconds.
        self.assertLess(took, 25 + 5 * told["met"], told)


if __name__ == "__main__":
    unittest.main()
