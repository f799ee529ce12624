"""Each function's role may do exactly what is listed here, of everything that could be asked for."""

import re

import iam
import rights
from breaking import Promises, broken_by, put, role_policies, without
from deployed import ACCOUNT, REGION, ROOT, Deployed, as_list
from rights import MAY, MAY_FOR_A_TENANT

READ_WRITE = [
    "BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem",
    "PartiQLSelect", "PartiQLDelete", "DeleteTable", "UpdateTable", "ExportTableToPointInTime", "CreateBackup",
]
OBJECTS = ["AbortMultipartUpload", "GetObject", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion", "PutObjectAcl"]
LISTS = ["ListBucket", "ListBucketVersions"]
BUCKETS = ["ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "PutBucketPolicy", "PutLifecycleConfiguration", "DeleteBucket"]
RECEIPTS = ["Sign", "Verify", "GetPublicKey", "Decrypt", "DisableKey", "ScheduleKeyDeletion", "CreateGrant"]
KMS = ["Decrypt", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "DisableKey", "ScheduleKeyDeletion", "CreateGrant", "Sign"]
QUEUES = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility", "SendMessage", "PurgeQueue"]
LOGS = ["CreateLogGroup", "CreateLogStream", "PutLogEvents", "GetLogEvents", "FilterLogEvents", "DeleteLogGroup"]
OTHERS = [
    ("events:PutEvents", f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"),
    ("events:PutRule", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/any"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/any"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/any"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:abgleich-sync"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/abgleich-ledger-of-another"),
    ("s3:GetObject", "arn:aws:s3:::another-bucket/pages/t/i/g1/x"),
]


# The function that assumes a data role, and the setting that has its ARN.
ASSUMED_BY = {name: (name, "TENANT_ROLE") for name in MAY_FOR_A_TENANT} | {"Export": ("Sync", "EXPORT_ROLE"), "End": ("Remove", "END_ROLE")}
INDEXES = ("due", "unverified", "by_company", "by_domain", "by_email", "by_parent", "by_review")
# The statements for rows of one kind, and a condition that lets them reach the other kind.
ONE_KIND = [("Sync", 0), ("Remove", 0), ("Remove", 1), ("End", 1), ("End", 2), ("Api", 1), ("Export", 0), ("Export", 3)]
BOTH = ["T#${aws:PrincipalTag/tenant}", "T#${aws:PrincipalTag/tenant}#*"]
CONTEXTS = (["tenant"], ["tenant", "integration", "generation"])


def everything(stack, function):
    """(action, resource, name of the place) of everything that is checked."""
    for table in ("Ledger", "Copies", "Keys", "TenantKeys", "Companies"):
        for suffix in ("", *(f"/index/{name}" for name in INDEXES)):
            yield from ((f"dynamodb:{a}", stack.arn(table) + suffix, table + suffix) for a in READ_WRITE)
    for bucket, folders in (("Pages", ("pages/", "bodies/", "exports/")), ("Reference", ("incoming/", "places/", "reports/"))):
        yield from ((f"s3:{a}", stack.arn(bucket), bucket) for a in BUCKETS)
        for folder in folders:
            yield from ((f"s3:{a}", f"{stack.arn(bucket)}/{folder}t/i/g1/x", f"{bucket}/{folder}") for a in OBJECTS)
    for queue in ("SyncQueue", "SyncDeadLetters", "RemoveQueue", "RemoveDeadLetters", "FailedInvocations"):
        yield from ((f"sqs:{a}", stack.arn(queue), queue) for a in QUEUES)
    yield from ((f"kms:{a}", stack.arn("Key"), "key") for a in KMS)
    yield from ((f"kms:{a}", stack.arn("StorageKey"), "storage key") for a in KMS)
    yield from ((f"kms:{a}", stack.arn("ReceiptKey"), "receipt key") for a in RECEIPTS)
    yield from ((f"kms:{a}", stack.arn("HeadsKey"), "heads key") for a in RECEIPTS)
    for other in MAY:
        group = stack.arn(f"{other}Logs").removesuffix("*") + "log-stream:2026/11/24/[$LATEST]0"
        yield from ((f"logs:{a}", group, "logs" if other == function else f"logs of {other}") for a in LOGS)
    yield ("events:PutEvents", stack.arn("Bus"), "bus")
    for other in MAY_FOR_A_TENANT:
        yield from ((f"sts:{a}", stack.arn(f"{other}DataRole"), f"{other}DataRole") for a in ("AssumeRole", "TagSession"))
    yield from ((action, resource, "another's") for action, resource in OTHERS)


# The path to a data role's one statement of trust.
TRUST = ("Properties", "AssumeRolePolicyDocument", "Statement", 0)


def of_a_tenant(stack, *tenants):
    """(action, resource, condition keys, name of the place) of all requests that are about these tenants at once, or about none of them."""
    keys = [(whose, [shape.format(tenant) for tenant in tenants]) for whose, shapes in rights.WHOSE.items() for shape in shapes]
    for table in ("Ledger", "Copies", "Keys", "TenantKeys"):
        for place in (table, *(f"{table}/index/{name}" for name in INDEXES)):
            resource = stack.arn(table) + place.removeprefix(table)
            named = {"dynamodb:Attributes": ["pk", "sk"]}
            for whose, some in keys:
                yield from ((f"dynamodb:{a}", resource, named | ({"dynamodb:LeadingKeys": some} if some else {}), f"{place} of {whose}") for a in READ_WRITE)
    for folder in ("pages/", "bodies/", "exports/"):
        for tenant in tenants[-1:]:
            yield from ((f"s3:{a}", f"{stack.arn('Pages')}/{folder}{tenant}/crm-1/g1/x", {}, f"Pages/{folder}") for a in OBJECTS)
            yield from ((f"s3:{a}", stack.arn("Pages"), {"s3:prefix": f"{folder}{tenant}/crm-1/g1/"}, f"Pages/{folder}") for a in LISTS)
    yield from ((f"s3:{a}", stack.arn("Pages"), {}, "Pages") for a in BUCKETS)
    for tenant in tenants[-1:]:
        for names in CONTEXTS:
            context = {f"kms:EncryptionContext:{name}": tenant if name == "tenant" else "x" for name in names}
            yield from ((f"kms:{a}", stack.arn("Key"), context | {"kms:EncryptionContextKeys": names}, "key") for a in KMS)
    yield from ((f"kms:{a}", stack.arn("Key"), {}, "key") for a in KMS)


def _may(stack, function, tag, requests):
    """{(action, place)} of the requests that a session of the function's data role may make."""
    tags = {"tenant": tag} if tag else {}
    return {
        (action.split(":")[1], place) for action, resource, context, place in requests
        if iam.allowed(stack, f"{function}DataRole", action, resource, context, tags)
    }


class Privileges(Promises):
    @broken_by(
        put(*role_policies("DispatchRole"), 4, "Action", "dynamodb:*"),
        put(*role_policies("DispatchRole"), 4, "Resource", "*"),
        put(*role_policies("SyncRole"), 2, "Resource", {"Fn::GetAtt": ["Keys", "Arn"]}),
        put(*role_policies("ApiRole"), 0, "Resource", {"Fn::GetAtt": ["SyncLogs", "Arn"]}),
        put(*role_policies("CompaniesRole"), 2, "Resource", {"Fn::GetAtt": ["Keys", "Arn"]}),
        without(*role_policies("CompaniesRole"), 5),
        without(*role_policies("SyncRole"), 3),
        put(*role_policies("ApiRole"), 2, "Resource", {"Fn::GetAtt": ["ReceiptKey", "Arn"]}),
        put(*role_policies("ApiRole"), 3, "Action", ["kms:GetPublicKey", "kms:Sign"]),
        put("ApiSessions", "Properties", "Roles", [{"Ref": "ApiRole"}, {"Ref": "SyncRole"}]),
        put("ApiSessions", "Properties", "PolicyDocument", "Statement", 0, "Resource", {"Fn::GetAtt": ["RemoveDataRole", "Arn"]}),
    )
    def test_a_role_may_do_what_its_function_does_and_nothing_else(self, stack):
        for function, expected in MAY.items():
            may = {
                (action.split(":")[1], place) for action, resource, place in everything(stack, function)
                if iam.allowed(stack, f"{function}Role", action, resource)
            }
            self.assertEqual(may, expected, function)

    @broken_by(
        put(*role_policies("SyncDataRole"), 3, "Action", "dynamodb:Query"),
        put(*role_policies("SyncDataRole"), 0, "Action", "dynamodb:*"),
        *(put(*role_policies(f"{name}DataRole"), number, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys", BOTH) for name, number in ONE_KIND),
        put(*role_policies("ApiDataRole"), 5, "Resource", {"Fn::GetAtt": ["Copies", "Arn"]}),
        put(*role_policies("RemoveDataRole"), 4, "Action", ["kms:Decrypt", "kms:GenerateDataKey"]),
        put(*role_policies("ExportDataRole"), 4, "Action", ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem"]),
        put(*role_policies("SyncDataRole"), 8, "Resource", {"Fn::Sub": "${Pages.Arn}/exports/${!aws:PrincipalTag/tenant}/*"}),
    )
    def test_in_a_session_a_data_role_may_do_what_its_function_does_with_the_tenant_s(self, stack):
        for function, expected in MAY_FOR_A_TENANT.items():
            self.assertEqual(_may(stack, function, "acme", of_a_tenant(stack, "acme")), expected, function)
            for action, place in expected:
                table, _, whose = place.partition(" of ")
                if whose:
                    self.assertIn(whose, rights.stored()[table.partition("/")[0]], f"{function} may {action} where nothing lies")

    @broken_by(
        *(without(*role_policies(f"{name}DataRole"), 0, "Condition", "ForAllValues:StringLike") for name in MAY_FOR_A_TENANT),
        *(without(*role_policies(f"{name}DataRole"), 1, "Condition") for name in MAY_FOR_A_TENANT),
        put(*role_policies("SyncDataRole"), 0, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys", "T#${aws:PrincipalTag/tenant}*"),
        put(*role_policies("ApiDataRole"), 0, "Condition", {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": "T#${aws:PrincipalTag/tenant}#*"}}),
        without(*role_policies("SyncDataRole"), 0, "Condition", "Null"),
        without(*role_policies("ApiDataRole"), 6, "Condition", "StringEquals"),
        put(*role_policies("ApiDataRole"), 7, "Resource", {"Fn::Sub": "${Pages.Arn}/bodies/*"}),
        put(*role_policies("RemoveDataRole"), 5, "Condition", "StringLike", "s3:prefix", "*"),
        put(*role_policies("SyncDataRole"), 8, "Resource", {"Fn::Sub": "${Pages.Arn}/*"}),
    )
    def test_in_a_session_nothing_of_another_tenant_can_be_had(self, stack):
        for function in MAY_FOR_A_TENANT:
            for tag in ("acme", "acme-2", "crm-1", "g10", None):
                # Another tenant's; one whose name begins with ours, or the other way round; ours and another's in one batch; nobody's.
                others = [other for other in ("other", "acme", "acme-2") if other != tag]
                about = [(other,) for other in others] + [(tag or "acme", other) for other in others] + [()]
                for tenants in about:
                    found = _may(stack, function, tag, of_a_tenant(stack, *tenants))
                    # S3 knows no condition on the prefix of this one. It tells the names of unfinished uploads: ids and numbers.
                    may = {("ListBucketMultipartUploads", "Pages")} if function == "Remove" and tag else set()
                    self.assertEqual(found, may, (function, tag, tenants))

    @broken_by(
        put(*role_policies("ApiDataRole"), 5, "Action", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]),
        put(*role_policies("ApiDataRole"), 0, "Resource", [{"Fn::GetAtt": ["Ledger", "Arn"]}, {"Fn::GetAtt": ["TenantKeys", "Arn"]}]),
        put(*role_policies("EndDataRole"), 0, "Resource", [{"Fn::GetAtt": ["Ledger", "Arn"]}, {"Fn::GetAtt": ["TenantKeys", "Arn"]}]),
        put(*role_policies("EndDataRole"), 4, "Action", ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"]),
    )
    def test_only_the_end_of_a_tenant_destroys_its_keys(self, stack):
        for role in stack.of("AWS::IAM::Role"):
            for action in ("DeleteItem", "BatchWriteItem", "UpdateItem", "DeleteTable"):
                for tenant in ("acme", None):
                    context, tags = {"dynamodb:LeadingKeys": ["T#acme"]}, {"tenant": tenant} if tenant else {}
                    may = iam.allowed(stack, role, f"dynamodb:{action}", stack.arn("TenantKeys"), context, tags)
                    self.assertEqual(may, (role, action, tenant) == ("EndDataRole", "DeleteItem", "acme"), (role, action, tenant))

    @broken_by(
        put(*role_policies("SyncRole"), 0, "Action", "logs:*"),
        put(*role_policies("CompaniesRole"), 2, "Resource", "*"),
        put(*role_policies("CompaniesRole"), 3, "Resource", "arn:aws:s3:::*/incoming/*"),
        put(*role_policies("DispatchRole"), 4, "Resource", {"Fn::Sub": "${Ledger.Arn}/index/*"}),
        put("ApiRole", "Properties", "ManagedPolicyArns", ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]),
    )
    def test_no_role_has_a_star_but_behind_its_own_prefix(self, stack):
        for role, properties in stack.of("AWS::IAM::Role").items():
            self.assertFalse({"ManagedPolicyArns", "PermissionsBoundary"} & set(properties), role)
            for statement in iam.statements(stack, role):
                for action in as_list(statement["Action"]):
                    self.assertNotRegex(action, r"[*?]", role)
                for resource in as_list(statement["Resource"]):
                    starred = re.fullmatch(r"[^*?]+:log-group:/[^*?]+:\*|arn:aws:s3:::[^*?]+/[a-z]+/(\$\{aws:PrincipalTag/tenant\}/)?\*|[^*?]+", resource)
                    self.assertTrue(starred, f"{role}: {resource}")

    @broken_by(
        put("ApiFunction", "Properties", "Role", {"Fn::GetAtt": ["SyncRole", "Arn"]}),
        put("ApiFunction", "Properties", "Role", {"Fn::GetAtt": ["ApiDataRole", "Arn"]}),
        put("SyncRole", "Properties", "AssumeRolePolicyDocument", "Statement", 0, "Principal", {"AWS": "*"}),
    )
    def test_each_function_has_a_role_of_its_own_that_only_lambda_assumes(self, stack):
        roles = [role for role in stack.of("AWS::IAM::Role") if not role.endswith("DataRole")]
        self.assertEqual(sorted(function["Role"] for function in stack.of("AWS::Lambda::Function").values()), sorted(map(stack.arn, roles)))
        for role in roles:
            [statement] = stack.properties(role)["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(statement["Principal"], {"Service": "lambda.amazonaws.com"}, role)

    @broken_by(
        put("ApiDataRole", *TRUST, "Principal", {"AWS": "*"}),
        put("ApiDataRole", *TRUST, "Principal", {"AWS": {"Fn::GetAtt": ["SyncRole", "Arn"]}}),
        without("SyncDataRole", *TRUST, "Condition", "Null"),
        without("RemoveDataRole", *TRUST, "Condition", "StringNotLike"),
        put("RemoveDataRole", *TRUST, "Condition", "ForAllValues:StringEquals", "aws:TagKeys", ["tenant", "more"]),
        put("SyncFunction", "Properties", "Environment", "Variables", "TENANT_ROLE", {"Fn::GetAtt": ["ApiDataRole", "Arn"]}),
        put("SyncFunction", "Properties", "Environment", "Variables", "EXPORT_ROLE", {"Fn::GetAtt": ["SyncDataRole", "Arn"]}),
        put("ExportDataRole", *TRUST, "Principal", {"AWS": {"Fn::GetAtt": ["ApiRole", "Arn"]}}),
        put("EndDataRole", *TRUST, "Principal", {"AWS": {"Fn::GetAtt": ["ApiRole", "Arn"]}}),
        put("RemoveFunction", "Properties", "Environment", "Variables", "END_ROLE", {"Fn::GetAtt": ["RemoveDataRole", "Arn"]}),
        without("ApiFunction", "DependsOn"),
    )
    def test_a_data_role_is_assumed_by_its_function_alone_and_for_one_tenant(self, stack):
        condition = {
            "Null": {"aws:RequestTag/tenant": "false"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["tenant"]},
            "StringNotLike": {"aws:RequestTag/tenant": ["*${*}*", "*${?}*", "*${$}*"]},
        }
        for data, (function, setting) in ASSUMED_BY.items():
            [trust] = stack.properties(f"{data}DataRole")["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(trust, {
                "Effect": "Allow", "Principal": {"AWS": stack.arn(f"{function}Role")}, "Action": ["sts:AssumeRole", "sts:TagSession"], "Condition": condition,
            })
            variables = stack.properties(f"{function}Function")["Environment"]["Variables"]
            self.assertEqual(variables[setting], stack.arn(f"{data}DataRole"))
            self.assertIn(f"{function}Sessions", as_list(stack.resources[f"{function}Function"].get("DependsOn", [])))

    def test_the_context_of_a_wrapped_key_is_the_one_that_policies_name(self):
        source = (ROOT / "infra/src/aws/kms.rs").read_text()
        context = re.search(r"fn context\(.*?\n}\n", source, re.S).group(0)
        self.assertEqual(re.findall(r'\("(\w+)"\.to_owned\(\)', context), CONTEXTS[1])

    @broken_by(
        without("TracingPolicy", "Condition"), put("TracingPolicy", "Properties", "PolicyDocument", "Statement", 0, "Action", "xray:*"),
        put("SyncFunction", "Properties", "TracingConfig", "Mode", "Active"),
    )
    def test_functions_are_traced_only_where_the_operator_asks_for_it(self, stack):
        for mode, wanted in (("PassThrough", set()), ("Active", {"xray:PutTraceSegments", "xray:PutTelemetryRecords"})):
            chosen = Deployed(stack.template, Tracing=mode)
            self.assertEqual({f["TracingConfig"]["Mode"] for f in chosen.of("AWS::Lambda::Function").values()}, {mode})
            for function in MAY:
                may = {action for statement in iam.statements(chosen, f"{function}Role") for action in as_list(statement["Action"]) if action.startswith("xray:")}
                self.assertEqual(may, wanted, function)
