"""Each function's role may do exactly what is listed here, of everything that could be asked for."""

import re

import iam
from breaking import Promises, broken_by, put, without
from deployed import ACCOUNT, REGION, ROOT, Deployed, as_list

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
WRITES_LOG = {("CreateLogStream", "logs"), ("PutLogEvents", "logs")}


def _names(actions, place):
    return {(action, place) for action in actions.split()}


# What each function's own role may do, of all the actions and places below. A name is a table, a folder of a bucket, or
# self-explanatory. Nothing of a tenant is among it, but for what dispatch has to see of all tenants.
MAY = {
    "Dispatch": WRITES_LOG | _names("GetItem", "Ledger") | _names("Query", "Ledger/index/due") | _names("Query", "Ledger/index/unverified") | _names("PutEvents", "bus") | _names("SendMessage", "FailedInvocations"),
    "Sync": WRITES_LOG | _names("BatchGetItem GetItem", "Companies") | _names("PutEvents", "bus")
    | _names("AssumeRole TagSession", "SyncDataRole") | _names("AssumeRole TagSession", "ExportDataRole")
    | _names("ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility", "SyncQueue"),
    "Remove": WRITES_LOG | _names("Sign GetPublicKey", "receipt key") | _names("PutEvents", "bus")
    | _names("AssumeRole TagSession", "RemoveDataRole") | _names("AssumeRole TagSession", "EndDataRole")
    | _names("ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility", "RemoveQueue"),
    "Companies": WRITES_LOG
    | _names("BatchWriteItem GetItem PutItem Query", "Companies")
    | _names("GetObject GetObjectVersion", "Reference/incoming/") | _names("PutObject", "Reference/reports/") | _names("SendMessage", "FailedInvocations"),
    "Console": WRITES_LOG,
    "Api": WRITES_LOG | _names("BatchGetItem GetItem", "Companies") | _names("PutEvents", "bus") | _names("GetPublicKey", "receipt key") | _names("Sign GetPublicKey", "heads key")
    | _names("AssumeRole TagSession", "ApiDataRole"),
}
# What each data role may do in a session of a tenant, with what is that tenant's.
MAY_FOR_A_TENANT = {
    "Sync": _names("BatchGetItem BatchWriteItem ConditionCheckItem GetItem PutItem Query UpdateItem", "Ledger")
    | _names("BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem", "Copies") | _names("Query", "Copies/index/by_parent")
    | _names("GetItem", "Keys") | _names("GetItem", "TenantKeys") | _names("Decrypt", "key")
    | _names("PutObject", "Pages/pages/") | _names("GetObject PutObject DeleteObject", "Pages/bodies/") | _names("ListBucket", "Pages/bodies/"),
    "Export": _names("ConditionCheckItem GetItem Query UpdateItem", "Ledger") | _names("BatchGetItem Query", "Copies")
    | _names("GetItem", "Keys") | _names("GetItem", "TenantKeys") | _names("Decrypt", "key")
    | _names("GetObject", "Pages/bodies/") | _names("PutObject AbortMultipartUpload", "Pages/exports/")
    | _names("ListBucket", "Pages/bodies/") | _names("ListBucket", "Pages/exports/"),
    "Remove": _names("BatchGetItem BatchWriteItem GetItem PutItem Query UpdateItem", "Ledger")
    | _names("BatchWriteItem Query", "Copies") | _names("DeleteItem GetItem Query", "Keys") | _names("Decrypt", "key")
    | {
        (action, f"Pages/{folder}/") for folder in ("pages", "bodies", "exports")
        for action in ("AbortMultipartUpload", "DeleteObject", "DeleteObjectVersion", "ListBucketVersions")
    }
    | _names("ListBucketMultipartUploads", "Pages"),
    "End": _names("BatchGetItem BatchWriteItem DeleteItem GetItem PutItem Query UpdateItem", "Ledger") | _names("DeleteItem GetItem", "TenantKeys"),
    "Api": _names("BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem Query UpdateItem", "Ledger")
    | _names("BatchGetItem DeleteItem PutItem Query UpdateItem", "Copies")
    | {("Query", f"Copies/index/{name}") for name in ("by_company", "by_domain", "by_email", "by_parent", "by_review")}
    | _names("GetObject DeleteObject", "Pages/bodies/") | _names("GetObject", "Pages/exports/") | _names("ListBucket", "Pages/bodies/")
    | _names("GetItem PutItem Query", "Keys") | _names("GetItem PutItem", "TenantKeys") | _names("Decrypt GenerateDataKey", "key"),
}
# The function that assumes a data role, and the setting that has its ARN.
ASSUMED_BY = {name: (name, "TENANT_ROLE") for name in MAY_FOR_A_TENANT} | {"Export": ("Sync", "EXPORT_ROLE"), "End": ("Remove", "END_ROLE")}
INDEXES = ("due", "unverified", "by_company", "by_domain", "by_email", "by_parent", "by_review")
# The attributes of the write with which dispatch claims a run.
CLAIMS = ["pk", "sk", "due_at", "generation", "run_begun", "run_id", "run_next", "status", "verified_at"]
# The attributes of rows of the Ledger that an export writes, and those that it reads.
WRITTEN_BY_AN_EXPORT = ["pk", "sk", "exporting", "exporting_holder", "exporting_until"]
READ_BY_AN_EXPORT = [*WRITTEN_BY_AN_EXPORT, "tenant", "integration", "generation", "provider", "organisation", "status"]
CONTEXTS = (["tenant"], ["tenant", "integration", "generation"])


