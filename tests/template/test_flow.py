"""What starts what: rules, queues, functions, notifications, the API."""

import json
import re

from breaking import Promises, another, broken_by, put, without
from deployed import ACCOUNT, REGION, ROOT, Deployed, expanded, source

# The access log holds these of a request: no path, query string or header, of the claims only the tenant, and of a signature only the
# account. The address is personal data; infra/docs/operate.md says why it is there and for how long.
LOGGED = {
    "$context.requestId", "$context.routeKey", "$context.authorizer.claims.tenant", "$context.status", "$context.responseLatency",
    "$context.identity.sourceIp", "$context.identity.accountId",
}


def of_operator():
    """(method, path) of the operator's routes in functions/api/routes.rs."""
    return re.findall(r'route!\(\w+ (\w+) "(/operator/[^"]+)"', (ROOT / "functions/api/routes.rs").read_text())


class Flow(Promises):
    @broken_by(
        put("DispatchFunctionDaily", "Properties", "ScheduleExpression", "rate(7 days)"),
        put("DispatchFunctionHourly", "Properties", "Targets", 0, "Input", '{"kind":"daily"}'),
        put("DispatchFunctionDaily", "Properties", "Targets", 0, "Arn", {"Fn::GetAtt": ["SyncFunction", "Arn"]}),
        put("DispatchFunctionHourly", "Properties", "ScheduleExpression", "rate(1 day)"),
    )
    def test_the_daily_and_the_hourly_rule_start_dispatch(self, stack):
        scheduled = {
            (rule["ScheduleExpression"], target["Arn"], json.loads(target["Input"])["kind"])
            for rule in stack.of("AWS::Events::Rule").values() if "ScheduleExpression" in rule for target in rule["Targets"]
        }
        dispatch = stack.arn("DispatchFunction")
        self.assertEqual(scheduled, {("cron(0 3 * * ? *)", dispatch, "daily"), ("rate(1 hour)", dispatch, "hourly")})

    @broken_by(
        put("SyncDueRule", "Properties", "EventPattern", "detail-type", ["SyncCompleted"]),
        put("SyncDueRule", "Properties", "EventPattern", "detail-type", ["SyncDue"]),
        put("SyncDueRule", "Properties", "EventPattern", "source", ["aws.s3"]),
        put("SyncDueRule", "Properties", "Targets", 0, "Arn", {"Fn::GetAtt": ["SyncDeadLetters", "Arn"]}),
        without("SyncDueRule", "Properties", "EventBusName"),
        put("RemovalDueRule", "Properties", "Targets", 0, "Arn", {"Fn::GetAtt": ["SyncQueue", "Arn"]}),
        put("CompaniesFunctionGoesOn", "Properties", "EventPattern", "detail-type", ["ExportDue"]),
    )
    def test_what_is_due_on_our_bus_goes_to_its_queue(self, stack):
        rules = [rule for rule in stack.of("AWS::Events::Rule").values() if "EventPattern" in rule]
        found = {}
        for rule in rules:
            self.assertEqual((rule["EventPattern"]["source"], rule.get("EventBusName")), (["abgleich"], "abgleich"))
            for kind in rule["EventPattern"]["detail-type"]:
                [found[kind]] = [target["Arn"] for target in rule["Targets"]]
        queue = stack.arn("SyncQueue")
        ends = stack.arn("RemoveQueue")
        goes_on = stack.arn("DispatchFunction")
        imports = stack.arn("CompaniesFunction")
        self.assertEqual(found, {
            "SyncDue": queue, "ExportDue": queue, "RemovalDue": ends, "OffboardingDue": ends, "DispatchDue": goes_on, "ImportDue": imports,
        })

    @broken_by(
        put("SyncQueuePolicy", "Properties", "PolicyDocument", "Statement", 0, "Principal", "*"),
        without("SyncQueuePolicy", "Properties", "PolicyDocument", "Statement", 0, "Condition"),
        put("RemoveQueuePolicy", "Properties", "PolicyDocument", "Statement", 0, "Action", "sqs:*"),
        without("RemoveQueuePolicy"),
        put("UndeliveredEventsPolicy", "Properties", "PolicyDocument", "Statement", 0, "Principal", "*"),
    )
    def test_only_its_rule_fills_a_queue(self, stack):
        policies = {queue: policy for policy in stack.of("AWS::SQS::QueuePolicy").values() for queue in policy["Queues"]}
        every = [stack.arn(rule) for rule in ("SyncDueRule", "RemovalDueRule", "DispatchFunctionDaily", "DispatchFunctionHourly", "DispatchFunctionGoesOn", "CompaniesFunctionGoesOn")]
        fills = {"SyncQueue": stack.arn("SyncDueRule"), "RemoveQueue": stack.arn("RemovalDueRule"), "UndeliveredEvents": every}
        self.assertEqual(set(policies), set(fills))
        for queue, rules in fills.items():
            [statement] = policies[queue]["PolicyDocument"]["Statement"]
            self.assertEqual((statement["Principal"], statement["Action"]), ({"Service": "events.amazonaws.com"}, "sqs:SendMessage"))
            self.assertEqual(statement["Resource"], stack.arn(queue))
            self.assertEqual(statement.get("Condition"), {"ArnEquals": {"aws:SourceArn": rules}})

    @broken_by(
        without("SyncDueRule", "Properties", "Targets", 0, "DeadLetterConfig"),
        without("DispatchFunctionHourly", "Properties", "Targets", 0, "DeadLetterConfig"),
        put("RemovalDueRule", "Properties", "Targets", 0, "DeadLetterConfig", "Arn", {"Fn::GetAtt": ["RemoveDeadLetters", "Arn"]}),
        put("UndeliveredEventsPolicy", "Properties", "PolicyDocument", "Statement", 0, "Condition", "ArnEquals", "aws:SourceArn", [{"Fn::GetAtt": ["SyncDueRule", "Arn"]}]),
        put("UndeliveredEvents", "Properties", "MessageRetentionPeriod", 60),
        another("AWS::Events::Rule", ScheduleExpression="rate(1 day)", Targets=[{"Id": "x", "Arn": "y", "Input": "{}"}]),
    )
    def test_what_a_rule_cannot_deliver_lies_in_a_queue_that_each_rule_may_fill(self, stack):
        queue, rules = stack.arn("UndeliveredEvents"), stack.of("AWS::Events::Rule")
        for logical, rule in rules.items():
            for target in rule["Targets"]:
                self.assertEqual(target.get("DeadLetterConfig"), {"Arn": queue}, logical)
        [statement] = stack.properties("UndeliveredEventsPolicy")["PolicyDocument"]["Statement"]
        self.assertEqual(set(statement["Condition"]["ArnEquals"]["aws:SourceArn"]), set(map(stack.arn, rules)))
        self.assertEqual(stack.properties("UndeliveredEvents")["MessageRetentionPeriod"], 14 * 86400)

    @broken_by(
        without("DispatchFunctionEventInvokeConfig"), put("CompaniesFunctionEventInvokeConfig", "Properties", "DestinationConfig", "OnFailure", "Destination", "elsewhere"),
        put("FailedInvocations", "Properties", "MessageRetentionPeriod", 60),
    )
    def test_what_nobody_waits_for_leaves_its_event_when_it_fails(self, stack):
        kept = {found["FunctionName"]: found["DestinationConfig"]["OnFailure"]["Destination"] for found in stack.of("AWS::Lambda::EventInvokeConfig").values()}
        queue = stack.arn("FailedInvocations")
        self.assertEqual(kept, {stack.name(f"{name}Function"): queue for name in ("Dispatch", "Companies")})
        queue = stack.properties("FailedInvocations")
        self.assertEqual((queue["MessageRetentionPeriod"], queue["SqsManagedSseEnabled"]), (1209600, True))

    @broken_by(
        without("SyncQueue", "Properties", "RedrivePolicy"),
        put("SyncDeadLetters", "Properties", "MessageRetentionPeriod", 86400),
        without("SyncDeadLetters", "Properties", "SqsManagedSseEnabled"),
        put("RemoveQueue", "Properties", "RedrivePolicy", "deadLetterTargetArn", {"Fn::GetAtt": ["SyncDeadLetters", "Arn"]}),
    )
    def test_what_fails_five_times_lies_for_two_weeks_encrypted(self, stack):
        queues = stack.of("AWS::SQS::Queue")
        for name in ("Sync", "Remove"):
            redrive = {"deadLetterTargetArn": stack.arn(f"{name}DeadLetters"), "maxReceiveCount": 5}
            self.assertEqual(queues[f"{name}Queue"].get("RedrivePolicy"), redrive)
            self.assertEqual(queues[f"{name}DeadLetters"]["MessageRetentionPeriod"], 14 * 86400)
        for logical, queue in queues.items():
            self.assertIs(queue.get("SqsManagedSseEnabled"), True, logical)

    @broken_by(put("SyncQueue", "Properties", "VisibilityTimeout", 900), put("RemoveQueue", "Properties", "VisibilityTimeout", 900))
    def test_an_order_is_not_seen_again_while_a_slice_may_still_work_on_it(self, stack):
        longest = source()["Parameters"]["SyncTimeout"]["MaxValue"]
        self.assertGreaterEqual(stack.properties("SyncQueue")["VisibilityTimeout"], 6 * longest)
        self.assertGreater(stack.properties("RemoveQueue")["VisibilityTimeout"], stack.properties("RemoveFunction")["Timeout"])

    @broken_by(
        without("SyncFunctionDue", "Properties", "ScalingConfig"),
        put("SyncFunctionDue", "Properties", "BatchSize", 10),
        without("SyncFunctionDue", "Properties", "FunctionResponseTypes"),
        without("RemoveFunctionDue", "Properties", "ScalingConfig"),
    )
    def test_slices_at_a_time_are_capped_and_each_order_fails_for_itself(self, stack):
        mappings = stack.of("AWS::Lambda::EventSourceMapping").values()
        capped = {mapping["EventSourceArn"]: mapping.get("ScalingConfig") for mapping in mappings}
        self.assertEqual(capped, {stack.arn("SyncQueue"): {"MaximumConcurrency": 20}, stack.arn("RemoveQueue"): {"MaximumConcurrency": 5}})
        for mapping in mappings:
            self.assertEqual((mapping["BatchSize"], mapping.get("FunctionResponseTypes")), (1, ["ReportBatchItemFailures"]))

    @broken_by(
        without("Reference", "Properties", "NotificationConfiguration", "LambdaConfigurations", 0, "Filter"),
        put("Reference", "Properties", "NotificationConfiguration", "LambdaConfigurations", 0, "Filter", "S3Key", "Rules", 0, "Value", "reports/"),
        without("CompaniesMayBeCalled", "Properties", "SourceAccount"),
        without("CompaniesFunction", "Properties", "ReservedConcurrentExecutions"),
    )
    def test_a_file_that_arrives_starts_companies_and_its_report_does_not(self, stack):
        [notified] = stack.properties("Reference")["NotificationConfiguration"]["LambdaConfigurations"]
        self.assertEqual((notified["Event"], notified["Function"]), ("s3:ObjectCreated:*", stack.arn("CompaniesFunction")))
        self.assertEqual(notified.get("Filter"), {"S3Key": {"Rules": [{"Name": "prefix", "Value": "incoming/"}]}})
        permission = stack.properties("CompaniesMayBeCalled")
        self.assertEqual((permission["SourceArn"], permission.get("SourceAccount")), (stack.arn("Reference"), "111122223333"))
        self.assertEqual(stack.properties("CompaniesFunction").get("ReservedConcurrentExecutions"), 1)

    @broken_by(without("ApiMayBeCalled", "Properties", "SourceArn"), without("DispatchFunctionDailyPermission", "Properties", "SourceArn"))
    def test_a_service_may_call_a_function_for_one_of_our_resources_only(self, stack):
        for logical, permission in stack.of("AWS::Lambda::Permission").items():
            self.assertTrue(permission.get("SourceArn", "").startswith("arn:aws:"), logical)

    @broken_by(
        put("HealthRoute", "Properties", "RouteKey", "$default"),
        put("V1Route", "Properties", "AuthorizationType", "NONE"),
        without("V1Route", "Properties", "AuthorizationType"),
        without("V1Route", "Properties", "AuthorizerId"),
        another("AWS::ApiGatewayV2::Route", ApiId="Api", RouteKey="ANY /{proxy+}"),
        put("EndTenantRoute", "Properties", "AuthorizationType", "NONE"),
        put("EndTenantRoute", "Properties", "AuthorizationType", "JWT"),
        put("EndTenantRoute", "Properties", "RouteKey", "ANY /operator/{proxy+}"),
        without("GetTenantEndRoute"),
    )
    def test_health_and_the_consoles_pages_are_open_and_everything_else_is_behind_the_authorizer(self, stack):
        routes = {
            route["RouteKey"]: (route.get("AuthorizationType", "NONE"), route.get("AuthorizerId"))
            for route in stack.of("AWS::ApiGatewayV2::Route").values()
        }
        pages = {f"{method} /console{rest}": ("NONE", None) for method in ("GET", "HEAD") for rest in ("", "/{proxy+}")}
        ours = {"GET /health": ("NONE", None), "ANY /v1/{proxy+}": ("JWT", "Authorizer")}
        signed = {f"{method} {path}": ("AWS_IAM", None) for method, path in of_operator()}
        self.assertEqual(len(signed), 2, "functions/api/routes.rs is read wrongly")
        self.assertEqual(routes, ours | pages | signed)

    @broken_by(
        put("EndTenantsPolicy", "Properties", "PolicyDocument", "Statement", 0, "Resource", {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"}),
        put("EndTenantsPolicy", "Properties", "PolicyDocument", "Statement", 0, "Action", "execute-api:*"),
        put("EndTenantsPolicy", "Properties", "Roles", [{"Ref": "ApiRole"}]),
        put("EndTenantRoute", "Properties", "RouteKey", "POST /operator/tenants/{tenant}/end"),
        another("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": []}),
    )
    def test_the_operators_policy_allows_the_operators_routes_and_nothing_else(self, stack):
        self.assertEqual(list(stack.of("AWS::IAM::ManagedPolicy")), ["EndTenantsPolicy"])
        policy = stack.properties("EndTenantsPolicy")
        [statement] = policy["PolicyDocument"]["Statement"]
        api = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:Api/$default"
        keys = [route["RouteKey"].split(" ") for route in stack.of("AWS::ApiGatewayV2::Route").values() if route.get("AuthorizationType") == "AWS_IAM"]
        resources = {f"{api}/{method}{re.sub('{[^}]+}', '*', path)}" for method, path in keys}
        self.assertEqual(statement | {"Resource": set(statement["Resource"])}, {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resources})
        # Nobody has it but whom the operator gives it to.
        self.assertFalse({"Roles", "Users", "Groups"} & set(policy))
        page = (ROOT / "infra/docs/operate.md").read_text()
        shown = {re.sub("arn:aws:execute-api:REGION:ACCOUNT:API-ID/", f"arn:aws:execute-api:{REGION}:{ACCOUNT}:Api/", arn) for arn in re.findall(r'"(arn:aws:execute-api:[^"]+)"', page)}
        self.assertEqual(shown, resources)

    @broken_by(
        put("ConsolePagesRoute", "Properties", "Target", {"Fn::Sub": "integrations/${ApiIntegration}"}),
        put("ConsoleIntegration", "Properties", "IntegrationUri", {"Fn::GetAtt": ["ApiFunction", "Arn"]}),
        put("V1Route", "Properties", "Target", {"Fn::Sub": "integrations/${ConsoleIntegration}"}),
    )
    def test_a_request_for_a_page_reaches_the_function_that_has_no_rights_and_no_other_request_does(self, stack):
        ends = {f"integrations/{logical}": one["IntegrationUri"] for logical, one in stack.of("AWS::ApiGatewayV2::Integration").items()}
        for route in stack.of("AWS::ApiGatewayV2::Route").values():
            function = "ConsoleFunction" if " /console" in route["RouteKey"] else "ApiFunction"
            self.assertEqual(ends[route["Target"]], stack.arn(function), route["RouteKey"])

    def test_an_operator_leaves_the_console_out_and_nothing_of_it_is_left(self):
        stack = Deployed(expanded(), Console="no")
        self.assertEqual([logical for logical in stack.resources if logical.startswith("Console")], [])
        self.assertNotIn("ConsoleLogs", str(stack.resources))
        self.assertNotIn("ConsoleRole", str(stack.resources))
        self.assertEqual(len([logical for logical in Deployed(expanded()).resources if logical.startswith("Console")]), 9)

    @broken_by(
        put("Authorizer", "Properties", "JwtConfiguration", "Audience", []),
        put("Authorizer", "Properties", "AuthorizerType", "REQUEST"),
        put("Authorizer", "Properties", "JwtConfiguration", "Issuer", "https://issuer.of-another.example.com"),
        put("Authorizer", "Properties", "IdentitySource", ["$request.querystring.token"]),
    )
    def test_the_authorizer_takes_tokens_of_the_one_issuer_for_us_from_the_header(self, stack):
        [authorizer] = stack.of("AWS::ApiGatewayV2::Authorizer").values()
        self.assertEqual(authorizer["AuthorizerType"], "JWT")
        self.assertEqual(authorizer["IdentitySource"], ["$request.header.Authorization"])
        self.assertEqual(authorizer["JwtConfiguration"], {"Issuer": "https://issuer.example.com", "Audience": ["abgleich"]})

    def test_pages_of_other_origins_may_call_only_where_they_are_named(self):
        self.assertNotIn("CorsConfiguration", Deployed(expanded()).properties("Api"))
        stack = Deployed(expanded(), CorsOrigins=["https://app.example.com"])
        cors = stack.properties("Api")["CorsConfiguration"]
        self.assertEqual(cors["AllowOrigins"], ["https://app.example.com"])
        self.assertNotIn("AllowCredentials", cors)
        self.assertNotIn("*", str(cors))
        methods = set(re.findall(r"route!\(\w+ (\w+) ", (ROOT / "functions/api/routes.rs").read_text()))
        self.assertLessEqual(methods, set(cors["AllowMethods"]))
        # A page may read what the contract says of answers: the gateway's own refusals have only its own id.
        self.assertLessEqual({"etag", "location", "retry-after", "x-request-id", "apigw-requestid"}, set(cors["ExposeHeaders"]))

    @broken_by(
        without("ApiStage", "Properties", "DefaultRouteSettings"),
        put("ApiStage", "Properties", "DefaultRouteSettings", "ThrottlingRateLimit", 0),
    )
    def test_the_api_is_throttled(self, stack):
        [stage] = stack.of("AWS::ApiGatewayV2::Stage").values()
        self.assertEqual(stage["StageName"], "$default")
        self.assertGreater(min(stage.get("DefaultRouteSettings", {"": 0}).values()), 0)

    @broken_by(
        put("ApiStage", "Properties", "AccessLogSettings", "Format", '{"path":"$context.path"}'),
        put("ApiStage", "Properties", "AccessLogSettings", "Format", '{"who":"$context.authorizer.claims.sub"}'),
        put("ApiStage", "Properties", "AccessLogSettings", "Format", '{"status":"$context.status"}'),
        put("ApiStage", "Properties", "AccessLogSettings", "Format", '{"who":"$context.identity.userArn"}'),
    )
    def test_the_access_log_holds_of_a_caller_the_tenant_and_the_address(self, stack):
        [stage] = stack.of("AWS::ApiGatewayV2::Stage").values()
        logged = set(re.findall(r"\$[\w.]+", stage["AccessLogSettings"]["Format"]))
        self.assertEqual(logged, LOGGED)
