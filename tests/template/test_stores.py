"""Tables, buckets, keys and logs are as promised: encrypted, not public, and without copies anywhere."""

import re

from breaking import Promises, another, broken_by, put, without
from deployed import ROOT, as_list, source

TABLES = {"Ledger", "Copies", "Keys", "TenantKeys", "Companies"}
RECOVERED = {"Ledger", "TenantKeys"}
BUCKETS = {"Pages", "Reference"}


class Tables(Promises):
    @broken_by(
        put("Copies", "Properties", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled", True),
        put("Keys", "Properties", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled", True),
        without("Ledger", "Properties", "PointInTimeRecoverySpecification"),
        put("TenantKeys", "Properties", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled", False),
    )
    def test_only_what_is_lost_for_good_otherwise_can_be_taken_back_in_time(self, stack):
        recovered = {
            logical for logical, table in stack.of("AWS::DynamoDB::Table").items()
            if table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
        }
        self.assertEqual(recovered, RECOVERED)

    @broken_by(
        put("Ledger", "Properties", "PointInTimeRecoverySpecification", "RecoveryPeriodInDays", 7),
        without("Ledger", "Properties", "PointInTimeRecoverySpecification", "RecoveryPeriodInDays"),
        put("TenantKeys", "Properties", "PointInTimeRecoverySpecification", "RecoveryPeriodInDays", 14),
    )
    def test_they_can_be_taken_back_as_far_as_the_record_of_processing_says(self, stack):
        [days] = re.findall(r"const RECOVERY_DAYS: u32 = (\d+);", (ROOT / "domain/src/shared/facts/mod.rs").read_text())
        for logical in RECOVERED:
            self.assertEqual(stack.properties(logical)["PointInTimeRecoverySpecification"].get("RecoveryPeriodInDays"), int(days), logical)

    @broken_by(
        without("Keys", "Properties", "SSESpecification"),
        put("Copies", "Properties", "SSESpecification", "KMSMasterKeyId", "alias/aws/dynamodb"),
        put("TenantKeys", "Properties", "SSESpecification", "KMSMasterKeyId", {"Fn::GetAtt": ["Key", "Arn"]}),
        put("Ledger", "Properties", "SSESpecification", "SSEEnabled", False),
    )
    def test_every_table_is_encrypted_with_our_key(self, stack):
        tables = stack.of("AWS::DynamoDB::Table")
        self.assertEqual(set(tables), TABLES)
        for logical, table in tables.items():
            wanted = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": stack.arn("StorageKey")}
            self.assertEqual(table.get("SSESpecification"), wanted, logical)

    @broken_by(
        put("Keys", "Properties", "DeletionProtectionEnabled", False),
        put("Ledger", "DeletionPolicy", "Delete"),
        put("Key", "UpdateReplacePolicy", "Delete"),
        put("StorageKey", "DeletionPolicy", "Delete"),
        without("TenantKeys", "Properties", "DeletionProtectionEnabled"),
    )
    def test_what_cannot_be_fetched_again_is_not_deleted_by_mistake(self, stack):
        for logical in ("Ledger", "Keys", "TenantKeys"):
            self.assertIs(stack.properties(logical).get("DeletionProtectionEnabled"), True, logical)
        for logical in ("Ledger", "Keys", "TenantKeys", "Key", "StorageKey"):
            found = stack.resources[logical]
            self.assertEqual((found.get("DeletionPolicy"), found.get("UpdateReplacePolicy")), ("Retain", "Retain"), logical)

    @broken_by(
        put("Keys", "Properties", "StreamSpecification", {"StreamViewType": "NEW_IMAGE"}),
        put("Copies", "Properties", "KinesisStreamSpecification", {"StreamArn": "arn:aws:kinesis:::stream/x"}),
        put("Pages", "Properties", "ReplicationConfiguration", {}),
        another("AWS::Backup::BackupSelection"),
        another("AWS::DynamoDB::GlobalTable"),
        another("AWS::Events::Archive"),
        another("AWS::Pipes::Pipe"),
    )
    def test_nothing_makes_copies_where_no_sweep_looks(self, stack):
        kinds = {found["Type"] for found in stack.resources.values()}
        for kind in kinds:
            self.assertFalse(kind.startswith(("AWS::Backup::", "AWS::Pipes::", "AWS::KinesisFirehose::")), kind)
        self.assertFalse(kinds & {"AWS::DynamoDB::GlobalTable", "AWS::Events::Archive", "AWS::Logs::SubscriptionFilter"})
        for logical, table in stack.of("AWS::DynamoDB::Table").items():
            self.assertFalse({"StreamSpecification", "KinesisStreamSpecification"} & set(table), logical)
        for logical, bucket in stack.of("AWS::S3::Bucket").items():
            self.assertNotIn("ReplicationConfiguration", bucket, logical)

    @broken_by(put("Copies", "Properties", "BillingMode", "PROVISIONED"))
    def test_tables_are_paid_for_by_request(self, stack):
        self.assertEqual({table["BillingMode"] for table in stack.of("AWS::DynamoDB::Table").values()}, {"PAY_PER_REQUEST"})


class Buckets(Promises):
    @broken_by(
        without("Pages", "Properties", "BucketEncryption"),
        put("Reference", "Properties", "BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"}),
    )
    def test_every_bucket_is_encrypted_with_our_key(self, stack):
        buckets = stack.of("AWS::S3::Bucket")
        self.assertEqual(set(buckets), BUCKETS)
        for logical, bucket in buckets.items():
            rules = bucket.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
            defaults = [rule.get("ServerSideEncryptionByDefault") for rule in rules]
            self.assertEqual(defaults, [{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": stack.arn("StorageKey")}], logical)

    @broken_by(
        put("Pages", "Properties", "PublicAccessBlockConfiguration", "BlockPublicPolicy", False),
        without("Reference", "Properties", "PublicAccessBlockConfiguration"),
        put("Pages", "Properties", "OwnershipControls", "Rules", 0, "ObjectOwnership", "ObjectWriter"),
    )
    def test_no_bucket_can_be_made_public(self, stack):
        flags = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        for logical, bucket in stack.of("AWS::S3::Bucket").items():
            self.assertEqual(bucket.get("PublicAccessBlockConfiguration"), dict.fromkeys(flags, True), logical)
            self.assertEqual(bucket["OwnershipControls"], {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}, logical)

    @broken_by(
        without("PagesPolicy"),
        put("ReferencePolicy", "Properties", "PolicyDocument", "Statement", 0, "Effect", "Allow"),
        put("PagesPolicy", "Properties", "PolicyDocument", "Statement", 0, "Resource", {"Fn::GetAtt": ["Pages", "Arn"]}),
        put("PagesPolicy", "Properties", "PolicyDocument", "Statement", 0, "Condition", "Bool", "aws:SecureTransport", "true"),
        put("PagesPolicy", "Properties", "PolicyDocument", "Statement", 0, "Condition", "NotIpAddress", "aws:SourceIp", "0.0.0.0/0"),
    )
    def test_buckets_are_spoken_to_over_tls_only(self, stack):
        policies = {policy["Bucket"]: policy["PolicyDocument"]["Statement"] for policy in stack.of("AWS::S3::BucketPolicy").values()}
        for logical in BUCKETS:
            [statement] = policies.get(stack.name(logical)) or [{}]
            arn = stack.arn(logical)
            self.assertEqual((statement.get("Effect"), statement.get("Principal"), statement.get("Action")), ("Deny", "*", "s3:*"), logical)
            self.assertEqual(set(as_list(statement["Resource"])), {arn, f"{arn}/*"}, logical)
            # The exception is this machine's own address, from which no request reaches AWS.
            condition = {"Bool": {"aws:SecureTransport": "false"}, "NotIpAddress": {"aws:SourceIp": "127.0.0.1/32"}}
            self.assertEqual(statement["Condition"], condition, logical)

    @broken_by(put("Pages", "Properties", "VersioningConfiguration", {"Status": "Enabled"}))
    def test_no_bucket_keeps_versions(self, stack):
        for logical, bucket in stack.of("AWS::S3::Bucket").items():
            self.assertNotIn("VersioningConfiguration", bucket, logical)

    @broken_by(
        put("Pages", "Properties", "LifecycleConfiguration", "Rules", 0, "Status", "Disabled"),
        put("Pages", "Properties", "LifecycleConfiguration", "Rules", 0, "Prefix", ""),
        put("Pages", "Properties", "LifecycleConfiguration", "Rules", 0, "ExpirationInDays", 365),
    )
    def test_sealed_pages_expire_and_bodies_do_not(self, stack):
        rules = [
            (rule["Prefix"], rule["ExpirationInDays"]) for rule in stack.properties("Pages")["LifecycleConfiguration"]["Rules"]
            if rule["Status"] == "Enabled" and "ExpirationInDays" in rule
        ]
        exports = (ROOT / "domain/src/words/exports.rs").read_text()
        [days] = re.findall(r"OFFERED_DAYS: i64 = (\d+);", exports)
        self.assertEqual(rules, [("pages/", 7), ("exports/", int(days))])

    @broken_by(
        without("Pages", "Properties", "LifecycleConfiguration", "Rules", 2, "NoncurrentVersionExpiration"),
        put("Reference", "Properties", "LifecycleConfiguration", "Rules", 0, "Status", "Disabled"),
        put("Pages", "Properties", "LifecycleConfiguration", "Rules", 2, "Prefix", "pages/"),
    )
    def test_leftovers_go_within_a_day(self, stack):
        for logical, bucket in stack.of("AWS::S3::Bucket").items():
            whole = [rule for rule in bucket["LifecycleConfiguration"]["Rules"] if rule["Status"] == "Enabled" and not rule.get("Prefix")]
            self.assertTrue(any(rule.get("AbortIncompleteMultipartUpload") == {"DaysAfterInitiation": 1} for rule in whole), logical)
            self.assertTrue(any(rule.get("NoncurrentVersionExpiration") == {"NoncurrentDays": 1} for rule in whole), logical)


class KeysAndLogs(Promises):
    @broken_by(put("Key", "Properties", "EnableKeyRotation", False), put("StorageKey", "Properties", "EnableKeyRotation", False))
    def test_keys_rotate(self, stack):
        # An asymmetric key cannot be rotated.
        rotated = {logical: key.get("EnableKeyRotation") for logical, key in stack.of("AWS::KMS::Key").items()}
        self.assertEqual(rotated, {"Key": True, "StorageKey": True, "ReceiptKey": None, "HeadsKey": None})

    @broken_by(
        put("ReceiptKey", "Properties", "KeySpec", "RSA_2048"),
        put("ReceiptKey", "Properties", "KeyUsage", "ENCRYPT_DECRYPT"),
        put("ReceiptKey", "DeletionPolicy", "Delete"),
        put("HeadsKey", "Properties", "KeySpec", "RSA_2048"),
        put("HeadsKey", "DeletionPolicy", "Delete"),
    )
    def test_what_is_signed_is_signed_by_keys_that_outlive_the_stack(self, stack):
        for name in ("ReceiptKey", "HeadsKey"):
            self.outlives(stack.resources[name])

    def outlives(self, key):
        self.assertEqual((key["Properties"]["KeySpec"], key["Properties"]["KeyUsage"]), ("ECC_NIST_P256", "SIGN_VERIFY"))
        self.assertEqual((key.get("DeletionPolicy"), key.get("UpdateReplacePolicy")), ("Retain", "Retain"))
        [root] = key["Properties"]["KeyPolicy"]["Statement"]
        self.assertEqual(root["Principal"], {"AWS": "arn:aws:iam::111122223333:root"})

    @broken_by(
        *(
            breaks for key in ("Key", "StorageKey") for breaks in (
                without(key, "Properties", "KeyPolicy", "Statement", 1, "Condition"),
                put(key, "Properties", "KeyPolicy", "Statement", 1, "Condition", {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}),
                without(key, "Properties", "KeyPolicy", "Statement", 2, "Condition"),
                put(key, "Properties", "KeyPolicy", "Statement", 1, "Action", "kms:*"),
            )
        ),
        put("Key", "Properties", "KeyPolicy", "Statement", 1, "Action", ["kms:Decrypt", "kms:GenerateDataKey"]),
    )
    def test_beyond_the_account_s_own_policies_only_services_use_the_keys_for_this_stack(self, stack):
        for key in ("Key", "StorageKey"):
            root, *others = stack.properties(key)["KeyPolicy"]["Statement"]
            self.assertEqual(root["Principal"], {"AWS": "arn:aws:iam::111122223333:root"})
            for statement in others:
                condition, actions = statement.get("Condition", {}), as_list(statement["Action"])
                if statement["Principal"] == {"AWS": "*"}:
                    equal = condition.get("StringEquals", {})
                    self.assertEqual(equal.get("kms:CallerAccount"), "111122223333")
                    self.assertEqual(set(equal["kms:ViaService"]), {f"{name}.eu-central-1.amazonaws.com" for name in ("dynamodb", "s3")})
                else:
                    self.assertEqual(statement["Principal"], {"Service": "logs.eu-central-1.amazonaws.com"})
                    self.assertIn("abgleich-*", condition.get("ArnLike", {}).get("kms:EncryptionContext:aws:logs:arn", ""))
                self.assertNotIn("kms:*", actions)
                if key == "Key":
                    # Services read what they once stored under the key that wraps, and store nothing more.
                    self.assertLessEqual(set(actions), {"kms:Decrypt", "kms:Decrypt*", "kms:DescribeKey", "kms:Describe*"})

    @broken_by(
        without("SyncLogs", "Properties", "KmsKeyId"),
        without("ApiAccessLogs", "Properties", "RetentionInDays"),
        put("DispatchLogs", "Properties", "RetentionInDays", 365),
        put("SyncLogs", "Properties", "LogGroupName", {"Fn::Sub": "/elsewhere/${AWS::StackName}-sync"}),
        another("AWS::Logs::LogGroup", LogGroupName="/aws/lambda/abgleich-x"),
    )
    def test_logs_end_and_are_encrypted(self, stack):
        groups = stack.of("AWS::Logs::LogGroup")
        for logical, group in groups.items():
            self.assertEqual((group.get("RetentionInDays"), group.get("KmsKeyId")), (14, stack.arn("StorageKey")), logical)
            # The key's policy allows logs of these names to use it.
            self.assertRegex(group["LogGroupName"], r"^/aws/[^*]+/abgleich-", logical)

    def test_no_retention_longer_than_thirty_days_can_be_chosen(self):
        parameters = source()["Parameters"]
        self.assertEqual(max(parameters["LogRetentionDays"]["AllowedValues"]), 30)
        self.assertEqual(parameters["PageRetentionDays"]["MaxValue"], 30)

    @broken_by(
        without("SyncFunction", "Properties", "LoggingConfig", "LogGroup"),
        put("SyncFunction", "Properties", "LoggingConfig", "LogGroup", {"Ref": "DispatchLogs"}),
    )
    def test_each_function_logs_into_the_group_of_its_name(self, stack):
        for logical, function in stack.of("AWS::Lambda::Function").items():
            self.assertEqual(function["LoggingConfig"].get("LogGroup"), f"/aws/lambda/{function['FunctionName']}", logical)
