"""The evaluator of policies decides as AWS documents it, and as MiniStack's own evaluator does where that knows the form."""

import itertools
import random
import unittest

import policies
from policies import NotUnderstood

CASES = 20_000
TABLE = "arn:aws:dynamodb:eu-central-1:111122223333:table/copies"
ACTIONS = ["dynamodb:GetItem", "dynamodb:PutItem", "s3:GetObject"]
RESOURCES = [TABLE, f"{TABLE}/index/by_email", f"{TABLE}2", "arn:aws:s3:::pages/bodies/acme/1"]
VALUES = ["T#acme", "T#acme#x", "T#acme2#x", "acme", "acme2", ""]


def document(*statements):
    every = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    made = [{name: value for name, value in every.items() if f"Not{name}" not in given} | given for given in statements]
    return {"Version": "2012-10-17", "Statement": made}


def decided(statements, context, action="dynamodb:GetItem", resource=TABLE, *limits):
    layers = [policies.read(document(*given)) for given in (statements, *limits)]
    return policies.decide(action, resource, context.get, *layers).allowed


class Decided(unittest.TestCase):
    def held(self, operator, key, expected, actual):
        return decided([{"Condition": {operator: {key: expected}}}], {} if actual is None else {key.lower(): actual})

    def test_operators_and_absent_keys(self):
        leading, one = "dynamodb:LeadingKeys", "s3:prefix"
        for operator, key, expected, actual, holds in (
            ("StringEquals", one, "a*", "a*", True), ("StringEquals", one, "a*", "ab", False), ("StringEquals", one, ["x", "y"], "y", True),
            ("StringEquals", one, "x", None, False), ("StringEqualsIfExists", one, "x", None, True), ("StringEqualsIfExists", one, "x", "y", False),
            ("StringNotEquals", one, "x", None, True), ("StringNotEquals", one, ["x", "y"], "y", False),
            ("StringLike", one, "a?c*", "abcd", True), ("StringLike", one, "a?c*", "acd", False), ("StringLike", one, "A*", "a", False),
            ("StringLike", one, "a.c", "abc", False), ("StringNotLike", one, "a*", "abc", False),
            ("Null", one, "true", None, True), ("Null", one, "false", None, False), ("Null", one, "false", "", True),
            ("ForAllValues:StringLike", leading, ["a*", "b"], ["a1", "b"], True), ("ForAllValues:StringLike", leading, ["a*", "b"], ["a1", "c"], False),
            ("ForAllValues:StringLike", leading, "a*", None, True), ("ForAllValues:StringLike", leading, "a*", [], True),
            ("ForAllValues:StringNotEquals", leading, "b", ["a", "b"], False), ("ForAnyValue:StringLike", leading, "a*", ["c", "a"], True),
            ("ForAnyValue:StringLike", leading, "a*", None, False), ("ForAnyValue:StringNotEquals", leading, "a", ["a", "b"], True),
            ("ForAnyValue:StringNotEquals", leading, "a", None, False),
            ("ArnLike", "aws:PrincipalArn", "arn:aws:sts::*:assumed-role/a/*", "arn:aws:sts::1:assumed-role/a/b", True),
            ("ArnLike", "aws:PrincipalArn", "arn:*:*:*:*:x", "arn:aws:sts::1:y:x", False), ("Bool", "aws:SecureTransport", "false", "False", True),
            ("IpAddress", "aws:SourceIp", "127.0.0.0/8", "127.0.0.1", True), ("NotIpAddress", "aws:SourceIp", "127.0.0.1/32", "127.0.0.1", False),
        ):
            self.assertEqual(self.held(operator, key, expected, actual), holds, (operator, expected, actual))

    def test_variables_are_plain_text_wherever_they_stand(self):
        def reaches(value, key="T#acme#1", pattern="T#${aws:PrincipalTag/tenant}#*"):
            tag = {} if value is None else {"aws:principaltag/tenant": value}
            return decided([{"Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": pattern}}}], tag | {"dynamodb:leadingkeys": [key]})

        self.assertTrue(reaches("acme"))
        self.assertTrue(reaches("acme", pattern="T#${aws:principaltag/tenant}#?"))
        for value in ("acme2", "acm", "*", "acm?", "a*", "", None, ".*"):
            self.assertFalse(reaches(value), value)
        self.assertFalse(reaches("acme", "T#${aws:PrincipalTag/tenant}#1"))
        self.assertTrue(reaches("x", "T#*#1", "T#${*}#1"))
        self.assertFalse(reaches("x", "T#a#1", "T#${*}#1"))
        place = "arn:aws:s3:::pages/bodies/${aws:PrincipalTag/tenant}/*"
        for value, resource, may in (
            ("acme", "bodies/acme/1", True), ("acme", "bodies/acme2/1", False), ("*", "bodies/acme/1", False), (None, "bodies//1", False), ("acme", "pages/acme/1", False),
        ):
            tag = {} if value is None else {"aws:principaltag/tenant": value}
            self.assertEqual(decided([{"Resource": place}], tag, "s3:GetObject", f"arn:aws:s3:::pages/{resource}"), may, (value, resource))

    def test_denials_limits_and_what_is_left_out(self):
        self.assertFalse(decided([{}, {"Effect": "Deny", "Action": "dynamodb:Get*"}], {}))
        self.assertTrue(decided([{}, {"Effect": "Deny", "Action": "dynamodb:Put*"}], {}))
        self.assertFalse(decided([{}], {}, "dynamodb:GetItem", TABLE, [{"Action": "s3:*"}]))
        self.assertTrue(decided([{"Action": "DynamoDB:getitem"}], {}), "actions have no capitals")
        self.assertFalse(decided([{"Resource": TABLE.upper()}], {}))
        self.assertFalse(decided([{"Resource": "arn:aws:s3:*:*:copies"}], {}), "a star stays in its part of an ARN")
        without = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "s3:*", "NotResource": f"{TABLE}2"}}
        for action, resource, may in (("dynamodb:GetItem", TABLE, True), ("s3:GetObject", TABLE, False), ("dynamodb:GetItem", f"{TABLE}2", False)):
            self.assertEqual(policies.decide(action, resource, {}.get, policies.read(without)).allowed, may)

    def test_what_is_not_understood_is_an_error(self):
        for statement in (
            {"NotPrincipal": "*"}, {"Resource": "arn:aws:*"}, {"Action": "*", "NotAction": "*"}, {"Condition": {"NumericLessThan": {"s3:max-keys": "10"}}}, {"Condition": {"StringEquals": {"s3:unknown": "x"}}},
            {"Resource": "arn:aws:s3:::${aws:Unknown}"}, {"Condition": {"Bool": {"aws:SecureTransport": "${aws:userid}"}}}, {"Effect": "Maybe"},
            {"Condition": {"StringLike": {"dynamodb:LeadingKeys": "*"}}}, {"Effect": "Deny", "Resource": "arn:aws:s3:::${aws:PrincipalTag/none}"},
        ):
            with self.assertRaises(NotUnderstood, msg=statement):
                decided([statement], {"dynamodb:leadingkeys": ["x"], "aws:securetransport": "true", "s3:max-keys": "1", "aws:userid": "x"})
        with self.assertRaises(NotUnderstood):
            policies.read({"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:userid}"}})

    def test_it_tells_which_statement_and_values_allowed_what(self):
        condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["T#a", "T#a#*"]}}
        statements = policies.read(document({"Action": ["dynamodb:Put*"]}, {"Action": ["dynamodb:Get*", "dynamodb:GetItem"], "Condition": condition}), "own")
        found = policies.decide("dynamodb:GetItem", TABLE, {"dynamodb:leadingkeys": ["T#a#1"]}.get, statements)
        value = (("dynamodb:LeadingKeys", "T#a#*"),)
        self.assertEqual(found.grants, [(("own", 1), "dynamodb:Get*", "*", value), (("own", 1), "dynamodb:GetItem", "*", value)])


