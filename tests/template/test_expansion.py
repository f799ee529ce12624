"""SAM expands the template, cfn-lint accepts it, and everything that others rely on is in it."""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from breaking import Promises, broken_by, put, without_alarm
from deployed import REGION, ROOT, STACK, Deployed, expanded, logged_alarms, metrics, source

# Read by the local stack, the demo and operators.
OUTPUTS = {
    "ApiUrl", "LedgerTable", "CopiesTable", "KeysTable", "TenantKeysTable", "CompaniesTable", "PagesBucket", "ReferenceBucket", "KmsKey", "StorageKey", "EventBus",
    "ReceiptKey", "HeadsKey", "SyncQueue", "SyncDeadLetters", "RemoveQueue", "RemoveDeadLetters", "DispatchFunctionName", "SyncFunctionName", "RemoveFunctionName", "CompaniesFunctionName", "ApiFunctionName",
    "FailedInvocations", "UndeliveredEvents", "DashboardName", "EndTenantsPolicy",
}
# Names that the template gives, rather than CloudFormation, which are unique in an account.
NAMES = {
    "AWS::DynamoDB::Table": ["TableName"], "AWS::S3::Bucket": ["BucketName"], "AWS::Lambda::Function": ["FunctionName"],
    "AWS::Logs::LogGroup": ["LogGroupName"], "AWS::KMS::Alias": ["AliasName"], "AWS::Events::EventBus": ["Name"],
    "AWS::Events::Rule": ["Name"], "AWS::SQS::Queue": ["QueueName"], "AWS::IAM::Role": ["RoleName"], "AWS::CloudWatch::Alarm": ["AlarmName"],
}


