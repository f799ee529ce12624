"""A local stack: MiniStack with the template deployed in it. Several can run side by side, each under its own name.

    with Stack("mine").up() as stack:
        stack.deploy({"CrmLoopback": "yes"})
        stack.fire("daily")
"""

import json
import os
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from functools import lru_cache

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import fresh as freshness
import issuer
import package
import rules
import scan
import server
import silence
import template
import witness
from places import CREDENTIALS, RELEASE, REGION, ROOT, state_of
from wait import until

STACK = "abgleich"
DEPLOY_BUCKET = "deploy"
# The id under which the local issuer knows the console.
CONSOLE = "console"


class Stack:
    """The stack of a name. Its state is in files, so that any process can continue with what another one began."""

    def __init__(self, name, programs=RELEASE, template_file=ROOT / "template.yaml"):
        self.name = name
        self.state = state_of(name)
        self.programs = programs
        self.template_file = template_file
        self.fresh = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.down()

    def up(self, auth=True, kind="ministack", fresh=None, meter=False):
        """Starts an empty AWS; a stack of the same name is ended first. The `kind` moto has S3 and KMS to compare with, and nothing
        can be deployed in it. With `fresh` each invocation has a process of its own; the default is the variable FRESH. With `meter` it
        counts what AWS would bill (meter.py)."""
        self.down()
        self.client.cache_clear()
        (self.state / "server.log").unlink(missing_ok=True)
        self.fresh = freshness.wanted() if fresh is None else fresh
        server.start(self.state, auth, kind, self.fresh, meter)
        return self

    def down(self):
        """Ends the stack and everything in it. The server's log stays."""
        issuer.stop(self.state)
        return server.stop(self.state)

    @property
    def endpoint(self):
        """The URL of its AWS."""
        found = server.running(self.state)
        if not found:
            raise RuntimeError(f"the stack {self.name} is not running")
        return found["endpoint"]

    @property
    def pid(self):
        """The id of the server's process."""
        found = server.running(self.state)
        return found and found["pid"]

    def environment(self, *more):
        """The environment with which a program uses this AWS as its root user, merged with the given dicts."""
        merged = dict(os.environ) | CREDENTIALS | {
            "AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
            "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
        }
        merged.pop("AWS_SESSION_TOKEN", None)
        for given in more:
            merged |= given
        return merged

    @lru_cache(maxsize=None)
    def client(self, service):
        """A boto3 client of a service of this AWS."""
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"], aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=Config(
                s3={"addressing_style": "path"}, proxies={}, read_timeout=920, retries={"total_max_attempts": 1},
            ),
        )

    def deploy(self, parameters=None):
        """Creates or updates the template's stack; returns its outputs. If the template asks for an issuer of tokens and none is
        given, one is started on this machine."""
        source = template.read(self.template_file)
        parameters = dict(parameters or {})
        if "TokenIssuer" in source.get("Parameters", {}):
            parameters.setdefault("TokenIssuer", issuer.start(self.state))
        if "ConsoleClientId" in source.get("Parameters", {}):
            parameters.setdefault("ConsoleClientId", CONSOLE)
        s3, formation = self.client("s3"), self.client("cloudformation")
        _make_bucket(s3, DEPLOY_BUCKET)
        programs = {logical: self.programs / name for logical, name in template.functions(source).items()}
        text = template.with_code(source, DEPLOY_BUCKET, package.upload(s3, DEPLOY_BUCKET, programs), parameters)
        asked = {
            "StackName": STACK,
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            "Parameters": template.parameters(source, parameters),
        } | self._text(s3, text)
        if self._described():
            formation.update_stack(**asked)
        else:
            formation.create_stack(**asked)
        until(lambda: not self._described()["StackStatus"].endswith("_IN_PROGRESS"), "CloudFormation", 120)
        status = self._described()["StackStatus"]
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise RuntimeError(f"{status}: {'; '.join(self._failures())}")
        names = {name: logical for logical, name in template.functions(source).items()}
        (self.state / "functions.json").write_text(json.dumps(names))
        witness.listen(self)
        self._let_pages_call(source, parameters)
        return self.outputs()

    def outputs(self):
        """The outputs of the stack, as a dict."""
        found = self._described()
        if not found:
            raise RuntimeError(f"nothing is deployed in {self.name}")
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def resources(self, kind):
        """{logical id: physical id} of the deployed resources of a type."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
        found = (resource for page in pages for resource in page["StackResourceSummaries"])
        return {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found if r["ResourceType"] == kind}

    def functions(self):
        """{name of the program: name of the deployed function}"""
        deployed = self.resources("AWS::Lambda::Function")
        names = json.loads((self.state / "functions.json").read_text())
        return {name: deployed[logical] for name, logical in names.items()}

    def settings(self, function):
        """The environment that the template gives to a function."""
        configured = self.client("lambda").get_function_configuration(FunctionName=self.functions()[function])
        return configured.get("Environment", {}).get("Variables", {})

    def api_url(self):
        """The URL of the HTTP API, without a slash at the end."""
        [api] = self.resources("AWS::ApiGatewayV2::Api").values()
        return f"{self.endpoint}/_aws/execute-api/{api}/$default"

    def console_url(self, *tenants, seconds=3600):
        """The URL of the console; the local issuer logs people of these tenants in there, for so many seconds."""
        url = f"{self.api_url()}/console"
        issuer.register(self.state, CONSOLE, [f"{url}/login"], list(tenants), seconds)
        return url

    def token(self, tenant, *args, **more):
        """A token for the API; see `issuer.token`."""
        return issuer.token(self.state, tenant, *args, **more)

    def fire(self, kind):
        """Fires the daily or the hourly rule."""
        return rules.fire(self, kind)

    def be_silent(self, each, seconds=30, only=None, throttled=False):
        """Makes every `each`-th request of a function silent for so long from now on; 0 ends it. With `only`, just the requests of that
        X-Amz-Target are silent, and none of them is carried out. With `throttled`, requests to tables are refused as throttled instead. Returns how many requests there were before."""
        words = {"each": each, "seconds": seconds, **({"only": only} if only else {}), **({"throttled": 1} if throttled else {})}
        asked = urllib.request.Request(f"{self.endpoint}{silence.PATH}?{urllib.parse.urlencode(words)}", method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=60) as answer:
            return json.load(answer)

    def events(self):
        """All events on the stack's own bus since it was deployed."""
        return witness.events(self)

    def logs(self, function=None):
        """Log lines: [{"function", "time", "message"}] in order, of one function or of all."""
        names = {deployed: name for name, deployed in self.functions().items() if function in (None, name)}
        lines = []
        for group in scan.log_groups(self):
            deployed = group.rsplit("/", 1)[-1]
            if deployed in names:
                lines += [{"function": names[deployed], **line} for line in scan.log_lines(self, group)]
        for line in sorted(lines, key=lambda line: line["time"]):
            line["time"] = datetime.fromtimestamp(line["time"] / 1000, timezone.utc).isoformat()
            yield line

    def scan(self, strings, except_buckets=(DEPLOY_BUCKET,)):
        """The places where any of the strings is in clear in this AWS: [{"place", "string", "form"}]."""
        return scan.scan(self, strings, except_buckets)

    def _described(self):
        try:
            return self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def _let_pages_call(self, source, parameters):
        """Sets the CORS configuration again, because MiniStack's CloudFormation stores it under names that its gateway does not read."""
        if parameters.get("CorsOrigins"):
            [api] = self.resources("AWS::ApiGatewayV2::Api").values()
            _, configured, _ = source["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"]
            cors = configured | {"AllowOrigins": parameters["CorsOrigins"].split(",")}
            self.client("apigatewayv2").update_api(ApiId=api, CorsConfiguration=cors)

    def _failures(self):
        events = self.client("cloudformation").describe_stack_events(StackName=STACK)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in events if event["ResourceStatus"].endswith("_FAILED")
        ]

    def _text(self, s3, text):
        if len(text.encode()) <= template.LONGEST_BODY:
            return {"TemplateBody": text}
        s3.put_object(Bucket=DEPLOY_BUCKET, Key="template.json", Body=text.encode())
        return {"TemplateURL": f"{self.endpoint}/{DEPLOY_BUCKET}/template.json"}


def _make_bucket(s3, name):
    try:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise


def as_json(value):
    """A value as JSON, as the command line prints it."""
    return json.dumps(value, default=str, ensure_ascii=False)
