"""Rights that end at single attributes: IAM knows no sort keys, so where rows of several kinds are in one partition, the attributes of a
request tell them apart. Those of its conditions count, too."""

import re

import iam
from breaking import Promises, broken_by, put, role_policies, without
from deployed import ROOT
from rights import ACROSS

# The attributes of rows of the Ledger that an export writes, and those that it reads.
WRITTEN_BY_AN_EXPORT = ["pk", "sk", "exporting", "exporting_holder", "exporting_until"]
READ_BY_AN_EXPORT = [*WRITTEN_BY_AN_EXPORT, "tenant", "integration", "generation", "provider", "organisation", "status"]


class Attributes(Promises):
    @broken_by(
        *(without(*role_policies("DispatchRole"), number, "Condition", "Null") for number in (2, 3)),
        *(without(*role_policies("DispatchRole"), number, "Condition", "StringEqualsIfExists") for number in (2, 3)),
        put(*role_policies("DispatchRole"), 3, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes", ["pk", "sk", "due_at"]),
        *(
            put(*role_policies("DispatchRole"), number, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes", [*ACROSS[action], "credentials"])
            for number, action in ((2, "GetItem"), (3, "UpdateItem"))
        ),
        put(*role_policies("DispatchRole"), 2, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys", "T#*"),
    )
    def test_dispatch_writes_what_a_claim_is_made_of_and_reads_no_grant(self, stack):
        def may(action, attributes, key="T#acme#crm-1", **more):
            context = {"dynamodb:LeadingKeys": [key]} | {f"dynamodb:{name}": value for name, value in more.items()}
            return iam.allowed(stack, "DispatchRole", f"dynamodb:{action}", stack.arn("Ledger"), context | ({"dynamodb:Attributes": attributes} if attributes else {}))

        schedule, removals = ((ROOT / "infra/src/aws/dynamodb" / name).read_text() for name in ("schedule.rs", "removals.rs"))
        claim = re.search(r"async fn claim\(.*?\.send\(\)", schedule, re.S).group(0)
        written = set(re.findall(r"(\w+) = (?::|if_not_exists)", claim)) - {"status"} | {"pk", "sk", "status"}
        self.assertEqual(set(ACROSS["UpdateItem"]), written)
        [claimed] = re.findall(r'read_attributes\(\w+, "\w+", "([^"]+)"', schedule)
        [stands] = re.findall(r'projection_expression\("#(\w+)"', removals)
        self.assertEqual(set(ACROSS["GetItem"]), {"pk", "sk", *claimed.split(", "), stands})
        for action, more in (("UpdateItem", {"ReturnValues": "NONE"}), ("GetItem", {"Select": "SPECIFIC_ATTRIBUTES"})):
            attributes = ACROSS[action]
            self.assertTrue(may(action, attributes, **more))
            self.assertFalse(may(action, [*attributes, "credentials"], **more))
            self.assertFalse(may(action, [], **more))
            self.assertFalse(may(action, attributes, key="T#acme", **more), "the tenant's own rows")
        self.assertFalse(may("UpdateItem", ACROSS["UpdateItem"], ReturnValues="ALL_OLD"))
        self.assertFalse(may("GetItem", ACROSS["GetItem"], Select="ALL_ATTRIBUTES"))

    @broken_by(
        without(*role_policies("SyncDataRole"), 2, "Condition", "Null", "dynamodb:Attributes"),
        without(*role_policies("SyncDataRole"), 2, "Condition", "ForAllValues:StringEquals"),
        without(*role_policies("SyncDataRole"), 2, "Condition", "StringEqualsIfExists"),
        put(*role_policies("SyncDataRole"), 2, "Condition", "ForAllValues:StringEquals", "dynamodb:Attributes", ["pk", "sk", "runs_per_hour_left"]),
        put(*role_policies("SyncDataRole"), 2, "Action", ["dynamodb:UpdateItem", "dynamodb:PutItem"]),
    )
    def test_of_the_tenant_s_own_rows_a_run_changes_how_many_slices_are_under_way(self, stack):
        def may(attributes, action="UpdateItem", returned="NONE"):
            context = {"dynamodb:LeadingKeys": ["T#acme"], "dynamodb:ReturnValues": returned} | ({"dynamodb:Attributes": attributes} if attributes else {})
            return iam.allowed(stack, "SyncDataRole", f"dynamodb:{action}", stack.arn("Ledger"), context, {"tenant": "acme"})

        dynamodb = ROOT / "infra/src/aws/dynamodb"
        [places] = re.findall(r'format!\("\{limit\}(_\w*places)"\)', (dynamodb / "allowances.rs").read_text())
        [slices] = re.findall(r'^    Slices = "(\w+)"', (ROOT / "domain/src/words/allowance.rs").read_text(), re.M)
        counted = ["pk", "sk", slices + places]
        self.assertTrue(may(counted))
        self.assertFalse(may(counted, returned="ALL_OLD"), "which would give an objection back")
        self.assertFalse(may([]))
        own = [dynamodb / name for name in ("audit.rs", "receipts.rs", "offboardings.rs", "allowances.rs")] + [*(dynamodb / "legal").glob("*.rs")]
        others = {name for file in own for name in re.findall(r'"(\w+)"\.to_owned\(\), |\("(\w+)", (?:text|number|blob)|insert\("(\w+)"', file.read_text()) for name in name if name}
        self.assertLessEqual({"sealed", "at", "document", "what", "kind"}, others)
        for other in others | {"lifted", "head", "changes", "n", "state", "check", "own"}:
            self.assertFalse(may(["pk", "sk", other]), other)
            self.assertFalse(may([*counted, other]), other)
        for action in ("PutItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"):
            self.assertFalse(may(counted, action), action)
        home = {"dynamodb:LeadingKeys": ["T#acme", "T#acme#crm-1"], "dynamodb:Attributes": ["pk", "sk"]}
        self.assertFalse(iam.allowed(stack, "SyncDataRole", "dynamodb:BatchWriteItem", stack.arn("Ledger"), home, {"tenant": "acme"}))

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
