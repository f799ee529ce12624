"""Decides what a role may do, as AWS documents it. It knows the few forms of policies that the template uses; any other form is an error."""

import re

from deployed import as_list

KNOWN = {"Sid", "Effect", "Action", "Resource", "Condition"}


def statements(stack, role):
    """The statements of a role's own policies."""
    return [
        statement for policy in stack.properties(role)["Policies"]
        for statement in as_list(policy["PolicyDocument"]["Statement"])
    ]


def allowed(stack, role, action, resource, context=None):
    """Whether a role may do `action` on `resource`; `context` has the condition keys' values as lists."""
    effects = set()
    for statement in statements(stack, role):
        if unknown := set(statement) - KNOWN:
            raise NotImplementedError(f"{role}: {unknown}")
        if (
            any(_matches(pattern, action) for pattern in as_list(statement["Action"]))
            and any(_matches(pattern, resource) for pattern in as_list(statement["Resource"]))
            and _holds(statement.get("Condition", {}), context or {})
        ):
            effects.add(statement["Effect"])
    return effects == {"Allow"}


def _matches(pattern, text):
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.fullmatch("".join(parts), text) is not None


def _holds(condition, context):
    for operator, keys in condition.items():
        if operator != "ForAllValues:StringEquals":
            raise NotImplementedError(operator)
        for key, values in keys.items():
            if not set(context.get(key, [])) <= set(as_list(values)):
                return False
    return True
