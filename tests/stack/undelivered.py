"""Does what EventBridge does with an event that it cannot deliver, and MiniStack leaves out: a target that is not there, or whose queue
does not let the rule in, costs no retries. The event goes to the target's dead-letter queue at once, if that one lets the rule in, and is
lost otherwise.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

import json
import logging

from policies import NotUnderstood, as_list

LOG = logging.getLogger(__name__)
SENDER = {"Service": "events.amazonaws.com"}


def keep():
    """Makes MiniStack do so from now on."""
    from ministack.core.arn import parse_arn
    from ministack.services import eventbridge, lambda_svc, sqs

    deliver = eventbridge._invoke_target

    def trouble(arn, rule):
        """Why nothing can be delivered there, as AWS's message attribute ERROR_CODE says it; None if it can."""
        service = parse_arn(arn).service
        if service == "lambda":
            return None if all(lambda_svc._get_func_record_for_ref(arn)[:2]) else "NO_RESOURCE"
        if service != "sqs":
            raise NotUnderstood(f"a target of {service}")
        queue = sqs._queue_by_arn(arn)
        if not queue:
            return "NO_RESOURCE"
        return None if lets_in(queue["attributes"].get("Policy"), arn, rule) else "NO_PERMISSIONS"

    def delivered(target, event, rule, view=None):
        arn, rule_arn = target["Arn"], eventbridge._rule_arn(rule["Name"], rule.get("EventBusName", "default"))
        code = trouble(arn, rule_arn)
        if not code:
            return deliver(target, event, rule, view)
        dead = target.get("DeadLetterConfig", {}).get("Arn")
        if not dead or trouble(dead, rule_arn):
            LOG.error("an event of %s is lost: %s, and no queue takes it", rule_arn, code)
            return None
        deliver({**target, "Arn": dead}, event, rule, view)
        told = {"RULE_ARN": rule_arn, "TARGET_ARN": arn, "ERROR_CODE": code}
        attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
        sqs._queue_by_arn(dead)["messages"][-1]["message_attributes"] = attributes

    eventbridge._invoke_target = delivered


def lets_in(policy, queue, rule):
    """Whether a queue's policy lets a rule send. A form that is not known here is an error."""
    statements = as_list(json.loads(policy)["Statement"]) if policy else []
    return any(_allows(statement, queue, rule) for statement in statements)


def _allows(statement, queue, rule):
    conditions = statement.get("Condition", {"ArnEquals": {"aws:SourceArn": rule}})
    if statement["Effect"] != "Allow" or list(conditions) != ["ArnEquals"] or list(conditions["ArnEquals"]) != ["aws:SourceArn"]:
        raise NotUnderstood(f"a statement of a queue's policy: {statement}")
    sent = "sqs:SendMessage" in as_list(statement["Action"]) and queue in as_list(statement["Resource"])
    return sent and statement["Principal"] == SENDER and rule in as_list(conditions["ArnEquals"]["aws:SourceArn"])