def everything(stack, function):
    """(action, resource, name of the place) of everything that is checked."""
    for table in ("Ledger", "Copies", "Keys", "TenantKeys", "Companies"):
        for suffix in ("", *(f"/index/{name}" for name in INDEXES)):
            yield from ((f"dynamodb:{a}", stack.arn(table) + suffix, table + suffix) for a in READ_WRITE)
    for bucket, folders in (("Pages", ("pages/", "bodies/", "exports/")), ("Reference", ("incoming/", "reports/"))):
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
    keys = [[f"T#{tenant}{rest}" for tenant in tenants] for rest in ("", "#crm-1", "#crm-1#g1#Lead#07")]
    for table in ("Ledger", "Copies", "Keys", "TenantKeys"):
        for place in (table, *(f"{table}/index/{name}" for name in INDEXES)):
            resource = stack.arn(table) + place.removeprefix(table)
            named = {"dynamodb:Attributes": ["pk", "sk"]}
            yield from ((f"dynamodb:{a}", resource, named | ({"dynamodb:LeadingKeys": some} if some else {}), place) for a in READ_WRITE for some in keys)
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


def role_policies(role):
    """The path to a role's statements."""
    return (role, "Properties", "Policies", 0, "PolicyDocument", "Statement")


def _may(stack, function, tag, requests):
    """{(action, place)} of the requests that a session of the function's data role may make."""
    tags = {"tenant": tag} if tag else {}
    return {
        (action.split(":")[1], place) for action, resource, context, place in requests
        if iam.allowed(stack, f"{function}DataRole", action, resource, context, tags)
    }


