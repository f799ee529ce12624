"""Decides what a role of the template may do, with the evaluator that the local stack enforces policies with (tests/stack/policies.py)."""

import sys

from deployed import ROOT, as_list

sys.path.insert(0, str(ROOT / "tests" / "stack"))

import policies


def documents(stack, role):
    """{name: document} of a role's own policies, and of those that stand apart and name the role."""
    apart = (policy for policy in stack.of("AWS::IAM::Policy").values() if stack.name(role) in policy.get("Roles", []))
    return {policy["PolicyName"]: policy["PolicyDocument"] for policy in (*stack.properties(role).get("Policies", []), *apart)}


def data_roles(stack, role):
    """The roles that a function's own role may assume for a tenant."""
    assumed = {arn for statement in statements(stack, role) if "sts:AssumeRole" in as_list(statement["Action"]) for arn in as_list(statement["Resource"])}
    return [other for other in stack.of("AWS::IAM::Role") if stack.arn(other) in assumed]


def statements(stack, role):
    """The statements of a role's policies, as they are written."""
    return [statement for document in documents(stack, role).values() for statement in as_list(document["Statement"])]


def decision(stack, role, action, resource, context=None, tags=None):
    """What a session of the role with these tags may do; `context` has the condition keys of the request."""
    known = {key.lower(): value for key, value in (context or {}).items()}
    known |= {f"aws:principaltag/{name.lower()}": value for name, value in (tags or {}).items()}
    read = vars(stack).setdefault("policies_read", {})
    if role not in read:
        read[role] = [statement for name, document in documents(stack, role).items() for statement in policies.read(document, name)]
    return policies.decide(action, resource, known.get, read[role])


def allowed(stack, role, action, resource, context=None, tags=None):
    """Whether such a session may do it."""
    return decision(stack, role, action, resource, context, tags).allowed
