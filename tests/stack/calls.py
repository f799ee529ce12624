"""Writes down what the functions ask of AWS; grants.py holds it against what their roles allow.

MiniStack derives action and resource of each request, as AWS does, and asks the caller's policies. Each (role, action,
resource) that was asked for is written down once, with the answer.
"""

import json
import re


def write_down(path):
    """From now on what roles ask for is written to a file. MiniStack's application must not be imported yet."""
    from ministack.core import iam_evaluator

    enforce, seen, roles = iam_evaluator.enforce, set(), {}

    def written_down(access_key, action, service, region, resource_arn="*", service_context=None):
        answer = enforce(access_key, action, service, region, resource_arn=resource_arn, service_context=service_context)
        role = _role_of(access_key, roles)
        call = (role, action, _place(resource_arn), answer is None)
        if role and call not in seen:
            seen.add(call)
            with open(path, "a") as file:
                file.write(json.dumps(dict(zip(("role", "action", "resource", "allowed"), call))) + "\n")
        return answer

    iam_evaluator.enforce = written_down


def _role_of(access_key, known):
    """The name of the role that the key is of; none for a user's."""
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id

    if access_key and access_key not in known:
        principal = iam_evaluator.resolve_principal(access_key, get_account_id())
        found = re.search(r":assumed-role/([^/]+)/", getattr(principal, "arn", "") or "")
        known[access_key] = found and found.group(1)
    return known.get(access_key)


def _place(arn):
    """A resource without what is different from call to call: of an object only its folder."""
    found = re.fullmatch(r"(arn:aws:s3:::[^/]+/[^/]+/).*", arn)
    return found.group(1) if found else arn
