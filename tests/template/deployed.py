"""template.yaml as CloudFormation sees it: expanded by SAM, with every reference resolved, in a made-up account."""

import copy
import functools
import re
from pathlib import Path

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
ACCOUNT = "111122223333"
STACK = "abgleich"
PSEUDO = {
    "AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com", "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/1",
}
# The property that names a resource, and the ARN that follows from the name.
NAMED = {
    "AWS::DynamoDB::Table": ("TableName", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{}}"),
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{}"),
    "AWS::KMS::Key": (None, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{{}}"),
    "AWS::SQS::Queue": ("QueueName", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{}}"),
    "AWS::Events::EventBus": ("Name", f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{{}}"),
    "AWS::Events::Rule": ("Name", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{{}}"),
    "AWS::Lambda::Function": ("FunctionName", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}"),
    "AWS::Logs::LogGroup": ("LogGroupName", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{{}}:*"),
    "AWS::CloudWatch::Alarm": ("AlarmName", f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{{}}"),
    "AWS::SecretsManager::Secret": ("Name", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{{}}"),
    "AWS::IAM::Role": ("RoleName", f"arn:aws:iam::{ACCOUNT}:role/{{}}"),
}
NOTHING = object()
# Parameters without a default.
NEEDED = {"TokenIssuer": "https://issuer.example.com"}


def logged_alarms():
    """{name of an alarm that a log line names: its metric}, from the table of functions/alarm.rs."""
    table = re.search(r"^alarms! \{\n(.*?)^\}", (ROOT / "functions/alarm.rs").read_text(), re.M | re.S)[1]
    return {name: metric for metric, name in re.findall(r'^    (\w+) = "(\w+)";$', table, re.M)}


def metrics():
    """{name of a metric of ours: {"unit", "by", "functions", "what"}}, from functions/metrics/list.rs."""
    text = (ROOT / "functions/metrics/list.rs").read_text()
    rows = re.findall(r'^    (\w+), (\w+), (\w+), \[([^\]]*)\], "(.*)";$', text, re.M)
    return {name: {"unit": unit, "by": by, "functions": re.findall(r'"(\w+)"', functions), "what": what} for name, unit, by, functions, what in rows}


def source():
    """The file as it stands, as a dict."""
    return yaml_parse((ROOT / "template.yaml").read_text())


@functools.cache
def _expanded():
    template = source()
    template["Globals"]["Function"].pop("CodeUri")
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": "deploy", "Key": "code.zip"}
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    return translator.translate(sam_template=template, parameter_values={})


def expanded():
    """The template after SAM's expansion; the caller may change it."""
    return copy.deepcopy(_expanded())


class Deployed:
    """An expanded template with the given parameters, or their defaults."""

    def __init__(self, template, stack=STACK, account=ACCOUNT, **parameters):
        self.template = template
        self.pseudo = PSEUDO | {"AWS::StackName": stack, "AWS::AccountId": account}
        self.values = {name: _value(given) for name, given in template["Parameters"].items()} | NEEDED | parameters
        self.resources = {}
        for logical, resource in template["Resources"].items():
            if "Condition" in resource and not self._holds(template["Conditions"][resource["Condition"]]):
                continue
            self.resources[logical] = {key: self.resolve(value) for key, value in resource.items() if key != "Metadata"}

    def of(self, kind):
        """{logical id: properties} of the resources of a type."""
        return {logical: found.get("Properties", {}) for logical, found in self.resources.items() if found["Type"] == kind}

    def properties(self, logical):
        """The properties of a resource."""
        return self.resources[logical]["Properties"]

    def arn(self, logical):
        """The ARN of a resource."""
        resource = self.template["Resources"][logical]
        return NAMED[resource["Type"]][1].format(self.name(logical))

    def name(self, logical):
        """The result of `!Ref`, if it is a name."""
        resource = self.template["Resources"][logical]
        named = NAMED.get(resource["Type"], (None,))[0]
        given = resource.get("Properties", {}).get(named) if named else None
        return self.resolve(given) if given is not None else logical

    def resolve(self, value):
        """A value with all intrinsic functions resolved."""
        if isinstance(value, list):
            return [made for made in map(self.resolve, value) if made is not NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(function, argument)] = value.items()
            if function == "Ref":
                return self._ref(argument)
            if function.startswith("Fn::"):
                return getattr(self, "_" + function.removeprefix("Fn::").lower())(argument)
        made = {key: self.resolve(part) for key, part in value.items()}
        return {key: part for key, part in made.items() if part is not NOTHING}

    def _ref(self, name):
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.pseudo:
            return self.pseudo[name]
        return self.values[name] if name in self.values else self.name(name)

    def _getatt(self, argument):
        logical, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
        if logical not in self.template["Resources"]:
            raise KeyError(logical)
        return self.arn(logical) if attribute == "Arn" else f"{self.name(logical)}.{attribute}"

    def _sub(self, text):
        def put(found):
            name = found.group(1)
            return str(self._getatt(name) if "." in name else self._ref(name))

        # `${!x}` stands for `${x}` itself, which IAM replaces.
        return re.sub(r"\$\{!", "${", re.sub(r"\$\{([^!}]+)\}", put, text))

    def _join(self, argument):
        separator, parts = argument
        return separator.join(self.resolve(parts))

    def _getazs(self, region):
        return [f"{self.resolve(region) or REGION}{letter}" for letter in "abc"]

    def _select(self, argument):
        index, values = map(self.resolve, argument)
        return values[int(index)]

    def _if(self, argument):
        condition, then, otherwise = argument
        return self.resolve(then if self._holds(self.template["Conditions"][condition]) else otherwise)

    def _holds(self, condition):
        [(function, argument)] = condition.items()
        if function == "Fn::Not":
            return not self._holds(argument[0])
        if function == "Fn::And":
            return all(map(self._holds, argument))
        if function == "Condition":
            return self._holds(self.template["Conditions"][argument])
        if function == "Fn::Equals":
            one, other = map(self.resolve, argument)
            return one == other
        raise NotImplementedError(function)


def _value(parameter):
    """The default of a parameter, as a reference resolves it."""
    default = parameter.get("Default")
    return default.split(",") if parameter["Type"] == "CommaDelimitedList" else default


def as_list(value):
    """A list; IAM allows a list of one to be written without brackets."""
    return value if isinstance(value, list) else [value]
