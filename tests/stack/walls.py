"""Makes MiniStack enforce policies as AWS does, where it does not: variables, the keys of DynamoDB and KMS, and session tags.

MiniStack finds out who asks, checks signatures and knows the policies of resources. Here its evaluation is replaced (policies.py), and
each request is asked about with the condition keys that follow from its body (asked.py). What is not understood is refused, and
the server's log says why.
"""

import contextvars
import json
import re
import sys
from time import perf_counter

import asked
import policies

# The request that is being answered: (headers, body, the checks that follow from it).
_request = contextvars.ContextVar("request", default=None)
# What allowed the last request: see `policies.Decision.grants`.
_grants = contextvars.ContextVar("grants", default=())
# A session tag as STS takes it, https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html (\w stands for letters and numbers).
TAG_KEY, TAG_VALUE = r"[\w\s.:/=+\-@]{1,128}", r"[\w\s.:/=+\-@]{0,256}"
MOST_TAGS = 50
# The longest session of a role that was assumed by another role's session.
LONGEST_CHAINED = 3600

# Answers what enforcing has cost so far.
PATH = "/_local/walls"
_spent = {"requests": 0, "checks": 0, "seconds": 0.0}
_enforce = None


def stand():
    """Enforces from now on. MiniStack's application must not be imported before."""
    from ministack.core import iam_evaluator

    iam_evaluator.parse_policy_document = _read
    iam_evaluator.evaluate = _evaluate
    iam_evaluator._first_match = _first_match
    iam_evaluator.evaluate_trust_policy = _trusts
    iam_evaluator._gather_role_policies = _of_role
    global _enforce
    _enforce = iam_evaluator.enforce = _walled(iam_evaluator.enforce)


def stand_around(module):
    """Shows the requests of MiniStack's application to what `stand` has put in place, and keeps the rules of STS."""
    dispatch = module._dispatch_service_request

    async def shown(method, path, headers, body, query_params, request_id):
        if path == PATH:
            return 200, {"Content-Type": "application/json"}, json.dumps(_spent).encode()
        refused = _refused_by_sts(module, headers, body, query_params)
        if refused:
            return refused
        _request.set((headers, body, {}))
        answer = await dispatch(method, path, headers, body, query_params, request_id)
        return _hidden(module, method, path, headers, query_params, answer)

    module._dispatch_service_request = shown


def _hidden(module, method, path, headers, query_params, answer):
    """S3 tells only those who may list a bucket that an object is not there; others are refused."""
    from ministack.core import iam_evaluator, iam_actions

    if answer[0] != 404 or method not in ("GET", "HEAD") or module.detect_service(method, path, headers, query_params) != "s3":
        return answer
    bucket, _, key = path.lstrip("/").partition("/")
    access_key = module.extract_access_key_id(headers, query_params)
    if not key or not access_key or iam_evaluator.is_root_access_key(access_key):
        return answer
    asked_for = (access_key, "s3:ListBucket", "s3", module.extract_region(headers), f"arn:aws:s3:::{bucket}")
    if _enforce(*asked_for) is None:
        iam_evaluator.enforce(*asked_for)  # once more, so that it is written down
        return answer
    return iam_actions.access_denied_response("s3", "s3:GetObject", _arn_of(access_key), "", headers=headers)


def grants():
    """The grants that allowed the last request that was enforced: [(origin, action, resource)]."""
    return _grants.get()


def _walled(enforce):
    from ministack.core import iam_evaluator

    def walled(access_key, action, service, region, resource_arn="*", service_context=None):
        _grants.set(())
        if iam_evaluator.is_root_access_key(access_key):
            return enforce(access_key, action, service, region, resource_arn=resource_arn, service_context=service_context)
        begun = perf_counter()
        try:
            for context in _contexts(service, action, resource_arn, service_context or {}):
                found = enforce(access_key, action, service, region, resource_arn=resource_arn, service_context=context)
                _spent["checks"] += 1
                if found is not None:
                    return found
            if action == "sts:AssumeRole" and (service_context or {}).get("aws:TagKeys"):
                return enforce(access_key, "sts:TagSession", service, region, resource_arn=resource_arn, service_context=service_context)
            return None
        except (policies.NotUnderstood, KeyError, TypeError, ValueError) as error:
            _not_understood(action, error)
            return iam_evaluator.EvalResult("Deny", _arn_of(access_key), reason="not understood")
        finally:
            _spent["requests"] += 1
            _spent["seconds"] += perf_counter() - begun

    return walled


def _contexts(service, action, resource, made):
    """The condition keys of each check that a call of MiniStack's stands for: a transaction may have many items of one table."""
    if service not in ("dynamodb", "kms"):
        return [made]
    headers, body, cached = _request.get()
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    given = json.loads(body or b"{}")
    if service == "kms":
        return [made | asked.kms(operation, given)]
    if not cached:
        for checked, table, index, context in asked.dynamodb(operation, given, _keys_of):
            cached.setdefault((f"dynamodb:{checked}", _arn(table, index)), []).append(context)
    if not cached:
        return [made]
    enclosing = {name: value for name, value in made.items() if name == "dynamodb:EnclosingOperation"}
    return [enclosing | context for context in cached[action, resource]]


