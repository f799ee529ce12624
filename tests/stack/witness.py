"""A queue that receives every event on the stack's buses, for tests of events and for the search of strings in clear."""

import json
import urllib.request

QUEUE = "witness"


def listen(stack):
    """Makes a rule from each of the stack's buses to the queue. Repeating it is harmless."""
    sqs, events = stack.client("sqs"), stack.client("events")
    url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    may_send = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [may_send]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy), "MessageRetentionPeriod": "1209600"})
    for bus in stack.resources("AWS::Events::EventBus").values():
        pattern = json.dumps({"source": [{"prefix": ""}]})
        events.put_rule(Name="witness", EventBusName=bus, EventPattern=pattern)
        events.put_targets(Rule="witness", EventBusName=bus, Targets=[{"Id": "witness", "Arn": arn}])


def events(stack):
    """The events that the queue received, in order."""
    for url, found in messages(stack).items():
        if url.endswith(f"/{QUEUE}"):
            return [json.loads(message["Body"]) for message in found]
    return []


def messages(stack):
    """{queue: messages} of all queues, dead-letter queues included. Reading neither removes nor hides messages."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{stack.endpoint}/_ministack/sqs/messages", timeout=60) as answer:
        accounts = json.load(answer)["messages"]
    return {url: found for regions in accounts.values() for queues in regions.values() for url, found in queues.items()}
