"""The local AWS enforces policies as AWS does: one tenant's session reaches nothing of another, whatever the request looks like."""

import contextlib
import functools
import json
import os
import time
import unittest
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import walls
from places import REGION
from stack import Stack

OWN = ["T#${aws:PrincipalTag/tenant}", "T#${aws:PrincipalTag/tenant}#*"]
TAGGED = {"aws:PrincipalTag/tenant": "false"}
ITEMS = {"Null": TAGGED | {"dynamodb:LeadingKeys": "false"}, "ForAllValues:StringLike": {"dynamodb:LeadingKeys": OWN}}
CONTEXT = {
    "Null": TAGGED, "StringEquals": {"kms:EncryptionContext:tenant": "${aws:PrincipalTag/tenant}"},
    "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["tenant", "generation"]},
}
ACTIONS = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "PartiQLSelect"]
KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
INDEX = [{"AttributeName": "he", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
TRUST = {
    "Null": {"aws:RequestTag/tenant": "false"}, "StringNotLike": {"aws:RequestTag/tenant": ["*${*}*", "*${?}*", "*${$}*"]},
    "ForAllValues:StringEquals": {"aws:TagKeys": ["tenant"]},
}


def allow(action, resource, condition=None):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | ({"Condition": condition} if condition else {})


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def row(tenant, kind="acme#s", name="T"):
    return {"pk": {"S": f"{name}#{tenant}#{kind}"}, "sk": {"S": "1"}}


class Walls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(f"test-walls-{os.getpid()}")
        cls.addClassCleanup(cls.stack.down)
        cls.stack.up()
        root = cls.stack.client
        attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "he")]
        index = {"IndexName": "by_email", "KeySchema": INDEX, "Projection": {"ProjectionType": "KEYS_ONLY"}}
        table = root("dynamodb").create_table(
            TableName="copies", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=attributes, KeySchema=KEYS, GlobalSecondaryIndexes=[index],
        )["TableDescription"]["TableArn"]
        root("s3").create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": REGION})
        cls.key = root("kms").create_key()["KeyMetadata"]["Arn"]
        for tenant in ("acme", "acme2", "globex"):
            root("dynamodb").put_item(TableName="copies", Item=row(tenant) | {"he": {"S": f"T#{tenant}#mail"}, "n": {"N": "1"}})
            root("s3").put_object(Bucket="pages", Key=f"bodies/{tenant}/1", Body=b"sealed")
        cls.iam, cls.statements = root("iam"), [
            allow([f"dynamodb:{action}" for action in ACTIONS], table, ITEMS), allow("dynamodb:Query", f"{table}/index/by_email", ITEMS),
            allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::pages/bodies/${aws:PrincipalTag/tenant}/*"),
            allow("s3:ListBucket", "arn:aws:s3:::pages", {"StringLike": {"s3:prefix": "bodies/${aws:PrincipalTag/tenant}/*"}}),
            allow(["kms:Decrypt", "kms:GenerateDataKey"], cls.key, CONTEXT),
        ]
        cls.door = cls.user("door", allow(["sts:AssumeRole", "sts:TagSession"], "*"))
        cls.data = cls.role("data", cls.statements)
        cls.acme = cls.session("acme")

    @classmethod
    def user(cls, name, *statements):
        """A client of STS with a user's keys; users and roles are the same to it."""
        arn = cls.iam.create_user(UserName=name)["User"]["Arn"]
        cls.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        made = cls.iam.create_access_key(UserName=name)["AccessKey"]
        client = cls.made("sts", made["AccessKeyId"], made["SecretAccessKey"])
        client.arn = arn
        return client

    @classmethod
    def role(cls, name, statements, trusted=("sts:AssumeRole", "sts:TagSession"), condition=None, by=None):
        trust = {"Effect": "Allow", "Principal": {"AWS": by or cls.door.arn}, "Action": list(trusted), "Condition": TRUST if condition is None else condition}
        arn = cls.iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        cls.iam.put_role_policy(RoleName=name, PolicyName="data", PolicyDocument=policy(*statements))
        return arn

    @classmethod
    def session(cls, tenant, role=None, door=None, tags=None, **more):
        """Clients by the name of their service, with a tenant's session."""
        tags = [{"Key": "tenant", "Value": tenant}] if tags is None else tags
        found = (door or cls.door).assume_role(RoleArn=role or cls.data, RoleSessionName="test", Tags=tags, **more)["Credentials"]
        return functools.partial(cls.made, key=found["AccessKeyId"], secret=found["SecretAccessKey"], token=found["SessionToken"])

    @classmethod
    def made(cls, service, key, secret, token=None):
        config = Config(s3={"addressing_style": "path"}, signature_version="s3v4" if service == "s3" else None, proxies={}, retries={"total_max_attempts": 1})
        return boto3.client(service, endpoint_url=cls.stack.endpoint, region_name=REGION, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token, config=config)

    @contextlib.contextmanager
    def refused(self, *codes):
        with self.assertRaises(ClientError) as raised:
            yield
        self.assertIn(raised.exception.response["Error"]["Code"], codes or ("AccessDenied", "AccessDeniedException", "403"))

    def test_single_items_are_the_tenants_own(self):
        table = self.acme("dynamodb")
        asked = {
            "get": lambda tenant: table.get_item(TableName="copies", Key=row(tenant)),
            "get by the table's ARN": lambda tenant: table.get_item(TableName=f"arn:aws:dynamodb:{REGION}:000000000000:table/copies", Key=row(tenant)),
            "put": lambda tenant: table.put_item(TableName="copies", Item=row(tenant) | {"he": {"S": "T#x"}}),
            "update": lambda tenant: table.update_item(TableName="copies", Key=row(tenant), UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": {"N": "2"}}),
            "delete": lambda tenant: table.delete_item(TableName="copies", Key=row(tenant, "other")),
        }
        for name, ask in asked.items():
            with self.subTest(name):
                ask("acme")
                for other in ("globex", "acme2", "*", "acme*", "acm?"):
                    with self.refused():
                        ask(other)
        for key in ({"pk": {"S": "T#acme2"}}, {"pk": {"S": "X#acme#s"}}, {"pk": {"S": "due#0"}}):
            with self.refused():
                table.get_item(TableName="copies", Key=key | {"sk": {"S": "1"}})

    def test_queries_are_of_one_own_partition(self):
        table = self.acme("dynamodb")

        def query(condition, value, more={}, **others):
            return table.query(TableName="copies", KeyConditionExpression=condition, ExpressionAttributeValues={":p": {"S": value}} | more, **others)

        last = {":s": {"S": "1"}}
        for condition, named in (("pk = :p", {}), ("#k=:p", {"ExpressionAttributeNames": {"#k": "pk"}}), ("(pk = :p)", {})):
            self.assertEqual(query(condition, "T#acme#acme#s", **named)["Count"], 1, condition)
            with self.refused():
                query(condition, "T#acme2#acme#s", **named)
        self.assertEqual(query("pk = :p AND sk = :s", "T#acme#acme#s", last)["Count"], 1)
        with self.refused():
            query("sk = :s AND pk = :p", "T#globex#acme#s", last)
        with self.subTest("an index has the key of the index"):
            query("he = :p", "T#acme#mail", IndexName="by_email")
            for value in ("T#globex#mail", "T#acme2#mail"):
                with self.refused():
                    query("he = :p", value, IndexName="by_email")
            with self.refused():
                query("pk = :p AND he = :o", "T#acme#acme#s", {":o": {"S": "T#globex#mail"}}, IndexName="by_email")
            with self.refused():
                query("he = :p", "T#acme#mail", IndexName="of_another_name")
        with self.subTest("what is not understood"):
            for condition in ("pk = :p OR pk = :s", "pk = :p AND pk = :s", "sk = :s"):
                with self.refused():
                    query(condition, "T#acme#acme#s", last)
            with self.refused():
                table.query(TableName="copies", KeyConditions={"pk": {"AttributeValueList": [{"S": "T#acme#acme#s"}], "ComparisonOperator": "EQ"}})

    def test_whole_tables_are_nobodys(self):
        for ask in (
            lambda table: table.scan(TableName="copies"), lambda table: table.scan(TableName="copies", IndexName="by_email"),
            lambda table: table.scan(TableName="copies", FilterExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "T#acme#acme#s"}}),
            lambda table: table.execute_statement(Statement="SELECT * FROM copies WHERE pk = 'T#acme#acme#s'"),
            lambda table: table.batch_execute_statement(Statements=[{"Statement": "SELECT * FROM copies WHERE pk = 'T#acme#acme#s' AND sk = '1'"}]),
            lambda table: table.describe_table(TableName="copies"),
        ):
            with self.refused():
                ask(self.acme("dynamodb"))

    def test_one_foreign_item_spoils_a_batch(self):
        table = self.acme("dynamodb")
        for keys, may in (([row("acme")], True), ([row("acme"), row("globex")], False), ([row("acme2")], False)):
            write = {"copies": [{"PutRequest": {"Item": key}} for key in keys[:1]] + [{"DeleteRequest": {"Key": key}} for key in keys[1:]]}
            with contextlib.nullcontext() if may else self.refused():
                table.batch_get_item(RequestItems={"copies": {"Keys": keys}})
            with contextlib.nullcontext() if may else self.refused():
                table.batch_write_item(RequestItems=write)
        self.assertIn("Item", self.stack.client("dynamodb").get_item(TableName="copies", Key=row("globex")))

    def test_each_item_of_a_transaction_is_asked_about_with_an_action_of_its_own(self):
        table = self.acme("dynamodb")

        def members(tenant):
            key = {"TableName": "copies", "Key": row(tenant, "tx")}
            yield {"Put": {"TableName": "copies", "Item": row(tenant, "tx")}}
            yield {"Update": key | {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}}
            yield {"Delete": key}
            yield {"ConditionCheck": key | {"ConditionExpression": "attribute_not_exists(nothing)"}}

        own = {"Put": {"TableName": "copies", "Item": row("acme", "first")}}
        for member in members("acme"):
            table.transact_write_items(TransactItems=[own, member])
        for member in (*members("globex"), *members("acme2")):
            for items in ([own, member], [member, own]):
                with self.refused():
                    table.transact_write_items(TransactItems=items)
        table.transact_get_items(TransactItems=[{"Get": {"TableName": "copies", "Key": row("acme")}}])
        with self.refused():
            table.transact_get_items(TransactItems=[{"Get": {"TableName": "copies", "Key": row(tenant)}} for tenant in ("acme", "globex")])
        writer = self.session("acme", self.role("writer", [allow("dynamodb:PutItem", "*", ITEMS)]))("dynamodb")
        writer.transact_write_items(TransactItems=[own])
        with self.refused():
            writer.transact_write_items(TransactItems=[own, next(m for m in members("acme") if "Delete" in m)])

    def test_without_the_guard_a_scan_gets_through_as_on_aws(self):
        loose = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": OWN}}
        table = self.session("acme", self.role("loose", [allow("dynamodb:*", "*", loose)]))("dynamodb")
        self.assertGreater(table.scan(TableName="copies")["Count"], 1)
        with self.refused():
            table.get_item(TableName="copies", Key=row("globex"))

    def test_attributes_and_returned_values_can_be_limited(self):
        named = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "n"]}, "StringEquals": {"dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"]}}
        table = self.session("acme", self.role("narrow", [allow("dynamodb:UpdateItem", "*", {**ITEMS, **named, "ForAllValues:StringLike": ITEMS["ForAllValues:StringLike"]})]))("dynamodb")

        def update(expression, **more):
            return table.update_item(TableName="copies", Key=row("acme"), UpdateExpression=expression, ExpressionAttributeValues={":n": {"N": "1"}}, **more)

        update("SET n = :n", ConditionExpression="attribute_exists(pk) AND n <> :n OR n = :n")
        for expression, more in (
            ("SET other = :n", {}), ("SET n = :n, #o = :n", {"ExpressionAttributeNames": {"#o": "other"}}), ("SET n = if_not_exists(other.n, :n)", {}),
            ("SET n = :n", {"ConditionExpression": "attribute_exists(other)"}), ("SET n = :n", {"ReturnValues": "ALL_OLD"}),
        ):
            with self.refused():
                update(expression, **more)

    def test_objects_and_listings_are_under_the_tenants_prefix(self):
        s3 = self.acme("s3")
        self.assertEqual(s3.get_object(Bucket="pages", Key="bodies/acme/1")["Body"].read(), b"sealed")
        s3.put_object(Bucket="pages", Key="bodies/acme/2", Body=b"x")
        for key in ("bodies/globex/1", "bodies/acme2/1", "bodies/acme", "pages/acme/1"):
            for ask in (s3.get_object, s3.head_object, s3.delete_object):
                with self.refused():
                    ask(Bucket="pages", Key=key)
            with self.refused():
                s3.put_object(Bucket="pages", Key=key, Body=b"x")
        with self.refused():
            s3.delete_objects(Bucket="pages", Delete={"Objects": [{"Key": "bodies/acme/2"}, {"Key": "bodies/globex/1"}]})
        with self.refused():
            s3.copy_object(Bucket="pages", Key="bodies/acme/3", CopySource="pages/bodies/globex/1")
        self.assertEqual(s3.list_objects_v2(Bucket="pages", Prefix="bodies/acme/1")["KeyCount"], 1)
        for asked in ({"Prefix": "bodies/acme"}, {"Prefix": "bodies/acme2/"}, {"Prefix": "bodies/"}, {}):
            with self.refused():
                s3.list_objects_v2(Bucket="pages", **asked)

    def test_only_who_may_list_learns_that_an_object_is_missing(self):
        for ask in (self.acme("s3").get_object, self.acme("s3").head_object):
            with self.refused():
                ask(Bucket="pages", Key="bodies/acme/none")
        lists = self.session("acme", self.role("lists", [*self.statements, allow("s3:ListBucket", "arn:aws:s3:::pages")]))("s3")
        with self.refused("NoSuchKey"):
            lists.get_object(Bucket="pages", Key="bodies/acme/none")

    def test_a_presigned_url_has_the_rights_of_who_signed_it(self):
        def opened(key):
            url = self.acme("s3").generate_presigned_url("get_object", Params={"Bucket": "pages", "Key": key})
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url) as answer:
                return answer.read()

        self.assertEqual(opened("bodies/acme/1"), b"sealed")
        for key in ("bodies/globex/1", "bodies/acme2/1"):
            with self.assertRaises(urllib.error.HTTPError) as raised:
                opened(key)
            self.assertEqual(raised.exception.code, 403)

    def test_keys_are_unwrapped_for_the_tenant_in_their_context(self):
        kms = self.acme("kms")
        context = {"tenant": "acme", "generation": "1"}
        wrapped = kms.generate_data_key(KeyId=self.key, KeySpec="AES_256", EncryptionContext=context)["CiphertextBlob"]
        kms.decrypt(CiphertextBlob=wrapped, EncryptionContext=context)
        for other in ({"tenant": "globex", "generation": "1"}, {"tenant": "acme2"}, {"tenant": "acme", "purpose": "x"}, {"generation": "1"}, {"Tenant": "globex", "tenant": "acme"}, {}):
            with self.refused():
                kms.generate_data_key(KeyId=self.key, KeySpec="AES_256", EncryptionContext=other)
        foreign = self.stack.client("kms").encrypt(KeyId=self.key, Plaintext=b"x", EncryptionContext={"tenant": "globex"})["CiphertextBlob"]
        with self.refused():
            kms.decrypt(CiphertextBlob=foreign, EncryptionContext={"tenant": "globex"})

    def test_a_session_without_the_tag_reaches_nothing(self):
        untagged = self.session(None, self.role("untagged", self.statements, condition={}), tags=[])
        for ask in (
            lambda: untagged("dynamodb").get_item(TableName="copies", Key=row("acme")),
            lambda: untagged("dynamodb").get_item(TableName="copies", Key={"pk": {"S": "T#"}, "sk": {"S": "1"}}),
            lambda: untagged("dynamodb").get_item(TableName="copies", Key={"pk": {"S": "T#${aws:PrincipalTag/tenant}"}, "sk": {"S": "1"}}),
            lambda: untagged("s3").get_object(Bucket="pages", Key="bodies/acme/1"),
            lambda: untagged("kms").generate_data_key(KeyId=self.key, KeySpec="AES_256", EncryptionContext={"tenant": "acme"}),
        ):
            with self.refused():
                ask()

    def test_who_may_make_a_session_and_with_which_tags(self):
        with self.subTest("tags that STS does not take"):
            for value in ("*", "acme*", "a?", "a|b", "${aws:userid}", "x" * 257):
                with self.refused("ValidationError"):
                    self.session(value)
            for key in ("aws:tenant", "ten*ant"):
                with self.refused("ValidationError"):
                    self.session(None, tags=[{"Key": key, "Value": "acme"}])
        with self.subTest("tags that the role does not take"):
            for tags in ([], [{"Key": "tenant", "Value": "acme"}, {"Key": "admin", "Value": "yes"}], [{"Key": "admin", "Value": "yes"}]):
                with self.refused():
                    self.session(None, tags=tags)
        with self.subTest("TagSession has to be granted on both sides"):
            with self.refused():
                self.session("acme", self.role("untaggable", self.statements, trusted=["sts:AssumeRole"], condition={}))
            only = self.user("only", allow("sts:AssumeRole", "*"))
            with self.refused():
                self.session("acme", self.role("of_only", self.statements, by=only.arn), door=only)
        with self.subTest("others"):
            with self.refused():
                self.session("acme", door=self.user("stranger", allow("sts:*", "*")))
            with self.refused():
                self.acme("sts").assume_role(RoleArn=self.data, RoleSessionName="again", Tags=[{"Key": "tenant", "Value": "globex"}])
        with self.subTest("a session from a session lasts an hour at most"):
            chain = self.session("acme", self.role("chain", [allow(["sts:AssumeRole", "sts:TagSession"], "*")]))("sts")
            inner = self.role("inner", self.statements, by="arn:aws:iam::000000000000:role/chain")
            self.session("acme", inner, chain, DurationSeconds=3600)("dynamodb").get_item(TableName="copies", Key=row("acme"))
            with self.refused("ValidationError"):
                self.session("acme", inner, chain, DurationSeconds=3601)

    def test_a_session_policy_narrows_and_what_is_not_understood_is_refused(self):
        narrowed = self.session("acme", Policy=policy(allow("dynamodb:GetItem", "*")))("dynamodb")
        narrowed.get_item(TableName="copies", Key=row("acme"))
        with self.refused():
            narrowed.put_item(TableName="copies", Item=row("acme"))
        for number, (action, condition) in enumerate((
            ("dynamodb:GetItem", {"StringNotEquals": {"dynamodb:NoSuchKey": "x"}}), ("dynamodb:GetItem", {"ForAllValues:StringEquals": {"aws:NewKey": "x"}}),
            ("dynamodb:GetItem", {"StringLikeIfExists:x": {"aws:PrincipalTag/tenant": "*"}}), ("dynamodb:GetItem", {"StringLike": {"dynamodb:LeadingKeys": "*"}}),
        )):
            with self.refused():
                self.session("acme", self.role(f"strange{number}", [allow(action, "*", condition)]))("dynamodb").get_item(TableName="copies", Key=row("acme"))

    def test_what_it_costs(self):
        def spent():
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.stack.endpoint + walls.PATH) as answer:
                return json.load(answer)

        def each(table, times=300):
            begun = time.perf_counter()
            for _ in range(times):
                table.get_item(TableName="copies", Key=row("acme"))
            return 1000 * (time.perf_counter() - begun) / times

        before, as_root, as_tenant, after = spent(), each(self.stack.client("dynamodb")), each(self.acme("dynamodb")), spent()
        own = 1000 * (after["seconds"] - before["seconds"]) / (after["requests"] - before["requests"])
        print(f"walls: a GetItem takes {as_root:.2f} ms as root, {as_tenant:.2f} ms in a tenant's session; {own:.2f} ms of it decide who may (signature and policies)")
        self.assertEqual(after["requests"] - before["requests"], 300, "root is not asked about")


if __name__ == "__main__":
    unittest.main()
