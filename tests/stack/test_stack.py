"""The local stack keeps its promises to the tests, shown with a small template and a function of a few lines."""

import os
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from stack import Stack

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Word: {Type: String, Default: none}
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: !Sub '${AWS::StackName}'}}
  Ledger:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
  Pages: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  Late: {Type: AWS::SQS::Queue}
  DispatchFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: bootstrap
      Runtime: provided.al2023
      Timeout: 30
      Environment: {Variables: {TABLE: !Ref Ledger, BUS: !Ref Bus, WORD: !Ref Word}}
      Policies:
        - Version: '2012-10-17'
          Statement:
            - {Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Ledger.Arn}
            - {Effect: Allow, Action: events:PutEvents, Resource: !GetAtt Bus.Arn}
      Events:
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day), Input: '{"kind":"daily"}'}}
        Hourly: {Type: Schedule, Properties: {Schedule: rate(1 hour), Input: '{"kind":"hourly"}'}}
Outputs:
  Ledger: {Value: !Ref Ledger}
"""

FUNCTION = """
import json, os, urllib.request
import boto3
runtime = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(runtime + "next") as answer:
        request, event = answer.headers["Lambda-Runtime-Aws-Request-Id"], json.load(answer)
    print("the word is " + os.environ["WORD"], flush=True)
    table = boto3.client("dynamodb")
    table.put_item(TableName=os.environ["TABLE"], Item={"pk": {"S": event["kind"]}, "told": {"B": os.environ["WORD"].encode()}})
    boto3.client("events").put_events(Entries=[
        {"EventBusName": os.environ["BUS"], "Source": "test", "DetailType": "Told", "Detail": json.dumps({"word": os.environ["WORD"]})}
    ])
    try:
        table.scan(TableName=os.environ["TABLE"])
        may_scan = True
    except Exception as error:
        may_scan = type(error).__name__
    body = json.dumps({"told": event["kind"], "may_scan": may_scan, "leaked": os.environ.get("STACK_TEST_LEAK") or os.environ.get("LOG_LEVEL")})
    urllib.request.urlopen(urllib.request.Request(runtime + request + "/response", data=body.encode())).read()
"""

WORD = "Ottilie Käsebier"


class Local(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        (cls.folder / "template.yaml").write_text(TEMPLATE)
        program = cls.folder / "dispatch"
        program.write_text(f"#!{sys.executable}\n{textwrap.dedent(FUNCTION)}")
        program.chmod(0o755)
        os.environ["STACK_TEST_LEAK"] = "a setting of whoever runs the tests"
        cls.addClassCleanup(os.environ.pop, "STACK_TEST_LEAK")
        cls.one = cls.stack("one")
        cls.one.deploy({"Word": WORD})
        cls.fired = cls.one.fire("daily")

    @classmethod
    def stack(cls, name):
        made = Stack(f"test-{name}-{os.getpid()}", programs=cls.folder, template_file=cls.folder / "template.yaml")
        cls.addClassCleanup(made.down)
        return made.up()

    def test_the_rule_hands_its_own_input_to_the_function(self):
        self.assertEqual((self.fired["input"], self.fired["answer"]["told"]), ({"kind": "daily"}, "daily"))

    def test_a_function_may_do_what_its_role_allows_and_no_more(self):
        self.assertEqual(self.fired["answer"]["may_scan"], "ClientError")

    def test_a_function_sees_the_template_s_settings_and_not_ours(self):
        self.assertEqual(self.one.settings("dispatch")["WORD"], WORD)
        self.assertIsNone(self.fired["answer"]["leaked"])

    def test_events_and_logs_are_heard(self):
        self.assertIn({"word": WORD}, [event["detail"] for event in self.one.events()])
        self.assertIn(f"the word is {WORD}", [line["message"] for line in self.one.logs("dispatch")])

    def test_the_sweep_looks_into_tables_buckets_queues_events_and_logs(self):
        s3, sqs = self.one.client("s3"), self.one.client("sqs")
        [bucket] = self.one.resources("AWS::S3::Bucket").values()
        [queue] = [url for url in self.one.resources("AWS::SQS::Queue").values()]
        for body in (WORD, "overwritten"):
            s3.put_object(Bucket=bucket, Key="page", Body=body.encode())
        sqs.send_message(QueueUrl=queue, MessageBody=WORD)
        found = self.one.scan([WORD, "Nobody Ever Wrote This"])
        self.assertEqual({hit["string"] for hit in found}, {WORD})
        kinds = {hit["place"].split()[0] + (" witness" if "witness" in hit["place"] else "") for hit in found}
        self.assertEqual(kinds, {"table", "bucket", "queue", "queue witness", "log"})

    def test_two_stacks_live_side_by_side_and_an_update_changes_one(self):
        other = self.stack("two")
        other.deploy({"Word": "first"})
        other.deploy({"Word": "second"})
        self.assertEqual((other.settings("dispatch")["WORD"], self.one.settings("dispatch")["WORD"]), ("second", WORD))
        self.assertEqual(other.fire("hourly")["answer"]["told"], "hourly")
        pid = other.pid
        self.assertTrue(other.down())
        self.assertIsNone(other.pid, f"process {pid} lives on")
        self.assertFalse(other.down())


if __name__ == "__main__":
    unittest.main()
