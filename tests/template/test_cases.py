"""One tenant's session reaches nothing of another tenant's, whatever is asked for: each route and stage is tried (cases.py)."""

import collections

import cases
import test_contract
from breaking import Promises, broken_by

GUARD = "ForAllValues:StringLike"


def of_data_roles(change):
    """A breakage that changes each statement of the data roles for which `change` has something to change."""

    def breakage(resources):
        changed = 0
        for name, resource in resources.items():
            if name.endswith("DataRole"):
                for policy in resource["Properties"]["Policies"]:
                    changed += sum(map(bool, map(change, policy["PolicyDocument"]["Statement"])))
        assert changed, "there is nothing to break"

    return breakage


def without_condition(operator, key, service=""):
    def change(statement):
        held = statement.get("Condition", {}).get(operator, {})
        return str(statement["Action"]).find(service) >= 0 and held.pop(key, None)

    return of_data_roles(change)


def open_end(statement):
    """`T#acme*` in the place of `T#acme#*`."""
    held = statement.get("Condition", {}).get(GUARD, {})
    if "dynamodb:LeadingKeys" in held:
        held["dynamodb:LeadingKeys"] = ["T#${aws:PrincipalTag/tenant}*"]
        return True


def both_kinds(statement):
    """The tenant's own rows and its integrations' for every action that needs one of them."""
    held = statement.get("Condition", {}).get(GUARD, {})
    if len(held.get("dynamodb:LeadingKeys", [])) == 1:
        held["dynamodb:LeadingKeys"] = ["T#${aws:PrincipalTag/tenant}", "T#${aws:PrincipalTag/tenant}#*"]
        return True


def any_of_them(statement):
    held = statement.get("Condition", {})
    if GUARD in held:
        held["ForAnyValue:StringLike"] = held.pop(GUARD)
        return True


def every_folder(statement):
    if "/pages/" in str(statement["Resource"]) or "/bodies/" in str(statement["Resource"]):
        statement["Resource"] = {"Fn::Sub": "${Pages.Arn}/*"}
        return True


def of_dispatch(change):
    """A breakage that changes the statements of dispatch about rows."""

    def breakage(resources):
        statements = resources["DispatchRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
        assert sum(bool(change(statement)) for statement in statements if "Sid" in statement), "there is nothing to break"

    return breakage


def of_any_kind(statement):
    statement["Condition"]["ForAllValues:StringLike"] = {"dynamodb:LeadingKeys": ["T#*"]}
    return True


def trusts_any_tag(resources):
    for name, resource in resources.items():
        if name.endswith("DataRole"):
            del resource["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]


class Cases(Promises):
    @broken_by(
        without_condition("Null", "dynamodb:LeadingKeys"),
        without_condition(GUARD, "dynamodb:LeadingKeys"),
        without_condition("StringEquals", "kms:EncryptionContext:tenant"),
        without_condition("StringLike", "s3:prefix"),
        of_dispatch(of_any_kind),
        *(of_dispatch(lambda statement, operator=operator: statement["Condition"].pop(operator, None)) for operator in (
            "Null", "ForAllValues:StringLike", "ForAllValues:StringEquals", "StringEqualsIfExists",
        )),
        of_dispatch(lambda statement: statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"].append("credentials") or True),
        of_data_roles(open_end), of_data_roles(both_kinds), of_data_roles(any_of_them), of_data_roles(every_folder),
    )
    def test_each_route_and_stage_reaches_its_own_tenant_and_no_other(self, stack):
        counts, wrong, errands = collections.Counter(), [], cases.of_all()
        operations = {operation["operationId"] for _, _, operation in test_contract.operations()}
        self.assertEqual(operations - set(errands), set(), "a route is not tried")
        for errand in errands:
            for name, action, resource, requests, tags, may in cases.cases(stack, errand):
                counts["allowed" if may else "refused"] += 1
                if cases.allowed(stack, errand, action, resource, requests, tags) != {may}:
                    wrong.append(f"{name}: {'refused' if may else 'allowed'}")
        self.assertGreater(counts["allowed"], 0)
        self.assertEqual(wrong[:20], [], f"{len(wrong)} of {sum(counts.values())}")
        print(
            f"policy cases: {sum(counts.values())} of {len(errands)} routes and stages ({len(vars(stack)['decided'])} of them differ),"
            f" {counts['allowed']} to be allowed, {counts['refused']} to be refused"
        )

    @broken_by(trusts_any_tag)
    def test_a_tenants_session_is_made_by_its_own_function_with_that_tag_alone(self, stack):
        tried = [(name, cases.may_take_on(stack, door, data, tags), may) for name, door, data, tags, may in cases.sessions(stack)]
        self.assertGreater(len(tried), 0)
        self.assertEqual([(name, found) for name, found, may in tried if found != may], [])
        print(f"policy cases: {len(tried)} of sessions")
