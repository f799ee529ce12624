"""The patches of MiniStack take effect: limits of AWS, fresh processes, and the record of the calls that roles make."""

import json
import os
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

import bounds
import grants
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
  Pages: {Type: AWS::S3::Bucket}
  DispatchRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
      Policies:
        - PolicyName: dispatch
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Sid: Rows
                Effect: Allow
                Action: [dynamodb:PutItem, dynamodb:DeleteItem]
                Resource: !GetAtt Ledger.Arn
                Condition: {'ForAllValues:StringLike': {dynamodb:LeadingKeys: ['1', '2*']}}
              - {Effect: Allow, Action: events:PutEvents, Resource: !GetAtt Bus.Arn}
  Objects:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: objects
      Roles: [!Ref DispatchRole]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Action: [s3:PutObject, s3:GetObject], Resource: !Sub '${Pages.Arn}/pages/*'}
  DispatchFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: bootstrap
      Runtime: provided.al2023
      Timeout: 30
      Role: !GetAtt DispatchRole.Arn
      Environment: {Variables: {TABLE: !Ref Ledger, BUCKET: !Ref Pages, BUS: !Ref Bus, WORD: !Ref Word}}
"""

# Does what the event asks for, and answers how many requests this very process has answered.
FUNCTION = """
import json, os, urllib.request
import boto3
from botocore.config import Config
runtime = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
def entries(sizes):
    entry = {"EventBusName": os.environ["BUS"], "Source": "test", "DetailType": "Told"}
    return boto3.client("events").put_events(Entries=[entry | {"Detail": json.dumps({"x": "x" * size})} for size in sizes])
def write(_):
    boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item={"pk": {"S": "1"}})
    s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
    s3.put_object(Bucket=os.environ["BUCKET"], Key="pages/acme/1", Body=b"x")
ASKED = {"entries": entries, "write": write, "scan": lambda _: boto3.client("dynamodb").scan(TableName=os.environ["TABLE"])}
answered = 0
while True:
    with urllib.request.urlopen(runtime + "next") as answer:
        request, event = answer.headers["Lambda-Runtime-Aws-Request-Id"], json.load(answer)
    answered, code = answered + 1, None
    for name, how in ASKED.items():
        if name in event:
            try:
                how(event[name])
            except Exception as error:
                code = error.response["Error"]["Code"]
    print(f"answered {answered}", flush=True)
    body = json.dumps({"answered": answered, "code": code, "filled": "x" * event.get("fill", 0)})
    urllib.request.urlopen(urllib.request.Request(runtime + request + "/response", data=body.encode())).read()
"""


class LocalAws(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        (cls.folder / "template.yaml").write_text(TEMPLATE)
        program = cls.folder / "dispatch"
        program.write_text(f"#!{sys.executable}\n{textwrap.dedent(FUNCTION)}")
        program.chmod(0o755)
        cls.stack = cls.made("warm", False)

    @classmethod
    def made(cls, name, fresh):
        stack = Stack(f"test-{name}-{os.getpid()}", programs=cls.folder, template_file=cls.folder / "template.yaml")
        cls.addClassCleanup(stack.down)
        stack.up(fresh=fresh).deploy()
        return stack

    def asked(self, stack=None, **event):
        stack = stack or self.stack
        answer = stack.client("lambda").invoke(FunctionName=stack.functions()["dispatch"], Payload=json.dumps(event).encode())
        return json.loads(answer["Payload"].read())

    def test_an_answer_that_lambda_would_not_take_fails(self):
        empty = bounds.written({"answered": 10, "code": None, "filled": ""})
        self.assertNotIn("errorType", self.asked(fill=bounds.PAYLOAD - empty - 10))
        self.assertEqual(self.asked(fill=bounds.PAYLOAD)["errorType"], "Function.ResponseSizeTooLarge")

    def test_an_event_that_lambda_would_not_take_fails(self):
        self.assertEqual(self.asked(much="x" * bounds.PAYLOAD)["errorType"], "RequestEntityTooLargeException")

    def test_events_that_are_too_large_together_are_refused_and_nobody_hears_them(self):
        self.assertIsNone(self.asked(entries=[100_000, 100_000])["code"])
        heard = len(self.stack.events())
        for sizes in ([256 * 1024], [100_000, 100_000, 100_000]):
            self.assertEqual(self.asked(entries=sizes)["code"], "ValidationException", sizes)
        self.assertEqual(len(self.stack.events()), heard)

    def test_settings_of_more_than_four_kilobytes_are_refused_at_deployment(self):
        with self.assertRaisesRegex(RuntimeError, "exceeded the 4KB limit"):
            self.stack.deploy({"Word": "x" * 4_000})
        self.stack.deploy({"Word": "x" * 3_000})
        other = Stack(f"test-large-{os.getpid()}", programs=self.folder, template_file=self.folder / "template.yaml")
        self.addCleanup(other.down)
        with self.assertRaisesRegex(RuntimeError, "exceeded the 4KB limit"):
            other.up().deploy({"Word": "ß" * 2_000})

    def test_a_fresh_process_answers_one_request_and_its_log_is_kept(self):
        self.assertEqual([self.asked()["answered"] - before for before in [self.asked()["answered"]]], [1], "one process for all")
        fresh = self.made("fresh", True)
        self.assertEqual([self.asked(fresh)["answered"] for _ in range(3)], [1, 1, 1])
        self.assertEqual([line["message"] for line in fresh.logs("dispatch") if "answered" in line["message"]], ["answered 1"] * 3)

    def test_what_a_role_needs_is_seen_and_what_it_may_not_do_too(self):
        stack = self.made("calls", False)
        self.assertEqual(grants.refused(stack), [])
        self.asked(stack, write=1, entries=[1])
        has = grants.Grants(stack)
        self.assertEqual(has.used(grants.made(stack)), {
            "DispatchRole dynamodb:PutItem Ledger.Arn Rows of 1", "DispatchRole s3:PutObject ${Pages.Arn}/pages/*",
            "DispatchRole events:PutEvents Bus.Arn",
        })
        self.assertEqual(
            set(has.patterns) - has.used(grants.made(stack)),
            {f"DispatchRole dynamodb:{right}" for right in ("PutItem Ledger.Arn Rows of 2*", "DeleteItem Ledger.Arn Rows of 1", "DeleteItem Ledger.Arn Rows of 2*")}
            | {"DispatchRole s3:GetObject ${Pages.Arn}/pages/*"},
        )
        self.assertEqual(self.asked(stack, scan=1)["code"], "AccessDeniedException")
        [line] = grants.refused(stack)
        self.assertRegex(line, r"^DispatchRole may not dynamodb:Scan on arn:aws:dynamodb:.*:table/")
        self.assertNotIn("acme", (stack.state / "calls.ndjson").read_text(), "no key of an object is written down")


if __name__ == "__main__":
    unittest.main()
