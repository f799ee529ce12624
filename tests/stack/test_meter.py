"""The meter counts what a role's requests cost, as AWS bills them, and nothing of the root user's."""

import json
import unittest
import urllib.request

import boto3

import meter
from places import REGION
from stack import Stack

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ANYBODY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}


class Metered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("meter").up(meter=True)
        cls.addClassCleanup(cls.stack.down)
        iam = cls.stack.client("iam")
        role = iam.create_role(RoleName="user", AssumeRolePolicyDocument=json.dumps(ANYBODY))["Role"]["Arn"]
        iam.put_role_policy(RoleName="user", PolicyName="all", PolicyDocument=json.dumps(EVERYTHING))
        taken = cls.stack.client("sts").assume_role(RoleArn=role, RoleSessionName="one")["Credentials"]
        cls.session = boto3.Session(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"], REGION)
        cls.stack.client("dynamodb").create_table(
            TableName="rows", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "by", "AttributeType": "S"}],
            GlobalSecondaryIndexes=[{
                "IndexName": "by_text", "KeySchema": [{"AttributeName": "by", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"},
            }],
        )

    def client(self, service):
        return self.session.client(service, endpoint_url=self.stack.endpoint)

    def counted(self):
        with _DIRECT.open(self.stack.endpoint + meter.PATH, timeout=30) as answer:
            return json.load(answer)

    def spent(self, work):
        """The write and read units of the table, and the write units of its index, that the work cost."""
        def units():
            told = self.counted()
            table = told["tables"].get("rows", {})
            return table.get("write", 0), table.get("read", 0), told["indexes"].get("rows by_text", 0)

        before = units()
        work()
        return tuple(now - then for now, then in zip(units(), before, strict=True))

    def test_a_write_is_counted_in_started_kilobytes_and_with_its_index(self):
        item = {"pk": {"S": "one"}, "by": {"S": "x"}, "text": {"S": "a" * 1_500}}
        self.assertEqual(self.spent(lambda: self.client("dynamodb").put_item(TableName="rows", Item=item)), (3, 0, 1))
        again = item | {"text": {"S": "b" * 1_500}}
        self.assertEqual(self.spent(lambda: self.client("dynamodb").put_item(TableName="rows", Item=again)), (2, 0, 0), "the index holds nothing that changed")
        moved = again | {"by": {"S": "y"}}
        self.assertEqual(self.spent(lambda: self.client("dynamodb").put_item(TableName="rows", Item=moved)), (4, 0, 2), "an entry goes and one comes")

    def test_a_batch_and_a_transaction_are_counted(self):
        put = [{"PutRequest": {"Item": {"pk": {"S": f"batch{n}"}}}} for n in range(5)]
        self.assertEqual(self.spent(lambda: self.client("dynamodb").batch_write_item(RequestItems={"rows": put})), (5, 0, 0))
        both = [{"Put": {"TableName": "rows", "Item": {"pk": {"S": f"both{n}"}}}} for n in range(2)]
        self.assertEqual(self.spent(lambda: self.client("dynamodb").transact_write_items(TransactItems=both)), (4, 0, 0))

    def test_a_read_is_counted_by_its_consistency(self):
        for consistent, units in ((False, 0.5), (True, 1)):
            self.assertEqual(
                self.spent(lambda: self.client("dynamodb").get_item(TableName="rows", Key={"pk": {"S": "none"}}, ConsistentRead=consistent)), (0, units, 0),
            )

    def test_a_batch_of_reads_and_a_query_are_counted_by_the_sizes_of_their_items(self):
        rows = self.client("dynamodb")
        for n in range(3):
            rows.put_item(TableName="rows", Item={"pk": {"S": f"large{n}"}, "by": {"S": "large"}, "text": {"S": "a" * 5_000}})
        keys = [{"pk": {"S": f"large{n}"}} for n in range(4)]
        self.assertEqual(self.spent(lambda: rows.batch_get_item(RequestItems={"rows": {"Keys": keys}})), (0, 3.5, 0), "two for each large one, one for none")
        asked = {"TableName": "rows", "ExpressionAttributeValues": {":x": {"S": "large"}}}
        self.assertEqual(self.spent(lambda: rows.query(**asked, IndexName="by_text", KeyConditionExpression="#b = :x", ExpressionAttributeNames={"#b": "by"})), (0, 0.5, 0))
        named = {"#p": "pk"}
        one = asked | {"ExpressionAttributeValues": {":x": {"S": "large1"}}, "KeyConditionExpression": "#p = :x", "ProjectionExpression": "#p"}
        self.assertEqual(self.spent(lambda: rows.query(**one, ExpressionAttributeNames=named)), (0, 1, 0), "what is left out of the answer was read")

    def test_what_is_kept_is_counted_with_its_indexes(self):
        before = self.counted()["stored"]["rows"]
        self.stack.client("dynamodb").put_item(TableName="rows", Item={"pk": {"S": "kept"}, "by": {"S": "k"}, "text": {"S": "a" * 1_000}})
        self.assertEqual(self.counted()["stored"]["rows"] - before, 1_000 + 4 + (2 + 4 + 2 + 1) * 2 + 200)

    def test_the_root_users_requests_are_the_tests_own(self):
        self.assertEqual(self.spent(lambda: self.stack.client("dynamodb").put_item(TableName="rows", Item={"pk": {"S": "root"}})), (0, 0, 0))

    def test_keys_objects_and_events_are_counted(self):
        before = self.counted()
        self.stack.client("s3").create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.client("s3").put_object(Bucket="pages", Key="page", Body=b"12345")
        self.client("s3").get_object(Bucket="pages", Key="page")["Body"].read()
        self.client("s3").list_objects_v2(Bucket="pages")
        self.client("s3").delete_objects(Bucket="pages", Delete={"Objects": [{"Key": "page"}]})
        key = self.stack.client("kms").create_key()["KeyMetadata"]["KeyId"]
        self.client("kms").generate_data_key(KeyId=key, KeySpec="AES_256")
        self.client("events").put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}] * 3)
        now = self.counted()
        for name in ("s3 PUT", "s3 GET", "s3 LIST", "s3 DELETE", "kms GenerateDataKey"):
            self.assertEqual(now["requests"].get(name, 0) - before["requests"].get(name, 0), 1, name)
        self.assertNotIn("s3 POST", now["requests"], "deletions are not billed")
        self.assertEqual(now["events"] - before["events"], 3)
        self.assertEqual(now["bytes"].get("put", 0) - before["bytes"].get("put", 0), 5)


if __name__ == "__main__":
    unittest.main()
