"""Each function's role may do exactly what is listed here, of everything that could be asked for."""

import re

import iam
from breaking import Promises, broken_by, put, without
from deployed import ACCOUNT, REGION, ROOT, as_list

READ_WRITE = [
    "BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem",
    "PartiQLSelect", "PartiQLDelete", "DeleteTable", "UpdateTable", "ExportTableToPointInTime", "CreateBackup",
]
OBJECTS = ["AbortMultipartUpload", "GetObject", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion", "PutObjectAcl"]
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


# What each role may do, of all the actions and places below. A name is a table, a folder of a bucket, or self-explanatory.
MAY = {
    "Dispatch": WRITES_LOG | _names("GetItem UpdateItem", "Ledger") | _names("Query", "Ledger/index/due") | _names("PutEvents", "bus"),
    "Sync": WRITES_LOG
    | _names("BatchGetItem BatchWriteItem ConditionCheckItem GetItem PutItem Query UpdateItem", "Ledger")
    | _names("BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem", "Copies") | _names("Query", "Copies/index/by_parent")
    | _names("GetItem", "Keys") | _names("GetItem", "TenantKeys")
    | _names("BatchGetItem GetItem", "Companies")
    | _names("PutObject", "Pages/pages/") | _names("GetObject PutObject DeleteObject", "Pages/bodies/")
    | _names("PutObject GetObject AbortMultipartUpload", "Pages/exports/") | _names("ListBucket", "Pages")
    | _names("Decrypt", "key") | _names("PutEvents", "bus")
    | _names("ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility", "SyncQueue"),
    "Remove": WRITES_LOG
    | _names("BatchWriteItem GetItem PutItem Query UpdateItem", "Ledger")
    | _names("BatchWriteItem Query", "Copies")
    | _names("DeleteItem GetItem Query", "Keys")
    | _names("ListBucketVersions ListBucketMultipartUploads", "Pages")
    | {(action, f"Pages/{folder}/") for folder in ("pages", "bodies", "exports") for action in ("AbortMultipartUpload", "DeleteObject", "DeleteObjectVersion")}
    | _names("Decrypt", "key") | _names("Sign GetPublicKey", "receipt key") | _names("PutEvents", "bus")
    | _names("ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility", "RemoveQueue"),
    "Companies": WRITES_LOG
    | _names("BatchWriteItem GetItem PutItem Query", "Companies")
    | _names("GetObject GetObjectVersion", "Reference/incoming/") | _names("PutObject", "Reference/reports/"),
    "Api": WRITES_LOG
    | _names("BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem Query UpdateItem", "Ledger")
    | _names("PutEvents", "bus")
    | _names("BatchGetItem DeleteItem PutItem Query UpdateItem", "Copies") | _names("Query", "Copies/index/by_email") | _names("Query", "Copies/index/by_parent")
    | _names("GetObject DeleteObject", "Pages/bodies/") | _names("GetObject", "Pages/exports/") | _names("ListBucket", "Pages") | _names("BatchGetItem GetItem", "Companies")
    | _names("GetItem PutItem Query", "Keys") | _names("GetItem PutItem", "TenantKeys") | _names("Decrypt GenerateDataKey", "key") | _names("GetPublicKey", "receipt key"),
}


def everything(stack, function):
    """(action, resource, name of the place) of everything that is checked."""
    for table in ("Ledger", "Copies", "Keys", "TenantKeys", "Companies"):
        for suffix in ("", "/index/due", "/index/by_email", "/index/by_parent"):
            yield from ((f"dynamodb:{a}", stack.arn(table) + suffix, table + suffix) for a in READ_WRITE)
    for bucket, folders in (("Pages", ("pages/", "bodies/", "exports/")), ("Reference", ("incoming/", "reports/"))):
        yield from ((f"s3:{a}", stack.arn(bucket), bucket) for a in BUCKETS)
        for folder in folders:
            yield from ((f"s3:{a}", f"{stack.arn(bucket)}/{folder}t/i/g1/x", f"{bucket}/{folder}") for a in OBJECTS)
    for queue in ("SyncQueue", "SyncDeadLetters", "RemoveQueue", "RemoveDeadLetters"):
        yield from ((f"sqs:{a}", stack.arn(queue), queue) for a in QUEUES)
    yield from ((f"kms:{a}", stack.arn("Key"), "key") for a in KMS)
    yield from ((f"kms:{a}", stack.arn("StorageKey"), "storage key") for a in KMS)
    yield from ((f"kms:{a}", stack.arn("ReceiptKey"), "receipt key") for a in RECEIPTS)
    for other in MAY:
        group = stack.arn(f"{other}Logs").removesuffix("*") + "log-stream:2026/11/24/[$LATEST]0"
        yield from ((f"logs:{a}", group, "logs" if other == function else f"logs of {other}") for a in LOGS)
    yield ("events:PutEvents", stack.arn("Bus"), "bus")
    yield from ((action, resource, "another's") for action, resource in OTHERS)


def role_policies(role):
    """The path to a role's statements."""
    return (role, "Properties", "Policies", 0, "PolicyDocument", "Statement")


class Privileges(Promises):
    @broken_by(
        put(*role_policies("DispatchRole"), 1, "Action", "dynamodb:*"),
        put(*role_policies("DispatchRole"), 1, "Resource", "*"),
        put(*role_policies("SyncRole"), 5, "Action", ["dynamodb:GetItem", "dynamodb:DeleteItem"]),
        put(*role_policies("SyncRole"), 10, "Resource", {"Fn::Sub": "${Pages.Arn}/*"}),
        put(*role_policies("ApiRole"), 0, "Resource", {"Fn::GetAtt": ["SyncLogs", "Arn"]}),
        put(*role_policies("CompaniesRole"), 1, "Resource", {"Fn::GetAtt": ["Keys", "Arn"]}),
        without(*role_policies("SyncRole"), 3),
        without(*role_policies("SyncRole"), 4),
        put(*role_policies("RemoveRole"), 3, "Action", ["dynamodb:BatchWriteItem", "dynamodb:Query", "dynamodb:GetItem"]),
        put(*role_policies("RemoveRole"), 6, "Resource", {"Fn::GetAtt": ["Key", "Arn"]}),
        put(*role_policies("RemoveRole"), 4, "Resource", {"Fn::GetAtt": ["TenantKeys", "Arn"]}),
        put(*role_policies("SyncRole"), 7, "Resource", {"Fn::GetAtt": ["StorageKey", "Arn"]}),
    )
    def test_a_role_may_do_what_its_function_does_and_nothing_else(self, stack):
        for function, expected in MAY.items():
            may = {
                (action.split(":")[1], place) for action, resource, place in everything(stack, function)
                if iam.allowed(stack, f"{function}Role", action, resource)
            }
            self.assertEqual(may, expected, function)

    @broken_by(
        put(*role_policies("SyncRole"), 0, "Action", "logs:*"),
        put(*role_policies("CompaniesRole"), 1, "Resource", "*"),
        put(*role_policies("CompaniesRole"), 2, "Resource", "arn:aws:s3:::*/incoming/*"),
        put(*role_policies("DispatchRole"), 2, "Resource", {"Fn::Sub": "${Ledger.Arn}/index/*"}),
        put("ApiRole", "Properties", "ManagedPolicyArns", ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]),
    )
    def test_no_role_has_a_star_but_behind_its_own_prefix(self, stack):
        for role, properties in stack.of("AWS::IAM::Role").items():
            self.assertFalse({"ManagedPolicyArns", "PermissionsBoundary"} & set(properties), role)
            for statement in iam.statements(stack, role):
                for action in as_list(statement["Action"]):
                    self.assertNotRegex(action, r"[*?]", role)
                for resource in as_list(statement["Resource"]):
                    starred = re.fullmatch(r"[^*?]+:log-group:/[^*?]+:\*|arn:aws:s3:::[^*?]+/[a-z]+/\*|[^*?]+", resource)
                    self.assertTrue(starred, f"{role}: {resource}")

    @broken_by(
        put("ApiFunction", "Properties", "Role", {"Fn::GetAtt": ["SyncRole", "Arn"]}),
        put("SyncRole", "Properties", "AssumeRolePolicyDocument", "Statement", 0, "Principal", {"AWS": "*"}),
    )
    def test_each_function_has_a_role_of_its_own_that_only_lambda_assumes(self, stack):
        roles = [function["Role"] for function in stack.of("AWS::Lambda::Function").values()]
        self.assertEqual(sorted(roles), sorted(map(stack.arn, stack.of("AWS::IAM::Role"))))
        for role, properties in stack.of("AWS::IAM::Role").items():
            [statement] = properties["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(statement["Principal"], {"Service": "lambda.amazonaws.com"}, role)

    @broken_by(
        without(*role_policies("SyncRole"), 7, "Condition"),
        without(*role_policies("RemoveRole"), 5, "Condition"),
        put(*role_policies("SyncRole"), 7, "Condition", "ForAllValues:StringEquals", "kms:EncryptionContextKeys", ["tenant"]),
    )
    def test_sync_and_remove_unwrap_the_keys_of_generations_and_nothing_else(self, stack):
        source = (ROOT / "infra/src/aws/kms.rs").read_text()
        context = re.search(r"fn context\(.*?\n}\n", source, re.S).group(0)
        names = re.findall(r'\("(\w+)"\.to_owned\(\)', context)
        self.assertEqual(len(names), 3, "infra/src/aws/kms.rs is read wrongly")
        for keys, may in ((names, True), (["aws:s3:arn"], False), ([*names, "purpose"], False)):
            for role in ("SyncRole", "RemoveRole"):
                found = iam.allowed(stack, role, "kms:Decrypt", stack.arn("Key"), {"kms:EncryptionContextKeys": keys})
                self.assertEqual(found, may, (role, keys))
