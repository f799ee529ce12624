"""What a request asks IAM, where the local AWS asks for more than AWS would."""

import unittest

import asked
from policies import NotUnderstood

ROW = {"pk": {"S": "T#acme"}, "sk": {"S": "TENANT#v1"}}
NEW = "attribute_not_exists(pk)"


def contexts(operation, body):
    return [context for *_, context in asked.dynamodb(operation, body, lambda _: {None: "pk"})]


class WrappedKeys(unittest.TestCase):
    def put(self, table, condition):
        one = {"TableName": table, "Item": ROW} | ({"ConditionExpression": condition} if condition else {})
        alone, together = contexts("PutItem", one), contexts("TransactWriteItems", {"TransactItems": [{"Put": one}]})
        self.assertEqual(alone[0]["dynamodb:leadingkeys"], ["T#acme"])
        self.assertEqual(together[0]["dynamodb:leadingkeys"], ["T#acme"])

    def test_a_wrapped_key_is_only_ever_a_new_row(self):
        for table in ("abgleich-keys", "abgleich-tenant-keys", "arn:aws:dynamodb:eu-central-1:1:table/abgleich-keys"):
            self.put(table, NEW)
            for condition in (None, "attribute_exists(pk)", f"{NEW} OR kms_key = :k", "attribute_not_exists(wrapped2)"):
                with self.assertRaises(NotUnderstood, msg=(table, condition)):
                    self.put(table, condition)
            with self.assertRaises(NotUnderstood):
                contexts("BatchWriteItem", {"RequestItems": {table: [{"PutRequest": {"Item": ROW}}]}})
        self.put("abgleich-ledger", None)

    def test_a_key_that_is_put_beside_other_rows_needs_its_condition_too(self):
        unsafe = {"Put": {"TableName": "abgleich-keys", "Item": ROW}}
        safe = {"Put": {"TableName": "abgleich-ledger", "Item": ROW}}
        with self.assertRaises(NotUnderstood):
            contexts("TransactWriteItems", {"TransactItems": [safe, unsafe]})


if __name__ == "__main__":
    unittest.main()
