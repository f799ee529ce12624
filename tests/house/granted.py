"""No role may have a grant that no house test needs. tests/all.py runs this last, because it looks at what all house tests together
asked of the local AWS. That no role asked for more than it may do is checked by each house at its own end."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stack"))

import errands
import grants

# Routes that ask AWS for nothing.
ASKS_NOTHING = {"getHealth", "getRetention", "getSubprocessors"}
# Grants that no test can be observed to need, and the reason why the function needs them all the same.
BY_LAMBDA = "Lambda itself asks for it in the function's name; the local one does not ask"
EXPLAINED = {
    **{
        f"{role}Role logs:{action} {role}Logs.Arn": BY_LAMBDA
        for role in ("Api", "Companies", "Console", "Dispatch", "Remove", "Sync") for action in ("CreateLogStream", "PutLogEvents")
    },
    **{
        f"{role}Role sqs:{action} {role}Queue.Arn": BY_LAMBDA
        for role in ("Remove", "Sync") for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    },
    **{f"{role}Role sqs:SendMessage FailedInvocations.Arn": BY_LAMBDA for role in ("Dispatch", "Companies")},
    **{
        f"{role}DataRole s3:ListBucket Pages.Arn{value}": "a body that is missing is told from one that is denied: tests/contract/sessions.rs"
        for role in ("Api", "Sync", "Export") for value in ("", ": bodies/${aws:PrincipalTag/tenant}/*")
    },
    "ExportDataRole s3:ListBucket Pages.Arn: exports/${aws:PrincipalTag/tenant}/*":
        "a file is looked for when the answer that finished it was lost: tests/contract/exports.rs",
    "ExportDataRole s3:AbortMultipartUpload ${Pages.Arn}/exports/${!aws:PrincipalTag/tenant}/*":
        "an export that fails gives its upload up: domain/tests/exporting.rs",
    "RemoveDataRole s3:DeleteObject ${Pages.Arn}/bodies/${!aws:PrincipalTag/tenant}/*": "asked for beside DeleteObjectVersion; the local one asks only for the first object of a request",
    "RemoveRole sqs:ChangeMessageVisibility RemoveQueue.Arn": "an order whose slice failed is shown again sooner; the test of it is sync's",
    "CompaniesRole s3:GetObjectVersion arn:${AWS::Partition}:s3:::${AWS::StackName}-reference-${AWS::AccountId}/incoming/*":
        "where an operator switched versions on, the very version that arrived is read",
    **{
        f"DispatchRole Looks: {attribute}": "a claim that was refused is looked at: two dispatchers at once, or a lost answer"
        for attribute in ("due_at", "run_id")
    },
}


class Granted(unittest.TestCase):
    def test_no_role_may_do_what_no_test_needs(self):
        has, used, _ = grants.collected()
        self.assertTrue(has, "no house was built: nothing is known")
        self.assertEqual(sorted(set(EXPLAINED) - has), [], "explained, and no role has it")
        self.assertEqual(sorted(has - used - set(EXPLAINED)), [], "granted, and no test needs it")

    def test_whatever_is_needed_is_needed_by_a_process_that_remembers_nothing_too(self):
        _, used, fresh = grants.collected()
        self.assertEqual(sorted(used - fresh - set(EXPLAINED)), [], "only a process that others used before asked for it: choose a test that needs it in test_fresh.py")

    def test_every_route_and_stage_was_seen_at_work(self):
        seen = grants.asked()
        print(f"the houses asked AWS on {len(seen)} errands: " + ", ".join(f"{errand} {len(calls)}" for errand, calls in sorted(seen.items())))
        self.assertEqual(sorted(set(errands.routes()) - set(seen) - ASKS_NOTHING), [], "no house test calls this route, so nobody knows what it asks AWS")


def suite():
    """The tests that run after all others."""
    return unittest.TestLoader().loadTestsFromTestCase(Granted)
