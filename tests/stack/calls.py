"""Records what the functions ask of AWS; grants.py compares that with what their roles allow.

MiniStack derives action and resource of each request, as AWS does, and walls.py evaluates the caller's policies. Each (role, action,
resource) is recorded once, with the answer, with what allowed it, and with what the function was doing (errands.py).
"""

import json
import re


def write_down(path):
    """Records the requests of roles in a file from now on. MiniStack's application must not be imported before."""
    import errands
    import walls
    from ministack.core import iam_evaluator

    enforce, seen, known = iam_evaluator.enforce, set(), {}

    def written_down(access_key, action, service, region, resource_arn="*", service_context=None):
        answer = enforce(access_key, action, service, region, resource_arn=resource_arn, service_context=service_context)
        role, door = _roles_of(access_key, known)
        call = (role, action, _place(resource_arn), answer is None, walls.grants(), errands.current(door))
        if role and call not in seen:
            seen.add(call)
            with open(path, "a") as file:
                file.write(json.dumps(dict(zip(("role", "action", "resource", "allowed", "grants", "errand"), call))) + "\n")
        return answer

    iam_evaluator.enforce = written_down


def _roles_of(access_key, known):
    """The role that the access key belongs to, and the role that took it on, which is the same for a function's own; (None, None) for
    a user's key."""
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id
    from ministack.services import sts

    if access_key and access_key not in known:
        principal = iam_evaluator.resolve_principal(access_key, get_account_id())
        role = _named(getattr(principal, "arn", ""))
        by = _named(sts._sessions.get(access_key, {}).get("SourcePrincipalArn"))
        known[access_key] = (role, by or role)
    return known.get(access_key, (None, None))


def _named(arn):
    found = re.search(r":assumed-role/([^/]+)/", arn or "")
    return found and found.group(1)


def _place(arn):
    """A resource without the parts that differ from call to call: an S3 object is recorded by its folder."""
    found = re.fullmatch(r"(arn:aws:s3:::[^/]+/[^/]+/).*", arn)
    return found.group(1) if found else arn
