"""An integration that falls silent rings, through the deployed template: its CRM refuses, or nothing looks at it any more. The functions
write the metrics; metrics.py reads them off the logs as CloudWatch does."""

import json
import unittest
from datetime import datetime, timedelta, timezone

from world import OBJECTS, World, until, verdicts

import metrics

SIZES = {"accounts": 9, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}
REFUSAL = {"kind": "error", "status": 403, "code": "INSUFFICIENT_ACCESS", "message": "insufficient access"}


class Alarms(unittest.TestCase):
    def setUp(self):
        self.world = World("alarms", sizes=SIZES)
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.stack = self.world.stack
        self.metrics = metrics.Metrics(self.stack)

    def ringing(self, earlier=timedelta()):
        """Forwards what was measured since, and returns the alarms that ring."""
        self.metrics.forward(earlier)
        return {logical for logical, state in metrics.alarms(self.stack).items() if state == "ALARM"}

    def lines(self, name, function):
        """A function's lines with a metric, the oldest first."""
        found = (json.loads(line["message"]) for line in self.stack.logs(function) if '"_aws"' in line["message"])
        return [line for line in found if name in line]

    def written(self, name, function):
        """Waits until a function's line with a metric is in the log."""
        until(lambda: self.lines(name, function), f"the metric {name}", 20)
        return self.lines(name, function)[-1]

    def row(self):
        """The table of the Ledger, and the row of the integration."""
        table = self.stack.settings("sync")["TABLE_LEDGER"]
        items = self.stack.client("dynamodb").scan(TableName=table)["Items"]
        [item] = [item for item in items if item["sk"]["S"] == "INTEGRATION"]
        return table, item

    def change(self, expression, **values):
        table, item = self.row()
        values = {f":{name}": {"S": value} for name, value in values.items()}
        given = {"ExpressionAttributeValues": values} if values else {}
        self.stack.client("dynamodb").update_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]}, UpdateExpression=expression, **given)

    def age(self, hours):
        """Moves the time at which the integration was in order back, as if so much time had passed."""
        then = datetime.now(timezone.utc) - timedelta(hours=hours)
        self.change("SET verified_at = :then", then=then.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z")

    def look(self):
        """Has dispatch look; returns the line of its metrics."""
        n = len(self.looks())
        self.stack.fire("hourly")
        until(lambda: len(self.looks()) > n, "the measure of dispatch", 20)
        return self.looks()[-1]

    def looks(self):
        return self.lines("OldestUnverifiedHours", "dispatch")

    def test_an_integration_that_falls_silent_rings_whoever_made_it_so(self):
        world, stack = self.world, self.stack
        self.assertEqual(verdicts(world.sync()["acme"]), dict.fromkeys(OBJECTS, "VERIFIED"))
        line = self.written("VerdictVerified", "sync")
        self.assertEqual((line["Provider"], line["VerdictVerified"], line["RecordsWritten"]), ("salesforce", 5, 29), line)
        self.assertGreater(line["CrmRequests"], 4, line)

        with self.subTest("dispatch has not run for hours"):
            self.look()
            self.assertEqual(self.ringing(earlier=timedelta(hours=3)), {"NothingMeasuredAlarm"})
        with self.subTest("it runs again, and all is in order"):
            self.assertEqual(self.look()["OldestUnverifiedHours"], 0)
            self.assertEqual(self.ringing(), set())
        with self.subTest("its CRM refuses"):
            world.organisation().control("add_fault", match={"path": "/services/data"}, times=10_000, fault=REFUSAL)
            world.settle()
            stack.fire("daily")
            until(lambda: world.orders("SyncFailed"), "the run to fail", 60)
            self.written("RunsFailed", "sync")
            rung = self.ringing()
            self.assertLessEqual({"RunFailedAlarm", "ObjectFailedAlarm"}, rung)
            self.assertNotIn("UnverifiedAlarm", rung, "it was in order minutes ago")
        with self.subTest("for the hours after which it is overdue"):
            self.age(hours=26)
            line = self.look()
            self.assertEqual((line["OldestUnverifiedHours"], line["UnverifiedIntegrations"], line["NewlyUnverified"]), (26, 1, 1))
            self.assertLessEqual({"UnverifiedAlarm", "NewlyUnverifiedAlarm"}, self.ringing())
        with self.subTest("for longer"):
            self.age(hours=28)
            line = self.look()
            self.assertEqual((line["OldestUnverifiedHours"], line["UnverifiedIntegrations"]), (28, 1))
            self.assertNotIn("NewlyUnverified", line, "it was new two hours ago")
            rung = self.ringing()
            self.assertTrue("UnverifiedAlarm" in rung and "NothingMeasuredAlarm" not in rung, rung)
            named = [json.loads(line["message"]) for line in stack.logs("dispatch") if "not been in order" in line["message"]]
            named = {(line["tenant"], line["integration"], line["hours"], line["new"]) for line in named}
            self.assertEqual(named, {("acme", "salesforce", 26, True), ("acme", "salesforce", 28, False)})
        with self.subTest("its row is of an earlier build, and measured once a run begins"):
            self.change("REMOVE verified_at")
            self.assertEqual(self.look()["OldestUnverifiedHours"], 0)
            world.settle()
            stack.fire("daily")
            until(lambda: "verified_at" in self.row()[1], "dispatch to claim", 60)
            self.age(hours=30)
            self.assertEqual(self.look()["UnverifiedIntegrations"], 1)
        with self.subTest("it is in order again"):
            world.organisation().control("clear_faults")
            self.assertEqual(verdicts(world.sync()["acme"]), dict.fromkeys(OBJECTS, "VERIFIED"))
            self.assertEqual(self.look()["OldestUnverifiedHours"], 0)

    def test_tables_that_are_asked_too_much_ring_though_everything_succeeds(self):
        self.stack.be_silent(each=3, throttled=True)
        self.assertEqual(verdicts(self.world.sync()["acme"]), dict.fromkeys(OBJECTS, "VERIFIED"))
        self.assertGreater(self.stack.be_silent(0)["met"], 5)
        told = lambda: sum(line["TableThrottles"] for line in self.lines("TableThrottles", "sync"))
        until(lambda: told() > 3, "the throttles to be counted", 20)
        # As if it went on, until there are as many as the alarm wants within an hour.
        for _ in range(100 // told() + 1):
            self.metrics.seen.clear()
            rung = self.ringing()
        self.assertIn("TablesThrottledAlarm", rung)

    def test_what_is_deployed_shows_what_there_is_and_keeps_what_failed(self):
        stack, outputs = self.stack, self.stack.outputs()
        self.assertIn("AlarmTopic is empty", outputs["AlarmsGoNowhere"])
        with self.subTest("the dashboard"):
            text = stack.client("cloudwatch").get_dashboard(DashboardName=outputs["DashboardName"])["DashboardBody"]
            self.assertNotRegex(text.replace("${PROP(", ""), r"\$\{", "a name was not put in")
            titles = [widget["properties"]["title"] for widget in json.loads(text)["widgets"]]
            self.assertGreater(len(titles), 10)
            print(f"dashboard: {len(text)} bytes, {len(titles)} widgets: {', '.join(titles)}")
        with self.subTest("an invocation that nobody waits for"):
            event = {"kind": "weekly"}
            stack.client("lambda").invoke(FunctionName=stack.functions()["dispatch"], InvocationType="Event", Payload=json.dumps(event))
            received = lambda: stack.client("sqs").receive_message(QueueUrl=outputs["FailedInvocations"], WaitTimeSeconds=1).get("Messages", [])
            kept = []
            until(lambda: kept.extend(received()) or kept, "the event to lie in the queue", 30)
            self.assertEqual(json.loads(kept[0]["Body"])["requestPayload"], event)

    def test_an_event_that_no_queue_takes_is_kept_and_rings_and_the_run_goes_on_with_it(self):
        world, stack, outputs = self.world, self.stack, self.stack.outputs()
        sqs = stack.client("sqs")
        queues = stack.resources("AWS::SQS::Queue")
        lets_in = sqs.get_queue_attributes(QueueUrl=queues["SyncQueue"], AttributeNames=["Policy"])["Attributes"]
        arn = sqs.get_queue_attributes(QueueUrl=queues["SyncQueue"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        # As if somebody had changed the queue's policy: the rule may no longer send there.
        other = json.loads(lets_in["Policy"])
        other["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"] += "-of-another-stack"
        sqs.set_queue_attributes(QueueUrl=queues["SyncQueue"], Attributes={"Policy": json.dumps(other)})
        stack.fire("daily")
        received = lambda: sqs.receive_message(QueueUrl=outputs["UndeliveredEvents"], MessageAttributeNames=["All"], WaitTimeSeconds=1).get("Messages", [])
        [kept] = until(received, "the event to lie in the queue", 30)
        with self.subTest("it says what could not be delivered where, and names nobody"):
            event = json.loads(kept["Body"])
            self.assertEqual(event["detail-type"], "SyncDue")
            self.assertEqual(event["detail"], world.orders("SyncDue")[0])
            told = {name: value["StringValue"] for name, value in kept["MessageAttributes"].items()}
            self.assertEqual((told["TARGET_ARN"], told["ERROR_CODE"]), (arn, "NO_PERMISSIONS"))
        with self.subTest("the alarm rings"):
            self.assertNotIn("UndeliveredEventsAlarm", self.ringing())
            self.measured(outputs["UndeliveredEvents"])
            self.assertIn("UndeliveredEventsAlarm", self.ringing())
        with self.subTest("once the policy is mended, the event is delivered from the queue"):
            sqs.set_queue_attributes(QueueUrl=queues["SyncQueue"], Attributes=lets_in)
            sqs.send_message(QueueUrl=queues["SyncQueue"], MessageBody=kept["Body"])
            sqs.delete_message(QueueUrl=outputs["UndeliveredEvents"], ReceiptHandle=kept["ReceiptHandle"])
            self.assertEqual(verdicts(world.ended()), dict.fromkeys(OBJECTS, "VERIFIED"))

    def measured(self, url):
        """Measures a queue as SQS does, which the local stack does not."""
        told = self.stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        n = int(told["ApproximateNumberOfMessages"]) + int(told["ApproximateNumberOfMessagesNotVisible"])
        datum = {"MetricName": "ApproximateNumberOfMessagesVisible", "Dimensions": [{"Name": "QueueName", "Value": url.rpartition("/")[2]}], "Value": n}
        self.stack.client("cloudwatch").put_metric_data(Namespace="AWS/SQS", MetricData=[datum])


if __name__ == "__main__":
    unittest.main()
