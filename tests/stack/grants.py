"""Compares what the functions' roles allow with the calls that the functions made (calls.py records them)."""

import json
import shutil
import time

import template
from places import TARGET

# The results of all stacks in one run of all tests.
COLLECTED = TARGET / "grants"
# The keys whose values say whose items are meant, or which attributes.
NARROWING = ("dynamodb:Attributes", "s3:prefix")
# The key whose values say whose rows are meant. Each action of a statement is a grant for each value: a statement for two kinds of rows
# must not let an action reach the one because another action needs it.
WHOSE = "dynamodb:LeadingKeys"


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
    """Adds to the collection what this stack's roles have, what they needed, and for which errand."""
    grants, calls = Grants(stack), made(stack)
    errands = {call["errand"] for call in calls} - {None}
    asked = {errand: sorted(grants.asked([call for call in calls if call["errand"] == errand])) for errand in errands}
    told = {"has": sorted(grants.patterns), "used": sorted(grants.used(calls)), "asked": asked, "fresh": stack.fresh}
    COLLECTED.mkdir(parents=True, exist_ok=True)
    # Several tests use the same name, one after the other.
    (COLLECTED / f"{stack.name}-{time.time_ns()}.json").write_text(json.dumps(told))


def forget():
    """Empties the collection, because a run of all tests begins."""
    shutil.rmtree(COLLECTED, ignore_errors=True)


def collected():
    """The grants in the collection: (those that roles have, those that any stack needed, those that one with fresh processes needed)."""
    told = [json.loads(file.read_text()) for file in COLLECTED.glob("*.json")] if COLLECTED.exists() else []
    fresh = [one for one in told if one["fresh"]]
    return tuple({grant for one in ones for grant in one[what]} for ones, what in ((told, "has"), (told, "used"), (fresh, "used")))


def asked():
    """{errand: the "action resource" that it asked for} in the collection; resources are named as in the template."""
    found = {}
    for file in COLLECTED.glob("*.json"):
        for errand, calls in json.loads(file.read_text())["asked"].items():
            found.setdefault(errand, set()).update(calls)
    return found


class Grants:
    """The grants of a template's roles. Each is named as in the template: role, action, resource, whose rows, and the statement's Sid if it
    has one. A value of a condition that says which attributes or objects are meant is a grant of its own, for the statement."""

    def __init__(self, stack):
        source = template.read(stack.template_file)["Resources"]
        self.patterns, self.plain = {}, {}
        for role, policy, written, deployed in _policies(stack, source):
            for number, (said, resolved) in enumerate(zip(written["Statement"], deployed["Statement"], strict=True)):
                named = said.get("Sid") or " ".join([*_listed(said["Action"]), *map(_named, _listed(said["Resource"]))])
                for value in _values(resolved, NARROWING):
                    self.patterns[f"{role} {named}: {value[1]}"] = (role, policy, number, value)
                whose = _values(resolved, (WHOSE,))
                for action in _listed(said["Action"]):
                    for resource, arn in zip(_listed(said["Resource"]), _listed(resolved["Resource"]), strict=True):
                        name = " ".join([role, action, _named(resource), *([said["Sid"]] if "Sid" in said else [])])
                        for rows in whose or [None]:
                            grant = f"{name} of {rows[1]}" if rows else name
                            if grant in self.patterns:
                                raise ValueError(f"two statements grant {grant}: give each a Sid")
                            self.patterns[grant] = (role, policy, number, action, arn, rows)
                            self.plain[grant] = f"{action} {_named(resource)}"

    def used(self, calls):
        """The grants that at least one of the calls needed."""
        needed = set()
        for call in calls:
            for (policy, number), action, arn, values in call["grants"] if call["allowed"] else ():
                values = [tuple(value) for value in values]
                needed |= {(call["role"], policy, number, action, arn, rows) for rows in (None, *values)}
                needed |= {(call["role"], policy, number, value) for value in values}
        return {name for name, pattern in self.patterns.items() if pattern in needed}

    def asked(self, calls):
        """What the calls asked for, as "action resource"."""
        return {self.plain[name] for name in self.used(calls) if name in self.plain}


def _policies(stack, source):
    """(role, name of the policy, the document in the template, the document as it was deployed) of all roles."""
    iam, roles = stack.client("iam"), stack.resources("AWS::IAM::Role")
    own = [(role, policy) for role in roles for policy in source[role]["Properties"].get("Policies", [])]
    # A policy behind a condition may not be there.
    apart = [source[logical]["Properties"] for logical in stack.resources("AWS::IAM::Policy")]
    own += [(role["Ref"], policy) for policy in apart for role in policy["Roles"]]
    for role, policy in own:
        found = iam.get_role_policy(RoleName=roles[role], PolicyName=policy["PolicyName"])["PolicyDocument"]
        yield role, policy["PolicyName"], policy["PolicyDocument"], json.loads(found) if isinstance(found, str) else found


def _values(statement, of):
    """The (key, value) of a statement's conditions on the keys `of`."""
    return [
        (key, value) for operator, keys in statement.get("Condition", {}).items() if operator != "Null"
        for key, values in keys.items() if key in of for value in _listed(values)
    ]


def _listed(value):
    return value if isinstance(value, list) else [value]


def _named(resource):
    """`Keys.Arn` and `${Pages.Arn}/pages/*`, as the template says them."""
    if not isinstance(resource, dict):
        return resource
    [argument] = resource.values()
    return argument if isinstance(argument, str) else ".".join(argument)