def _keys_of(table):
    from ministack.services import dynamodb

    found = dynamodb._tables.get(table.rpartition("/")[2])
    if found is None:
        return None
    indexes = (found.get("GlobalSecondaryIndexes") or []) + (found.get("LocalSecondaryIndexes") or [])
    schemas = {None: found["KeySchema"]} | {index["IndexName"]: index["KeySchema"] for index in indexes}
    return {name: next(key["AttributeName"] for key in schema if key["KeyType"] == "HASH") for name, schema in schemas.items()}


def _arn(table, index):
    from ministack.core.iam_actions import _dynamodb_table_arn
    from ministack.core.responses import get_account_id, get_region

    return _dynamodb_table_arn(table, get_region(), get_account_id()) + (f"/index/{index}" if index else "")


# ---- what replaces MiniStack's evaluation

_known = {}


def _read(document, name=""):
    text = document if isinstance(document, str) else json.dumps(document)
    if (text, name) not in _known:
        _known[text, name] = policies.read(text, name)
    return _known[text, name]


def _of_role(role, account):
    from ministack.core import iam_evaluator
    from ministack.services import iam

    found = iam._roles.get_scoped(account, None, role) or {}
    attached = ((arn, iam_evaluator._resolve_managed_policy_document(arn, account)) for arn in found.get("AttachedPolicies", []))
    named = [*(found.get("InlinePolicies") or {}).items(), *attached]
    return [_read(document, name) for name, document in named if document]


def _lookup(ctx):
    from ministack.core import iam_evaluator

    return lambda key: iam_evaluator._resolve_condition_key(key, ctx)


def _evaluate(ctx, own, *limits):
    from ministack.core.iam_evaluator import EvalResult

    layers = [[statement for statements in layer for statement in statements] for layer in (own, *limits)]
    decision = policies.decide(ctx.action, ctx.resource_arn, _lookup(ctx), *layers)
    if decision.allowed:
        _grants.set((*_grants.get(), *decision.grants))
    return EvalResult("Allow" if decision.allowed else "Deny" if decision.denied_by else "ImplicitDeny", ctx.principal_arn)


def _first_match(ctx, statements, effect):
    meant = (statement for statement in statements if statement.effect == effect)
    return next((statement for statement in meant if policies.matches(statement, ctx.action, ctx.resource_arn, _lookup(ctx))), None)


def _trusts(document, caller, ctx):
    """Whether a trust policy lets the caller do what is asked. Its resource is the role that it belongs to."""
    from ministack.core import iam_evaluator

    document = json.loads(document) if isinstance(document, str) else document
    federated = ctx.action == "sts:AssumeRoleWithWebIdentity"
    meant = [
        statement
        for written, statement in zip(policies.as_list(document["Statement"]), policies.read(document))
        if iam_evaluator._trust_principal_matches(written.get("Principal", {}), caller, federated)
    ]
    try:
        return policies.decide(ctx.action, ctx.resource_arn, _lookup(ctx), meant).allowed
    except policies.NotUnderstood as error:
        return _not_understood(ctx.action, error)


def _not_understood(action, error):
    print(f"refused, because it is not understood: {action}: {type(error).__name__} {error}", file=sys.stderr, flush=True)
    return False


def _arn_of(access_key):
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id

    return getattr(iam_evaluator.resolve_principal(access_key, get_account_id()), "arn", "")


# ---- STS

def _refused_by_sts(module, headers, body, query_params):
    """An error for a request to assume a role that STS would not take."""
    params = module._routing_params("POST", "/", headers, body, query_params)
    if _first(params, "Action") != "AssumeRole":
        return None
    tags = [(name, _first(params, name.removesuffix("Key") + "Value") or "") for name in params if re.fullmatch(r"Tags\.member\.\d+\.Key", name)]
    wrong = len(tags) > MOST_TAGS or any(
        not re.fullmatch(TAG_KEY, _first(params, name)) or _first(params, name).lower().startswith("aws:") or not re.fullmatch(TAG_VALUE, value)
        for name, value in tags
    )
    if wrong:
        return _sts_error("1 validation error detected: a session tag failed to satisfy constraint")
    seconds = int(_first(params, "DurationSeconds") or 3600)
    chained = ":assumed-role/" in _arn_of(module.extract_access_key_id(headers, query_params) or "test")
    if not 900 <= seconds <= (LONGEST_CHAINED if chained else 43200):
        return _sts_error("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining" if chained else "DurationSeconds")
    return None


def _first(params, name):
    value = params.get(name)
    return value[0] if isinstance(value, list) and value else value


def _sts_error(message):
    from ministack.services.iam import _error

    return _error(400, "ValidationError", message, ns="sts")
