"""A list that dispatch did not come to the end of goes on in the next invocation, which the bus brings."""

import json
import unittest

from world import OBJECTS, World, until, verdicts

SIZES = {"accounts": 9, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}


class Dispatching(unittest.TestCase):
    def test_a_list_that_was_handed_over_goes_on_where_it_stood(self):
        world = World("dispatching", sizes=SIZES)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        world.settle()
        bus = world.stack.settings("dispatch")["EVENT_BUS"]
        detail = {"rule": "daily", "places": [str(part) for part in range(8)], "invocations": 1}
        order = {"EventBusName": bus, "Source": "abgleich", "DetailType": "DispatchDue", "Detail": json.dumps(detail)}
        world.stack.client("events").put_events(Entries=[order])
        until(lambda: world.orders("SyncDue"), "dispatch to go on", 60)
        self.assertEqual(verdicts(world.ended()), dict.fromkeys(OBJECTS, "VERIFIED"))
        told = lambda: [json.loads(line["message"]) for line in world.stack.logs("dispatch") if '"goes_on":true' in line["message"].replace(" ", "")]
        [line] = until(told, "the line of dispatch", 20)
        self.assertEqual((line["begun"], line["complete"], line["handed_over"]), (1, True, False))


if __name__ == "__main__":
    unittest.main()
