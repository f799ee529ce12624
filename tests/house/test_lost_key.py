"""A tenant's own key is lost, so that nobody can tell who objected. The deployed API then checks, shows and creates nothing, and says why."""

import unittest

from api import INTEGRATION
from shown import Displayed

KEY = {"pk": {"S": "T#acme"}, "sk": {"S": "TENANT#v1"}}
LOST = (500, "urn:abgleich:problem:tenant-key-lost")


class LostKey(Displayed):
    name = "lost-key"

    def cold(self, operator):
        """Deploys a changed setting, so that the next request gets a process that remembers no key."""
        self.world.admit_logins(Operator=operator)

    def asked(self, person, account):
        """(status, type) of the answers that need the key: check, display, creation."""
        user = self.user
        answers = {
            "check": user.post("/v1/objections/check", {"people": [person]}),
            "list": user.get(f"{INTEGRATION}/records?object=Contact"),
            "record": user.get(f"{INTEGRATION}/records/Account/{account}"),
            "status": user.post(f"{INTEGRATION}/companies/status", {"companies": ["1"]}),
            "create": user.post(
                f"{INTEGRATION}/creations", {"object": "Account", "fields": {"Name": "Neu GmbH"}}, idempotency_key="lost-key-1"
            ),
            "objection": user.post("/v1/objections", {"person": person}),
            "assessments": user.post("/v1/assessments/search", {"person": person}),
        }
        return {way: (answer.status, answer.body.get("type")) for way, answer in answers.items()}

    def test_a_lost_key_stops_what_needs_it_until_it_is_restored(self):
        person = {"emails": ["erika@verloren.example"]}
        account = self.all("object=Account")[0]["id"]
        self.assertEqual(self.user.post("/v1/objections", {"person": person}).status, 201)
        dynamodb, table = self.world.stack.client("dynamodb"), self.world.stack.settings("api")["TABLE_TENANT_KEYS"]
        kept = dynamodb.get_item(TableName=table, Key=KEY)["Item"]
        dynamodb.delete_item(TableName=table, Key=KEY)
        self.cold("Verloren GmbH; Weg 1, 50667 Köln")
        for way, answer in self.asked(person, account).items():
            self.assertEqual(answer, LOST, way)
        self.assertNotIn("Item", dynamodb.get_item(TableName=table, Key=KEY), "nobody made another")
        dynamodb.put_item(TableName=table, Item=kept)
        told = self.ok(self.user.post("/v1/objections/check", {"people": [person]}))
        self.assertEqual(told["people"], [{"objected": True, "erased": False}])
        self.ok(self.user.get(f"{INTEGRATION}/records/Account/{account}"))


if __name__ == "__main__":
    unittest.main()