class Privileges(Promises):
    @broken_by(
        put(*role_policies("DispatchRole"), 2, "Action", "dynamodb:*"),
        put(*role_policies("DispatchRole"), 2, "Resource", "*"),
        put(*role_policies("SyncRole"), 2, "Resource", {"Fn::GetAtt": ["Keys", "Arn"]}),
        put(*role_policies("ApiRole"), 0, "Resource", {"Fn::GetAtt": ["SyncLogs", "Arn"]}),
        put(*role_policies("CompaniesRole"), 2, "Resource", {"Fn::GetAtt": ["Keys", "Arn"]}),
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
        without(*role_policies("DispatchRole"), 3, "Condition", "Null"),
        without(*role_policies("DispatchRole"), 3, "Condition", "StringEqualsIfExists"),
        put(*role_policies("DispatchRole"), 3, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes", ["pk", "sk", "due_at"]),
        put(*role_policies("DispatchRole"), 3, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes", [*CLAIMS, "credentials"]),
    )
    def test_dispatch_writes_what_a_claim_is_made_of(self, stack):
        def may(attributes, returned="NONE"):
            context = {"dynamodb:ReturnValues": returned} | ({"dynamodb:Attributes": attributes} if attributes else {})
            return iam.allowed(stack, "DispatchRole", "dynamodb:UpdateItem", stack.arn("Ledger"), context)

        claim = re.search(r"async fn claim\(.*?\.send\(\)", (ROOT / "infra/src/aws/dynamodb/schedule.rs").read_text(), re.S).group(0)
        written = set(re.findall(r"(\w+) = (?::|if_not_exists)", claim)) - {"status"} | {"pk", "sk", "status"}
        self.assertEqual(set(CLAIMS), written)
        self.assertTrue(may(CLAIMS))
        self.assertFalse(may([*CLAIMS, "credentials"]))
        self.assertFalse(may([]))
        self.assertFalse(may(CLAIMS, "ALL_OLD"))

    @broken_by(
        *(without(*role_policies("ExportDataRole"), number, "Condition", "Null", "dynamodb:Attributes") for number in (0, 1, 2)),
        *(without(*role_policies("ExportDataRole"), number, "Condition", "ForAllValues:StringEquals") for number in (0, 1, 2)),
        without(*role_policies("ExportDataRole"), 1, "Condition", "StringEqualsIfExists"),
        without(*role_policies("ExportDataRole"), 2, "Condition", "StringEqualsIfExists"),
        put(*role_policies("ExportDataRole"), 2, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes", [*READ_BY_AN_EXPORT, "credentials"]),
        put(*role_policies("ExportDataRole"), 3, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys", "T#${aws:PrincipalTag/tenant}#*"),
        put(*role_policies("ExportDataRole"), 1, "Action", ["dynamodb:UpdateItem", "dynamodb:PutItem"]),
    )
    def test_an_export_writes_its_own_progress_and_reads_no_grant(self, stack):
        home = {"dynamodb:LeadingKeys": ["T#acme#crm-1"]}

        def may(action, attributes, **more):
            context = home | {f"dynamodb:{name}": value for name, value in more.items()} | ({"dynamodb:Attributes": attributes} if attributes else {})
            return iam.allowed(stack, "ExportDataRole", f"dynamodb:{action}", stack.arn("Ledger"), context, {"tenant": "acme"})

        dynamodb = ROOT / "infra/src/aws/dynamodb"
        written = re.findall(r"(?:SET|REMOVE) ([^\"]+)", (dynamodb / "exports.rs").read_text())
        names = {name for update in written for name in re.findall(r"(?<![:\w])#?[a-z]\w*", update)}
        self.assertEqual({"pk", "sk", *(name.lstrip("#") for name in names)}, set(WRITTEN_BY_AN_EXPORT))
        [origin] = re.findall(r'OF_ORIGIN: &str =\s+"([^"]+)"', (dynamodb / "rows.rs").read_text())
        self.assertEqual(set(WRITTEN_BY_AN_EXPORT) | {name.lstrip("#") for name in origin.split(", ")}, set(READ_BY_AN_EXPORT))

        self.assertTrue(may("UpdateItem", WRITTEN_BY_AN_EXPORT, ReturnValues="NONE"))
        self.assertFalse(may("UpdateItem", WRITTEN_BY_AN_EXPORT, ReturnValues="ALL_OLD"), "which would give the grant back")
        self.assertTrue(may("GetItem", READ_BY_AN_EXPORT, Select="SPECIFIC_ATTRIBUTES"))
        self.assertFalse(may("GetItem", ["pk", "sk"], Select="ALL_ATTRIBUTES"))
        self.assertTrue(may("ConditionCheckItem", ["pk", "sk", "generation", "status"]))
        others = set(re.findall(r'\("(\w+)", (?:text|number|blob|outbox)', (dynamodb / "rows.rs").read_text())) | {"summary", "cursor", "run", "held"}
        self.assertIn("credentials", others)
        for other in others - set(READ_BY_AN_EXPORT):
            for action in ("GetItem", "UpdateItem", "ConditionCheckItem"):
                self.assertFalse(may(action, ["pk", "sk", other], Select="SPECIFIC_ATTRIBUTES"), (action, other))
        for action in ("GetItem", "UpdateItem", "ConditionCheckItem"):
            self.assertFalse(may(action, []), action)
        for action in ("PutItem", "DeleteItem", "BatchWriteItem", "BatchGetItem", "Query", "Scan"):
            self.assertFalse(may(action, ["pk", "sk"]), action)

    @broken_by(
        put(*role_policies("SyncDataRole"), 1, "Action", "dynamodb:Query"),
        put(*role_policies("SyncDataRole"), 0, "Action", "dynamodb:*"),
        put(*role_policies("ApiDataRole"), 4, "Resource", {"Fn::GetAtt": ["Copies", "Arn"]}),
        put(*role_policies("RemoveDataRole"), 3, "Action", ["kms:Decrypt", "kms:GenerateDataKey"]),
        put(*role_policies("ExportDataRole"), 4, "Action", ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem"]),
        put(*role_policies("SyncDataRole"), 6, "Resource", {"Fn::Sub": "${Pages.Arn}/exports/${!aws:PrincipalTag/tenant}/*"}),
    )
    def test_in_a_session_a_data_role_may_do_what_its_function_does_with_the_tenant_s(self, stack):
        for function, expected in MAY_FOR_A_TENANT.items():
            self.assertEqual(_may(stack, function, "acme", of_a_tenant(stack, "acme")), expected, function)

    @broken_by(
        *(without(*role_policies(f"{name}DataRole"), 0, "Condition", "ForAllValues:StringLike") for name in MAY_FOR_A_TENANT),
        *(without(*role_policies(f"{name}DataRole"), 1, "Condition") for name in MAY_FOR_A_TENANT),
        put(*role_policies("SyncDataRole"), 0, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys", "T#${aws:PrincipalTag/tenant}*"),
        put(*role_policies("ApiDataRole"), 0, "Condition", {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": "T#${aws:PrincipalTag/tenant}#*"}}),
        without(*role_policies("SyncDataRole"), 0, "Condition", "Null"),
        without(*role_policies("ApiDataRole"), 5, "Condition", "StringEquals"),
        put(*role_policies("ApiDataRole"), 6, "Resource", {"Fn::Sub": "${Pages.Arn}/bodies/*"}),
        put(*role_policies("RemoveDataRole"), 4, "Condition", "StringLike", "s3:prefix", "*"),
        put(*role_policies("SyncDataRole"), 6, "Resource", {"Fn::Sub": "${Pages.Arn}/*"}),
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
        put(*role_policies("ApiDataRole"), 4, "Action", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]),
        put(*role_policies("SyncDataRole"), 0, "Resource", [{"Fn::GetAtt": ["Ledger", "Arn"]}, {"Fn::GetAtt": ["TenantKeys", "Arn"]}]),
        put(*role_policies("RemoveDataRole"), 0, "Resource", [{"Fn::GetAtt": ["Ledger", "Arn"]}, {"Fn::GetAtt": ["TenantKeys", "Arn"]}]),
        put(*role_policies("EndDataRole"), 1, "Action", ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"]),
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
