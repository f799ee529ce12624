"""Decides what policies allow, as AWS documents it. Whatever it does not understand is an error, and whoever asks has to refuse then.

Conditions, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html; sets of values,
.../reference_policies_condition-single-vs-multi-valued-context-keys.html; variables, .../reference_policies_variables.html
"""

import functools
import ipaddress
import json
import re
from dataclasses import dataclass, field


class NotUnderstood(Exception):
    """A form of policy or request that this evaluator does not know."""


# The keys whose values are made here or by MiniStack. A key that nobody makes would always be absent, and some operators take that
# for a yes.
KEYS = re.compile(
    r"aws:(principaltag/.+|requesttag/.+|tagkeys|principalarn|principalaccount|principaltype|userid|sourceip|securetransport"
    r"|requestedregion|currenttime|tokenissuetime|resourceaccount)"
    r"|dynamodb:(leadingkeys|attributes|select|returnvalues|enclosingoperation)"
    r"|kms:(encryptioncontext:.+|encryptioncontextkeys|calleraccount|viaservice)"
    r"|s3:(prefix|delimiter|max-keys|resourceaccount)|sts:(rolesessionname|externalid|transitivetagkeys)"
)
ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal"}
VARIABLE = re.compile(r"\$\{([^}]*)\}")
CURRENT = "2012-10-17"


@dataclass(frozen=True)
class Statement:
    """One statement of a policy; `origin` says which (name of the policy, number in it)."""

    effect: str
    actions: tuple
    resources: tuple
    conditions: dict = field(hash=False)
    without: tuple
    origin: tuple = ()


def read(document, name=""):
    """The statements of a policy document."""
    document = json.loads(document) if isinstance(document, str) else document
    if document.get("Version") != CURRENT and "${" in json.dumps(document):
        raise NotUnderstood("variables in a policy of another version, where they are plain text")
    return [_statement(written, (name, number)) for number, written in enumerate(as_list(document["Statement"]))]


def _statement(written, origin):
    if unknown := set(written) - ELEMENTS:
        raise NotUnderstood(f"elements {sorted(unknown)}")
    if written["Effect"] not in ("Allow", "Deny"):
        raise NotUnderstood(f"effect {written['Effect']}")
    # A trust policy has no resource: it is the role itself.
    actions, resources = written.get("Action", written.get("NotAction")), written.get("Resource", written.get("NotResource", "*"))
    if actions is None or {"Action", "NotAction"} <= set(written) or {"Resource", "NotResource"} <= set(written):
        raise NotUnderstood("a statement without actions, or with two lists of them or of resources")
    without = tuple(name for name in ("NotAction", "NotResource") if name in written)
    return Statement(written["Effect"], tuple(as_list(actions)), tuple(as_list(resources)), written.get("Condition") or {}, without, origin)


@dataclass
class Decision:
    """What was decided. `grants` are (origin, action, resource, values) of everything that allows it, as the policies write them."""

    allowed: bool
    denied_by: tuple | None = None
    grants: list = field(default_factory=list)


def decide(action, resource, lookup, *layers):
    """Each of `layers` is a list of statements, and each has to allow: the identity's own policies, then what limits them. `lookup`
    answers the value of a condition key, in lower case: text, a list where the key has many values, or None where it is absent."""
    for statements in layers:
        for statement in statements:
            if statement.effect == "Deny" and matches(statement, action, resource, lookup):
                return Decision(False, denied_by=statement.origin)
    allowing = [
        [found for statement in statements if statement.effect == "Allow" for found in matches(statement, action, resource, lookup)]
        for statements in layers
    ]
    return Decision(all(allowing), grants=[grant for found in allowing for grant in found])


def matches(statement, action, resource, lookup):
    """What of the statement matches: [(origin, action, resource, values)]; values are the pairs of condition key and pattern that met."""
    actions = [pattern for pattern in statement.actions if _compiled(pattern.lower()).fullmatch(action.lower())]
    if "NotAction" in statement.without:
        actions = [] if actions else ["NotAction"]
    if not actions:
        return []
    resources = [pattern for pattern in statement.resources if _resource(pattern, resource, statement, lookup)]
    if "NotResource" in statement.without:
        if any("${" in pattern for pattern in statement.resources):
            raise NotUnderstood("variables in NotResource")
        resources = [] if resources else ["NotResource"]
    met = set()
    if not resources or not holds(statement, lookup, met):
        return []
    return [(statement.origin, by, on, tuple(sorted(met))) for by in actions for on in resources]


def holds(statement, lookup, met):
    """Whether all conditions of a statement hold; adds to `met` the pairs of key and pattern that matched."""
    return all(
        _condition(operator, key, as_list(values), lookup, statement, met)
        for operator, keys in statement.conditions.items() for key, values in keys.items()
    )


