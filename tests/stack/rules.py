"""Fires a scheduled rule now, as EventBridge would at its time: it invokes the rule's target with the target's input."""

import json


def fire(stack, kind):
    """Invokes the target of the rule with the input {"kind": kind}; returns the function's answer."""
    found = [target for rule in _schedules(stack) for target in _targets(stack, rule) if _kind(target) == kind]
    if len(found) != 1:
        raise LookupError(f"{len(found)} scheduled rules have a target with the input kind {kind!r}; expected one")
    target = found[0]
    answer = stack.client("lambda").invoke(FunctionName=target["Arn"], Payload=target["Input"].encode())
    body = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise RuntimeError(f"{target['Arn'].rsplit(':', 1)[-1]} failed: {json.dumps(body)}")
    return {"function": target["Arn"].rsplit(":", 1)[-1], "input": json.loads(target["Input"]), "answer": body}


def _schedules(stack):
    for page in stack.client("events").get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            if rule.get("ScheduleExpression"):
                yield rule["Name"]


def _targets(stack, rule):
    for page in stack.client("events").get_paginator("list_targets_by_rule").paginate(Rule=rule):
        yield from page["Targets"]


def _kind(target):
    try:
        return json.loads(target.get("Input", "")).get("kind")
    except (ValueError, AttributeError):
        return None
