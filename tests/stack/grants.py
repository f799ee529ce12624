"""Compares what the functions' roles allow with the calls that the functions made (calls.py records them)."""

import json
import shutil
import time
from fnmatch import fnmatchcase

import template
from places import TARGET

# The results of all stacks in one run of all tests.
COLLECTED = TARGET / "grants"


def made(stack):
    """The calls that the stack's roles made: [{"role", "action", "resource", "allowed"}], each role by its logical id."""
    logical = {name: logical for logical, name in stack.resources("AWS::IAM::Role").items()}
    file = stack.state / "calls.ndjson"
    calls = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [call | {"role": logical[call["role"]]} for call in calls if call["role"] in logical]


def refused(stack):
    """The calls that were refused, as lines for people to read."""
    return [f"{call['role']} may not {call['action']} on {call['resource']}" for call in made(stack) if not call["allowed"]]


def keep(stack):
    """Adds to the collection what this stack's roles have and what they needed."""
    grants = Grants(stack)
    told = {"has": sorted(grants.patterns), "used": sorted(grants.used(made(stack)))}
    COLLECTED.mkdir(parents=True, exist_ok=True)
    # Several tests use the same name, one after the other.
    (COLLECTED / f"{stack.name}-{time.time_ns()}.json").write_text(json.dumps(told))


def forget():
    """Empties the collection, because a run of all tests begins."""
    shutil.rmtree(COLLECTED, ignore_errors=True)


def collected():
    """(the grants that roles have, the grants that any stack needed) in the collection."""
    told = [json.loads(file.read_text()) for file in COLLECTED.glob("*.json")] if COLLECTED.exists() else []
    return tuple({grant for one in told for grant in one[what]} for what in ("has", "used"))


class Grants:
    """The grants of a template's roles: each (role, action, resource) is named as in the template."""

    def __init__(self, stack):
        source, iam = template.read(stack.template_file), stack.client("iam")
        self.patterns = {}
        for logical, name in stack.resources("AWS::IAM::Role").items():
            for policy in source["Resources"][logical]["Properties"]["Policies"]:
                found = iam.get_role_policy(RoleName=name, PolicyName=policy["PolicyName"])["PolicyDocument"]
                deployed = json.loads(found) if isinstance(found, str) else found
                for written, resolved in zip(policy["PolicyDocument"]["Statement"], deployed["Statement"], strict=True):
                    for action in _listed(written["Action"]):
                        for resource, arn in zip(_listed(written["Resource"]), _listed(resolved["Resource"]), strict=True):
                            self.patterns[f"{logical} {action} {_named(resource)}"] = (logical, action, arn)

    def used(self, calls):
        """The grants that at least one of the calls needed."""
        allowed = {(call["role"], call["action"], call["resource"]) for call in calls if call["allowed"]}
        return {
            grant for grant, (role, action, arn) in self.patterns.items()
            if any((role, action) == (by, asked) and fnmatchcase(resource, arn) for by, asked, resource in allowed)
        }


def _listed(value):
    return value if isinstance(value, list) else [value]


def _named(resource):
    """`Keys.Arn` and `${Pages.Arn}/pages/*`, as the template says them."""
    if not isinstance(resource, dict):
        return resource
    [argument] = resource.values()
    return argument if isinstance(argument, str) else ".".join(argument)
