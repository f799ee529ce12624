"""The dashboard and the saved queries show what exists."""

import json
import re

from breaking import Promises, broken_by, put, without
from deployed import STACK, Deployed, expanded, metrics

# Metrics of AWS that the dashboard may show.
OF_AWS = {
    "AWS/ApiGateway": {"4xx", "5xx", "Count", "Latency"}, "AWS/Lambda": {"Errors", "Throttles"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
}


def body(stack):
    return json.loads(stack.properties("Dashboard")["DashboardBody"])


def shown(stack):
    """[(namespace, metric, {dimension: value})] of everything that the dashboard draws; a search has no values."""
    for widget in body(stack)["widgets"]:
        for row in widget["properties"].get("metrics", []):
            if isinstance(row[0], dict):
                space, dimension, name = re.fullmatch(r"""SEARCH\('\{"([\w-]+)",(\w+)\} MetricName="(\w+)"', '\w+'\)""", row[0]["expression"]).groups()
                yield space, name, {dimension: None}
            else:
                space, name, *rest = [part for part in row if isinstance(part, str)]
                yield space, name, dict(zip(rest[::2], rest[1::2], strict=True))


def spelt(old, new):
    """A breakage: the dashboard has another text in place of one."""
    def breakage(resources):
        properties = resources["Dashboard"]["Properties"]
        text = json.dumps(properties["DashboardBody"])
        assert old in text, old
        properties["DashboardBody"] = json.loads(text.replace(old, new, 1))

    return breakage


class Watch(Promises):
    @broken_by(spelt("VerdictHeld", "VerdictHold"), spelt("CrmThrottles", "CrmThrottled"), spelt(",Function}", ",Provider}"), spelt("Throttles", "Throttle"))
    def test_each_metric_of_the_dashboard_is_one_of_ours_or_of_aws(self, stack):
        ours, seen = metrics(), list(shown(stack))
        self.assertGreater(len(seen), 50)
        for space, name, dimensions in seen:
            if space in OF_AWS:
                self.assertTrue(name in OF_AWS[space] and len(dimensions) == 1, name)
                continue
            self.assertEqual(space, STACK, name)
            self.assertTrue(name in ours, name)
            by = ours[name]["by"]
            self.assertIn(set(dimensions), [{"Function"}] if by == "Function" else [set(), {"Provider"}] if by == "Provider" else [set()], name)

    @broken_by(spelt("RunsBegun", "RunsFinished"))
    def test_the_dashboard_shows_each_metric_of_ours(self, stack):
        self.assertEqual(set(metrics()) - {name for _, name, _ in shown(stack)}, set())

    @broken_by(spelt("${HeldAlarm.Arn}", "${GivenUpAlarm.Arn}"))
    def test_the_dashboard_shows_each_alarm(self, stack):
        [widget] = [widget for widget in body(stack)["widgets"] if widget["type"] == "alarm"]
        self.assertEqual(sorted(widget["properties"]["alarms"]), sorted(map(stack.arn, stack.of("AWS::CloudWatch::Alarm"))))

    def test_widgets_do_not_lie_over_each_other(self):
        taken = set()
        for widget in body(Deployed(expanded()))["widgets"]:
            cells = {(x, y) for x in range(widget["x"], widget["x"] + widget["width"]) for y in range(widget["y"], widget["y"] + widget["height"])}
            self.assertFalse(taken & cells or max(x for x, _ in cells) > 23, widget["properties"]["title"])
            taken |= cells

    @broken_by(
        put("WhatFailed", "Properties", "LogGroupNames", ["/aws/lambda/another"]), without("OneTenant"),
        put("NotInOrder", "Properties", "Name", "mine"),
    )
    def test_saved_queries_ask_logs_that_exist(self, stack):
        groups = {group["LogGroupName"] for group in stack.of("AWS::Logs::LogGroup").values()}
        queries = stack.of("AWS::Logs::QueryDefinition")
        self.assertEqual(len(queries), 5)
        for logical, query in queries.items():
            self.assertLessEqual(set(query["LogGroupNames"]), groups, logical)
            self.assertTrue(query["Name"].startswith(f"{STACK}/"), logical)
