"""Fires a schedule's rule now, as EventBridge would at its time: its target, with its target's input."""

import json


def fire(stack, kind):
    """Invokes what the rule with the input {"kind": kind} points to, and returns the function's answer."""
    found = [target for rule in _schedules(stack) for target in _targets(stack, rule) if _kind(target) == kind]
    if len(found) != 1:
        raise LookupError(f"{len(found)} schedule rules have a target with the input kind {kind!r}, not 1")
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
