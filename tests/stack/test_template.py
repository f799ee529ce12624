"""The template is deployed locally as it is, except for the places of the code, and for types that the local stack does not know."""

import json
import tempfile
import unittest
from pathlib import Path

import template

TEMPLATE = """
Parameters:
  Architecture: {Type: String, Default: arm64}
  AtOnce: {Type: Number, Default: 5}
Resources:
  DispatchFunction:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., MemorySize: 128, Events: {Due: {Properties: {ScalingConfig: {MaximumConcurrency: !Ref AtOnce}}}}}
  Other:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {Binary: sync}}
    Properties: {CodeUri: ., Environment: {Variables: {TABLE: !Ref Ledger}}}
  Ledger:
    Type: AWS::DynamoDB::Table
    Properties:
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}
"""


class Template(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        file = Path(self.folder.name) / "template.yaml"
        file.write_text(TEMPLATE)
        (file.parent / "part.yaml").write_text("TableName: !Sub '${AWS::StackName}-x'")
        self.template = template.read(file)

    def test_programs_are_named_by_metadata_or_by_the_logical_id(self):
        self.assertEqual(template.functions(self.template), {"DispatchFunction": "dispatch", "Other": "sync"})

    def test_what_has_to_be_a_number_is_one(self):
        for given, number in (({}, 5), ({"AtOnce": "7"}, 7)):
            made = json.loads(template.with_code(self.template, "b", {}, given))
            event = made["Resources"]["DispatchFunction"]["Properties"]["Events"]["Due"]
            self.assertEqual(event["Properties"]["ScalingConfig"], {"MaximumConcurrency": number})

    def test_only_the_place_of_the_code_changes(self):
        del self.template["Resources"]["DispatchFunction"]["Properties"]["Events"]
        text = template.with_code(self.template, "b", {"DispatchFunction": "d.zip", "Other": "s.zip"})
        made = json.loads(text)
        self.assertEqual(made["Resources"]["Other"]["Properties"].pop("CodeUri"), {"Bucket": "b", "Key": "s.zip"})
        self.assertEqual(made["Resources"]["DispatchFunction"]["Properties"].pop("CodeUri"), {"Bucket": "b", "Key": "d.zip"})
        for logical in ("Other", "DispatchFunction"):
            self.template["Resources"][logical]["Properties"].pop("CodeUri")
        self.assertEqual(made, self.template)

    def test_conditions_know_the_local_stack_s_account(self):
        self.template["Conditions"] = {"Here": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::AccountId"}, {"Ref": "AtOnce"}]}]}}
        made = json.loads(template.with_code(self.template, "deploy", {}))
        self.assertEqual(made["Conditions"], {"Here": {"Fn::Not": [{"Fn::Equals": ["000000000000", {"Ref": "AtOnce"}]}]}})

    def test_a_type_that_the_local_stack_does_not_know_is_left_out(self):
        self.template["Resources"]["Query"] = {"Type": "AWS::Logs::QueryDefinition", "Properties": {"Name": "x"}}
        made = json.loads(template.with_code(self.template, "deploy", {}))
        self.assertEqual(set(made["Resources"]), {"DispatchFunction", "Other", "Ledger"})

    def test_included_parts_are_put_in_place(self):
        self.assertEqual(self.template["Resources"]["Ledger"]["Properties"], {"TableName": {"Fn::Sub": "${AWS::StackName}-x"}})

    def test_an_unknown_parameter_is_refused_and_the_architecture_is_this_machine_s(self):
        with self.assertRaisesRegex(ValueError, "no parameter Arhitecture"):
            template.parameters(self.template, {"Arhitecture": "arm64"})
        found = template.parameters(self.template, {})
        self.assertEqual([p["ParameterKey"] for p in found], ["Architecture"])


if __name__ == "__main__":
    unittest.main()