def lint(*files):
    """cfn-lint's findings, warnings included, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", "from cfnlint.runner import main; main()", "--regions", REGION, "--format", "parseable", "--", *map(str, files)],
        capture_output=True, text=True, timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


class Expansion(Promises):
    def test_cfn_lint_finds_nothing_in_the_file_nor_in_what_sam_makes_of_it(self):
        with tempfile.TemporaryDirectory() as folder:
            made, broken = Path(folder) / "made.json", Path(folder) / "broken.json"
            made.write_text(json.dumps(expanded()))
            self.assertEqual(lint(ROOT / "template.yaml", made), (0, ""))
            template = expanded()
            template["Resources"]["Ledger"]["Properties"]["KeySchema"][0]["AttributeName"] = "nowhere_defined"
            broken.write_text(json.dumps(template))
            self.assertNotEqual(lint(broken)[0], 0, "cfn-lint does not see a key that no attribute defines")

    def test_every_function_is_built_from_a_program_of_the_doors_package(self):
        manifests = [ROOT / "Cargo.toml", ROOT / "functions/console/Cargo.toml"]
        programs = {found["name"] for manifest in manifests for found in tomllib.loads(manifest.read_text())["bin"]}
        functions = {
            logical: found for logical, found in source()["Resources"].items() if found["Type"] == "AWS::Serverless::Function"
        }
        built = {found["Metadata"]["BuildProperties"]["Binary"] for found in functions.values()}
        self.assertEqual({found["Metadata"]["BuildMethod"] for found in functions.values()}, {"rust-cargolambda"})
        self.assertEqual(built, programs - {"operator"}, "the operator's command line alone is not deployed")

    @broken_by(
        put("SyncFunction", "Properties", "Runtime", "python3.13"),
        put("ApiFunction", "Properties", "Architectures", ["x86_64"]),
    )
    def test_functions_run_on_arm_where_nothing_else_is_asked_for(self, stack):
        for logical, function in stack.of("AWS::Lambda::Function").items():
            self.assertEqual((function["Runtime"], function["Architectures"]), ("provided.al2023", ["arm64"]), logical)

    def test_the_architecture_is_a_parameter(self):
        stack = Deployed(expanded(), Architecture="x86_64")
        self.assertEqual({tuple(f["Architectures"]) for f in stack.of("AWS::Lambda::Function").values()}, {("x86_64",)})

    def test_outputs_are_there_and_point_at_something(self):
        stack = Deployed(expanded())
        outputs = {name: stack.resolve(found["Value"]) for name, found in stack.template["Outputs"].items()}
        self.assertEqual(set(outputs), OUTPUTS | {"AlarmsGoNowhere", "ConsoleRedirectUrl", "ConsoleUrl", "EgressAddress"})
        self.assertTrue(all(outputs.values()), outputs)

    def test_a_deployment_whose_alarms_go_nowhere_says_so(self):
        output = expanded()["Outputs"]["AlarmsGoNowhere"]
        for topic, is_said in (("", True), ("arn:aws:sns:eu-central-1:111122223333:calls", False)):
            stack = Deployed(expanded(), AlarmTopic=topic)
            self.assertEqual(stack._holds(stack.template["Conditions"][output["Condition"]]), is_said)

    @broken_by(
        put("Ledger", "Properties", "TableName", "ledger"),
        put("SyncLogs", "Properties", "LogGroupName", "/aws/lambda/sync"),
        put("Bus", "Properties", "Name", "abgleich-of-all"),
    )
    def test_two_stacks_of_one_account_share_no_name(self, stack):
        def names(deployed):
            return {
                (found["Type"], found["Properties"][key]) for found in deployed.resources.values()
                for key in NAMES.get(found["Type"], ()) if key in found["Properties"]
            }

        self.assertGreater(len(names(stack)), 15)
        self.assertFalse(names(stack) & names(Deployed(stack.template, "another")))

    @broken_by(without_alarm("SyncFailsAlarm"), without_alarm("UndeliveredEventsAlarm"), put("DeadLettersAlarm", "Properties", "Dimensions", 0, "Value", "SyncQueue.QueueName"))
    def test_dead_letters_and_the_errors_of_whatever_no_one_waits_for_ring_an_alarm(self, stack):
        watched = {
            (alarm["MetricName"], alarm["Dimensions"][0]["Value"]) for alarm in stack.of("AWS::CloudWatch::Alarm").values()
            if alarm["MetricName"] in ("Errors", "ApproximateNumberOfMessagesVisible") and (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        }
        errors = {("Errors", stack.name(f"{name}Function")) for name in ("Dispatch", "Sync", "Remove", "Companies")}
        self.assertEqual(watched, errors | {("ApproximateNumberOfMessagesVisible", f"{name}DeadLetters.QueueName") for name in ("Sync", "Remove")} | {("ApproximateNumberOfMessagesVisible", f"{name}.QueueName") for name in ("FailedInvocations", "UndeliveredEvents")})

    @broken_by(
        without_alarm("ApiFailsAlarm"), put("ApiFailsAlarm", "Properties", "MetricName", "4xx"), put("ApiFailsAlarm", "Properties", "Namespace", "AWS/Lambda"),
        put("ApiFailsAlarm", "Properties", "Dimensions", 0, "Value", "another"), put("ApiFailsAlarm", "Properties", "Period", 86_400),
        put("ApiFailsAlarm", "Properties", "Threshold", 500),
    )
    def test_answers_of_the_api_that_its_callers_cannot_mend_ring_an_alarm_soon(self, stack):
        [api] = stack.of("AWS::ApiGatewayV2::Api")
        watched = [
            alarm for alarm in stack.of("AWS::CloudWatch::Alarm").values()
            if (alarm["Namespace"], alarm["MetricName"], alarm.get("Dimensions"))
            == ("AWS/ApiGateway", "5xx", [{"Name": "ApiId", "Value": stack.name(api)}])
        ]
        self.assertEqual(len(watched), 1)
        alarm = watched[0]
        self.assertEqual((alarm["Statistic"], alarm["ComparisonOperator"]), ("Sum", "GreaterThanOrEqualToThreshold"))
        self.assertLessEqual(alarm["Period"], 300)
        self.assertLessEqual(alarm["Threshold"], 10)

    @broken_by(
        put("TenantKeyLostAlarm", "Properties", "MetricName", "Lost"), put("AppRefusedAlarm", "Properties", "Threshold", 5), without_alarm("FileRefusedAlarm"),
        put("AppRefusedAlarm", "Properties", "Statistic", "Maximum"), put("GivenUpAlarm", "Properties", "Namespace", "AWS/Lambda"), without_alarm("AccessDeniedAlarm"),
    )
    def test_each_alarm_that_a_log_line_names_rings_at_its_first_line(self, stack):
        rings = {
            alarm["MetricName"] for alarm in stack.of("AWS::CloudWatch::Alarm").values()
            if (alarm["Namespace"], alarm["Threshold"], alarm["ComparisonOperator"], alarm.get("Statistic")) == (STACK, 0, "GreaterThanThreshold", "Sum")
        }
        self.assertGreater(len(logged_alarms()), 4, "functions/alarm.rs is read wrongly")
        self.assertLessEqual(set(logged_alarms().values()), rings)

    @broken_by(
        put("HeldAlarm", "Properties", "MetricName", "VerdictHold"), put("HeldAlarm", "Properties", "Dimensions", [{"Name": "Function", "Value": "sync"}]),
        put("GivenUpAlarm", "Properties", "MetricName", "ColdStarts"),
    )
    def test_each_alarm_on_a_metric_of_ours_finds_it_as_it_is_written(self, stack):
        ours = {logical: alarm for logical, alarm in stack.of("AWS::CloudWatch::Alarm").items() if not alarm["Namespace"].startswith("AWS/")}
        self.assertGreater(len(ours), 10)
        for logical, alarm in ours.items():
            self.assertEqual(alarm["Namespace"], STACK, logical)
            metric = metrics().get(alarm["MetricName"])
            self.assertIsNotNone(metric, logical)
            # Each but those by function is kept once without dimensions (functions/metrics/emf.rs).
            wanted = [{"Name": "Function"}] if metric["by"] == "Function" else None
            self.assertEqual([{"Name": part["Name"]} for part in alarm["Dimensions"]] if "Dimensions" in alarm else None, wanted, logical)

    @broken_by(
        put("UnverifiedAlarm", "Properties", "TreatMissingData", "notBreaching"), put("UnverifiedAlarm", "Properties", "Threshold", 1),
        put("NothingMeasuredAlarm", "Properties", "TreatMissingData", "notBreaching"), without_alarm("NothingMeasuredAlarm"),
        put("NothingMeasuredAlarm", "Properties", "EvaluationPeriods", 24), put("NothingMeasuredAlarm", "Properties", "Statistic", "Maximum"),
        put("UnverifiedAlarm", "Properties", "EvaluationPeriods", 24), put("UnverifiedAlarm", "Properties", "Statistic", "Minimum"),
        put("DispatchFunction", "Properties", "Environment", "Variables", "UNVERIFIED_ALARM_HOURS", "1000"),
    )
    def test_an_integration_that_is_silent_for_26_hours_rings_and_so_does_silence_about_it(self, stack):
        alarm = stack.properties("UnverifiedAlarm")
        self.assertEqual((alarm["MetricName"], alarm["Statistic"]), ("UnverifiedIntegrations", "Maximum"))
        self.assertEqual((alarm["Threshold"], alarm["ComparisonOperator"]), (0, "GreaterThanThreshold"))
        self.assertEqual(int(stack.properties("DispatchFunction")["Environment"]["Variables"]["UNVERIFIED_ALARM_HOURS"]), 26)
        # The hourly rule measures it, so a period always has a value. Where it has none, the state says what was known last.
        self.assertEqual((alarm["Period"], alarm["EvaluationPeriods"], alarm["TreatMissingData"]), (3600, 1, "ignore"))
        silence = stack.resources.get("NothingMeasuredAlarm", {}).get("Properties", {})
        # Whatever the value is, it counts as a look: an integration that stays overdue does not hide that dispatch stands still.
        self.assertEqual((silence.get("MetricName"), silence.get("Statistic")), ("UnverifiedIntegrations", "SampleCount"))
        self.assertEqual((silence["Threshold"], silence["ComparisonOperator"], silence["TreatMissingData"]), (1, "LessThanThreshold", "breaching"))
        self.assertLessEqual(silence["Period"] * silence["EvaluationPeriods"], 7200)

    @broken_by(
        without_alarm("NewlyUnverifiedAlarm"), put("NewlyUnverifiedAlarm", "Properties", "Period", 3600),
        put("NewlyUnverifiedAlarm", "Properties", "MetricName", "UnverifiedIntegrations"), put("NewlyUnverifiedAlarm", "Properties", "Threshold", 1),
    )
    def test_each_further_integration_that_falls_silent_rings_again(self, stack):
        alarm = stack.resources.get("NewlyUnverifiedAlarm", {}).get("Properties", {})
        self.assertEqual((alarm.get("MetricName"), alarm.get("Statistic")), ("NewlyUnverified", "Sum"))
        self.assertEqual((alarm["Threshold"], alarm["ComparisonOperator"]), (0, "GreaterThanThreshold"))
        # Dispatch looks each hour. The alarm has to be over before the next look, since it notifies only when its state changes.
        self.assertLessEqual(alarm["Period"] * alarm["EvaluationPeriods"], 600)

    @broken_by(put("HeldAlarm", "Properties", "TreatMissingData", "breaching"), put("ApiSlowAlarm", "Properties", "TreatMissingData", "missing"))
    def test_no_other_alarm_takes_quiet_for_trouble(self, stack):
        for logical, alarm in stack.of("AWS::CloudWatch::Alarm").items():
            wanted = {"NothingMeasuredAlarm": "breaching", "UnverifiedAlarm": "ignore"}.get(logical, "notBreaching")
            self.assertEqual(alarm["TreatMissingData"], wanted, logical)

    @broken_by(without_alarm("TablesThrottledAlarm"), put("TablesThrottledAlarm", "Properties", "MetricName", "CrmThrottles"), put("TablesThrottledAlarm", "Properties", "Threshold", 10_000))
    def test_tables_and_crms_that_are_asked_too_much_ring_an_alarm(self, stack):
        found = {
            alarm["MetricName"] for alarm in stack.of("AWS::CloudWatch::Alarm").values()
            if (alarm.get("Statistic"), alarm["Period"], alarm["Threshold"], alarm["ComparisonOperator"]) == ("Sum", 3600, 100, "GreaterThanOrEqualToThreshold")
        }
        self.assertLessEqual({"TableThrottles", "CrmThrottles"}, found)

    @broken_by(
        without_alarm("DispatchThrottledAlarm"), without_alarm("CompaniesThrottledAlarm"), put("RemoveThrottledAlarm", "Properties", "Threshold", 100),
        put("RemoveThrottledAlarm", "Properties", "Dimensions", 0, "Value", "another"), put("CompaniesThrottledAlarm", "Properties", "EvaluationPeriods", 24),
        put("DispatchThrottledAlarm", "Properties", "Namespace", "AWS/SQS"),
    )
    def test_a_function_that_lambda_has_no_room_for_rings_an_alarm(self, stack):
        found = {
            alarm["Dimensions"][0]["Value"]: (alarm["Threshold"], alarm["Period"] * alarm["EvaluationPeriods"]) for alarm in stack.of("AWS::CloudWatch::Alarm").values()
            if (alarm["Namespace"], alarm["MetricName"], alarm.get("Statistic")) == ("AWS/Lambda", "Throttles", "Sum")
        }
        # Sync is started so often that a few refusals mean nothing; companies works on one file at a time on purpose.
        wanted = {"Dispatch": (0, 3600), "Remove": (0, 3600), "Companies": (0, 7200), "Sync": (100, 3600), "Api": (0, 300)}
        self.assertEqual(found, {stack.name(f"{name}Function"): rings for name, rings in wanted.items()})

    @broken_by(without_alarm("SyncQueueAgeAlarm"), put("RemoveQueueAgeAlarm", "Properties", "Dimensions", 0, "Value", "SyncQueue.QueueName"))
    def test_each_queue_that_a_function_works_on_is_watched_for_its_age(self, stack):
        watched = {
            alarm["Dimensions"][0]["Value"] for alarm in stack.of("AWS::CloudWatch::Alarm").values()
            if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SQS", "ApproximateAgeOfOldestMessage")
        }
        self.assertEqual(watched, {"SyncQueue.QueueName", "RemoveQueue.QueueName"})

    def test_alarms_are_sent_where_a_topic_is_named(self):
        for topic, actions in (("", None), ("arn:aws:sns:eu-central-1:111122223333:calls", ["arn:aws:sns:eu-central-1:111122223333:calls"])):
            stack = Deployed(expanded(), AlarmTopic=topic)
            for logical, alarm in stack.of("AWS::CloudWatch::Alarm").items():
                self.assertEqual(alarm.get("AlarmActions"), actions, logical)
