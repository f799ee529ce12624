"""Evaluates alarms as CloudWatch does: by their dimensions, and with what each says about missing data. MiniStack mixes all dimensions of
a metric, and leaves an alarm without data as it is.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

import operator
import time

COMPARED = {
    "GreaterThanOrEqualToThreshold": operator.ge, "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le, "LessThanThreshold": operator.lt,
}
# The state of an alarm none of whose periods has data. With "missing" it becomes INSUFFICIENT_DATA, with "ignore" it stays.
WITHOUT_DATA = {"breaching": "ALARM", "notBreaching": "OK", "missing": "INSUFFICIENT_DATA", "ignore": None}


def keep():
    """Makes MiniStack evaluate alarms so from now on."""
    from ministack.services import cloudwatch

    def evaluate(alarm):
        state = _state(cloudwatch, alarm, time.time())
        before = alarm["StateValue"]
        if state and state != before:
            reason = f"{alarm['MetricName']} {alarm['ComparisonOperator']} {alarm['Threshold']}: {state}"
            alarm |= {"StateValue": state, "StateReason": reason, "StateUpdatedTimestamp": int(time.time())}
            cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
            cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
            cloudwatch._evaluate_parent_alarms(alarm)

    cloudwatch._evaluate_alarm = evaluate


def _state(cloudwatch, alarm, now):
    """ALARM if all periods breach, in which those without data count as the alarm says."""
    if not alarm.get("Namespace") or not alarm.get("MetricName"):
        return None
    missing = alarm.get("TreatMissingData") or "missing"
    period, statistic = int(alarm.get("Period", 60)), alarm.get("ExtendedStatistic") or alarm.get("Statistic")
    dimensions = cloudwatch._dims_key({part["Name"]: part["Value"] for part in alarm.get("Dimensions") or []})
    points = cloudwatch._metrics.get((alarm["Namespace"], alarm["MetricName"], dimensions), [])
    periods = []
    for number in range(int(alarm.get("EvaluationPeriods", 1))):
        end = now - number * period
        found = [point for point in points if end - period < point["Timestamp"] <= end]
        value = cloudwatch._stat_value(cloudwatch._calc_stats(found), statistic, found) if found else None
        periods.append(None if value is None else COMPARED[alarm["ComparisonOperator"]](value, alarm["Threshold"]))
    if all(breaches is None for breaches in periods):
        return WITHOUT_DATA[missing]
    return "ALARM" if all(missing == "breaching" if breaches is None else breaches for breaches in periods) else "OK"