class Beside(unittest.TestCase):
    """Random policies and requests. MiniStack knows no variables, so for it they are replaced beforehand by what they stand for."""

    def setUp(self):
        self.random = random.Random(1)

    def some(self, choices, most=2):
        return self.random.sample(choices, self.random.randint(1, most))

    def statement(self):
        made = {"Effect": self.random.choice(["Allow", "Allow", "Deny"])}
        made[self.random.choice(["Action"] * 4 + ["NotAction"])] = self.some([*ACTIONS, "dynamodb:*", "*", "s3:Get*"])
        made["Resource"] = self.some([*RESOURCES, f"{TABLE}/index/*", f"{TABLE}*", "*", "arn:aws:s3:::pages/bodies/${aws:PrincipalTag/tenant}/*"])
        patterns = ["T#${aws:PrincipalTag/tenant}", "T#${aws:PrincipalTag/tenant}#*", "acme*", "T#acme?*", "acme", ""]
        single = [f"{name}{suffix}" for name, suffix in itertools.product(("StringEquals", "StringLike", "StringNotEquals", "StringNotLike"), ("", "IfExists"))]
        sets = [f"{sets}:{name}" for sets, name in itertools.product(("ForAllValues", "ForAnyValue"), ("StringEquals", "StringLike", "StringNotLike"))]
        conditions = made["Condition"] = {}
        for _ in range(self.random.randint(0, 2)):
            operator, key = self.random.choice([(name, "s3:prefix") for name in single] + [(name, "dynamodb:LeadingKeys") for name in sets])
            conditions.setdefault(operator, {})[key] = self.some(patterns, 3)
        if self.random.random() < 0.3:
            conditions["Null"] = {self.random.choice(["s3:prefix", "dynamodb:LeadingKeys"]): self.random.choice(["true", "false"])}
        return made

    def test_random_policies_are_decided_alike(self):
        from ministack.core import iam_evaluator

        def replaced(value, tag):
            if isinstance(value, dict):
                return {key: replaced(part, tag) for key, part in value.items()}
            return [replaced(part, tag) for part in value] if isinstance(value, list) else value.replace("${aws:PrincipalTag/tenant}", tag)

        counts = {True: 0, False: 0}
        for number in range(CASES):
            statements, tag = [self.statement() for _ in range(self.random.randint(1, 4))], self.random.choice(["acme", "acme2", "globex"])
            limit = [self.statement()] if self.random.random() < 0.3 else None
            context = {"aws:principaltag/tenant": tag}
            if self.random.random() < 0.7:
                context["s3:prefix"] = self.random.choice(VALUES)
            if self.random.random() < 0.7:
                context["dynamodb:leadingkeys"] = self.some(VALUES, 3)
            action, resource = self.random.choice(ACTIONS), self.random.choice(RESOURCES)
            layers = [document(*given) for given in (statements, limit) if given]
            ours = policies.decide(action, resource, context.get, *map(policies.read, layers)).allowed
            theirs = iam_evaluator.evaluate(
                iam_evaluator.EvalContext("arn", "AssumedRole", "111122223333", action, resource, "eu-central-1", service_context=context),
                *([iam_evaluator.parse_policy_document(replaced(layer, tag))] for layer in layers),
            ).decision == "Allow"
            self.assertEqual(ours, theirs, (number, layers, context, action, resource))
            counts[ours] += 1
        print(f"policies: {CASES} random cases decided as MiniStack does, {counts[True]} of them allowed")
        self.assertGreater(min(counts.values()), CASES // 20)


if __name__ == "__main__":
    unittest.main()