def _condition(operator, key, expected, lookup, statement, met):
    if not KEYS.fullmatch(key.lower()):
        raise NotUnderstood(f"the key {key}")
    actual = lookup(key.lower())
    if operator == "Null":
        [wanted] = {str(value).lower() for value in expected}
        return (actual is None) == (wanted == "true")
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if name not in OPERATORS or quantifier not in ("", "ForAllValues", "ForAnyValue"):
        raise NotUnderstood(f"the operator {operator}")
    compare, negated, takes_variables = OPERATORS[name]
    if any("${" in str(value) for value in expected) and not takes_variables:
        raise NotUnderstood(f"variables with {operator}")
    if actual is None or actual == []:
        return if_exists or quantifier == "ForAllValues" or (negated and not quantifier)
    if isinstance(actual, list) and not quantifier:
        raise NotUnderstood(f"{operator} on {key}, which has many values")
    patterns = [(str(value), made) for value in expected if (made := _filled(str(value), statement, lookup)) is not None]

    def meets(value):
        found = [written for written, pattern in patterns if compare(pattern, str(value))]
        met.update((key, written) for written in found)
        return not found if negated else bool(found)

    return (any if quantifier == "ForAnyValue" else all)([meets(value) for value in as_list(actual)])


class Filled(str):
    """A pattern of a policy in which variables were replaced by `values`; they are at the places of `VARIABLE`."""

    values = ()


def _filled(text, statement, lookup):
    """A pattern with the values of its variables; None if one has no value, because then it matches nothing."""
    if "${" not in text:
        return text
    values = []
    for name in VARIABLE.findall(text):
        value = name if name in ("*", "?", "$") else _value(name, lookup)
        if value is None:
            if statement.effect == "Deny":
                raise NotUnderstood(f"a Deny with the variable {name}, which has no value")
            return None
        values.append(value)
    made = Filled(text)
    made.values = tuple(values)
    return made


def _value(name, lookup):
    if not KEYS.fullmatch(name.lower()):
        raise NotUnderstood(f"the variable {name}")
    value = lookup(name.lower())
    if isinstance(value, list):
        raise NotUnderstood(f"the variable {name} has many values")
    return value


def _resource(pattern, resource, statement, lookup):
    filled = _filled(pattern, statement, lookup)
    return filled is not None and _arn_like(filled, resource)


def _literal(pattern):
    """The text that a pattern stands for where it is compared as it is."""
    values = iter(getattr(pattern, "values", ()))
    return VARIABLE.sub(lambda _: next(values), pattern) if isinstance(pattern, Filled) else pattern


def _like(pattern, text):
    return _compiled(pattern, getattr(pattern, "values", ())).fullmatch(text) is not None


def _arn_like(pattern, arn):
    """A star stays within its part of an ARN, except in the last part."""
    if pattern == "*":
        return True
    parts, asked = _split(pattern), arn.split(":", 5)
    if len(parts) != 6:
        raise NotUnderstood(f"an ARN of {len(parts)} parts")
    if len(asked) != 6:
        return False
    values = list(getattr(pattern, "values", ()))
    for part, given in zip(parts, asked):
        number = len(VARIABLE.findall(part)) if isinstance(pattern, Filled) else 0
        own, values = tuple(values[:number]), values[number:]
        if not _compiled(part, own).fullmatch(given):
            return False
    return True


def _split(pattern):
    """The six parts of an ARN. A colon in the name of a variable is none of the ARN's."""
    hidden = VARIABLE.sub(lambda found: found.group(0).replace(":", "\0"), pattern)
    return [part.replace("\0", ":") for part in hidden.split(":", 5)]


@functools.lru_cache(maxsize=8192)
def _compiled(pattern, values=()):
    """A pattern as a regular expression. Stars in the values of variables are no wildcards."""
    given, parts = iter(values), []
    for part in re.split(r"(\$\{[^}]*\}|[*?])", pattern):
        if part in ("*", "?"):
            parts.append(".*" if part == "*" else ".")
        elif values and part.startswith("${"):
            parts.append(re.escape(next(given)))
        else:
            parts.append(re.escape(part))
    return re.compile("".join(parts), re.S)


def _within(network, address):
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)


def _same(pattern, text):
    return _literal(pattern) == text


def _same_letters(pattern, text):
    return _literal(pattern).lower() == text.lower()


# {operator: (comparison, whether it asks for the opposite, whether variables are replaced)}
OPERATORS = {
    "StringEquals": (_same, False, True),
    "StringNotEquals": (_same, True, True),
    "StringEqualsIgnoreCase": (_same_letters, False, True),
    "StringLike": (_like, False, True),
    "StringNotLike": (_like, True, True),
    "ArnEquals": (_arn_like, False, True),
    "ArnLike": (_arn_like, False, True),
    "ArnNotEquals": (_arn_like, True, True),
    "ArnNotLike": (_arn_like, True, True),
    "Bool": (_same_letters, False, False),
    "IpAddress": (_within, False, False),
    "NotIpAddress": (_within, True, False),
}


def as_list(value):
    """A list; a policy may write a list of one without brackets."""
    return list(value) if isinstance(value, (list, tuple)) else [value]
