"""Does what CloudWatch does with the metrics in the functions' log lines (functions/metrics/emf.rs), which the local stack does not:
it reads them off the log and puts them where alarms see them."""

import json
from datetime import datetime, timedelta, timezone

# CloudWatch takes this many in one PutMetricData.
MOST = 1000


class Metrics:
    """Forwards each line of a stack's logs once."""

    def __init__(self, stack):
        self.stack, self.seen = stack, set()

    def forward(self, earlier=timedelta()):
        """Puts the metrics of all new lines, as if they had been written `earlier`. Returns [(name, dimensions, value)]."""
        put = {}
        for line in self.stack.logs():
            key = (line["function"], line["time"], line["message"])
            if key in self.seen:
                continue
            self.seen.add(key)
            for namespace, datum in data(line["message"]):
                datum["Timestamp"] -= earlier
                put.setdefault(namespace, []).append(datum)
        cloudwatch = self.stack.client("cloudwatch")
        for namespace, found in put.items():
            for start in range(0, len(found), MOST):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=found[start:start + MOST])
        return [
            (datum["MetricName"], {part["Name"]: part["Value"] for part in datum["Dimensions"]}, datum["Value"])
            for found in put.values() for datum in found
        ]


def data(message):
    """[(namespace, datum for PutMetricData)] of a log line. A line that is none of the format, or breaks it, has no metrics."""
    try:
        line = json.loads(message)
        meta = line["_aws"]
    except (ValueError, KeyError, TypeError):
        return
    time = datetime.fromtimestamp(meta["Timestamp"] / 1000, timezone.utc)
    for directive in meta["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            # CloudWatch refuses a line that names a dimension or a metric which it does not have.
            dimensions = [{"Name": name, "Value": line[name]} for name in names]
            for metric in directive["Metrics"]:
                yield directive["Namespace"], {
                    "MetricName": metric["Name"], "Unit": metric["Unit"], "Value": line[metric["Name"]],
                    "Timestamp": time, "Dimensions": dimensions,
                }


def alarms(stack):
    """{logical id of an alarm: its state}"""
    logical = {name: logical for logical, name in stack.resources("AWS::CloudWatch::Alarm").items()}
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {logical[alarm["AlarmName"]]: alarm["StateValue"] for page in pages for alarm in page["MetricAlarms"] if alarm["AlarmName"] in logical}
