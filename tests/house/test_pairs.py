"""Settings that cannot work together are refused when they are deployed, and by a function that got them without the template."""

import json
import tempfile
import unittest
from pathlib import Path

from botocore.exceptions import ClientError
from world import ROOT

import template
from stack import Stack

LOCAL = {"CrmLoopback": "yes"}
# (parameters, words of the refusal)
PAIRS = [
    ({"SyncTimeout": "10"}, "SyncReserveSeconds"),
    ({"SyncTimeout": "60", "SyncReserveSeconds": "59"}, "SyncReserveSeconds"),
    ({"RemovalSettleSeconds": "1", "CrmLoopback": "no"}, "RemovalSettleSeconds"),
    ({"SalesforceClientSecret": "a-secret"}, "SalesforceClientId"),
    ({"SalesforceClientId": "an-app", "CrmLoopback": "no"}, "OauthRedirectUrl"),
    ({"HubSpotClientId": "an-app"}, "HubSpotClientSecret"),
    ({"HubSpotClientId": "an-app", "HubSpotClientSecret": "a-secret", "CrmLoopback": "no"}, "OauthRedirectUrl"),
]


class Pairs(unittest.TestCase):
    def stack(self, name, **more):
        stack = Stack(f"house-pairs-{name}", **more)
        self.addCleanup(stack.down)
        return stack.up()

    def test_a_pair_that_cannot_work_is_not_deployed(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name in template.functions(template.read(ROOT / "template.yaml")).values():
            (Path(folder.name) / name).write_text("#!/bin/sh\n")
        stack = self.stack("new", programs=Path(folder.name))
        for pair, told in PAIRS:
            with self.subTest(pair), self.assertRaisesRegex(ClientError, f"ValidationError.*{told}"):
                stack.deploy(LOCAL | pair)
        stack.deploy(LOCAL | {"SyncTimeout": "10", "SyncReserveSeconds": "8", "RemovalSettleSeconds": "0"})
        with self.subTest("nor does an update bring one"), self.assertRaisesRegex(ClientError, "SyncReserveSeconds"):
            stack.deploy(LOCAL | {"SyncTimeout": "10", "SyncReserveSeconds": "9"})

    def test_a_function_that_was_given_such_a_pair_says_which_and_does_nothing(self):
        stack = self.stack("start")
        stack.deploy(LOCAL)
        functions, client = stack.functions(), stack.client("lambda")
        for function, changed, named in (
            ("sync", {"AWS_ENDPOINT_URL_KMS": "https://kms.eu-central-1.amazonaws.com"}, ["CRM_LOOPBACK", "AWS_ENDPOINT_URL_KMS"]),
            ("sync", {"SYNC_TIMEOUT_SECONDS": "10"}, ["SYNC_RESERVE_SECONDS", "SYNC_TIMEOUT_SECONDS"]),
            ("remove", {"CRM_LOOPBACK": "no", "REMOVAL_SETTLE_SECONDS": "1"}, ["REMOVAL_SETTLE_SECONDS", "CRM_LOOPBACK"]),
            ("api", {"SALESFORCE_CLIENT_SECRET": "a-secret"}, ["SALESFORCE_CLIENT_SECRET", "SALESFORCE_CLIENT_ID"]),
            ("remove", {"HUBSPOT_CLIENT_SECRET": "a-secret"}, ["HUBSPOT_CLIENT_SECRET", "HUBSPOT_CLIENT_ID"]),
        ):
            with self.subTest(function):
                variables = stack.settings(function) | changed
                client.update_function_configuration(FunctionName=functions[function], Environment={"Variables": variables})
                answer = client.invoke(FunctionName=functions[function], Payload=json.dumps({"Records": []}).encode())
                self.assertIn("FunctionError", answer)
                told = answer["Payload"].read().decode()
                self.assertIn("setting.contradiction", told)
                for name in named:
                    self.assertIn(name, told)
                self.assertNotIn("a-secret", told)


if __name__ == "__main__":
    unittest.main()
