"""Metrics in log lines are read as CloudWatch reads them, and the local stack's alarms ring as CloudWatch's do."""

import json
import unittest
from datetime import datetime, timedelta, timezone

import metrics
from stack import Stack

NOW = datetime.now(timezone.utc)


def line(*directives, **values):
    """A log line in the embedded format. A directive is (dimensions, names of metrics)."""
    meta = [{"Namespace": "mine", "Dimensions": of, "Metrics": [{"Name": name, "Unit": "Count"} for name in names]} for of, names in directives]
    return json.dumps({"_aws": {"Timestamp": int(NOW.timestamp() * 1000), "CloudWatchMetrics": meta}} | values)


class Lines(unittest.TestCase):
    def test_each_set_of_dimensions_is_a_metric_of_its_own(self):
        told = line(([[]], ["Lost"]), ([[], ["Provider"]], ["Slices"]), Provider="x", Lost=1, Slices=2)
        found = [(datum["MetricName"], datum["Dimensions"], datum["Value"]) for _, datum in metrics.data(told)]
        self.assertEqual(found, [("Lost", [], 1), ("Slices", [], 2), ("Slices", [{"Name": "Provider", "Value": "x"}], 2)])

    def test_other_lines_have_no_metrics_and_a_line_that_lacks_its_values_is_a_mistake(self):
        for other in ("START RequestId: 1", '{"level":"INFO"}', "[1]", "7"):
            self.assertEqual(list(metrics.data(other)), [])
        for broken in (line(([[]], ["Lost"])), line(([["Provider"]], ["Lost"]), Lost=1)):
            with self.assertRaises(KeyError):
                list(metrics.data(broken))


class Alarms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("alarms-of-metrics").up()
        cls.addClassCleanup(cls.stack.down)
        cls.cloudwatch = cls.stack.client("cloudwatch")

    def alarm(self, name, **more):
        self.cloudwatch.put_metric_alarm(**{
            "AlarmName": name, "Namespace": "mine", "MetricName": name, "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
            "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching",
        } | more)

    def put(self, name, value, age=0, **dimensions):
        named = [{"Name": key, "Value": of} for key, of in dimensions.items()]
        time = datetime.now(timezone.utc) - timedelta(seconds=age)
        self.cloudwatch.put_metric_data(Namespace="mine", MetricData=[{"MetricName": name, "Value": value, "Timestamp": time, "Dimensions": named}])

    def state(self, name):
        [alarm] = self.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return alarm["StateValue"]

    def test_an_alarm_sees_its_own_dimensions_and_no_others(self):
        self.alarm("all")
        self.alarm("one", MetricName="all", Dimensions=[{"Name": "Provider", "Value": "x"}])
        self.put("all", 1, Provider="y")
        self.assertEqual((self.state("all"), self.state("one")), ("OK", "OK"))
        self.put("all", 1)
        self.assertEqual((self.state("all"), self.state("one")), ("ALARM", "OK"))
        self.put("all", 1, Provider="x")
        self.assertEqual(self.state("one"), "ALARM")

    def test_missing_data_is_what_the_alarm_says_it_is(self):
        self.alarm("silent", TreatMissingData="breaching", Threshold=5)
        self.assertEqual(self.state("silent"), "ALARM")
        self.put("silent", 5)
        self.assertEqual(self.state("silent"), "OK")
        self.alarm("quiet")
        self.put("quiet", 1, age=61)
        self.assertEqual(self.state("quiet"), "OK")

    def test_all_periods_have_to_breach(self):
        self.alarm("long", EvaluationPeriods=2)
        self.put("long", 1)
        self.assertEqual(self.state("long"), "OK")
        self.put("long", 1, age=61)
        self.assertEqual(self.state("long"), "ALARM")


if __name__ == "__main__":
    unittest.main()
