"""Checkov looks through the template as SAM expands it. Each of its findings is explained here, or mended."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from deployed import ROOT, expanded

# `make test` makes this environment of its own (tests/template/checkov/requirements.in says why).
PROGRAM = Path(sys.prefix) / "checkov/bin/checkov"
# {check: ({resources}, why they are as they are)}
EXPLAINED = {
    "CKV_AWS_18": (
        {"Pages", "Reference"},
        "An access log would hold the keys of objects, with tenants and times, in a bucket more. Who used an object is in CloudTrail, where the operator asks for it.",
    ),
    "CKV_AWS_21": (
        {"Pages", "Reference"},
        "A version would outlive a removal and the bucket's lifecycle. Pages can be fetched again from the CRM, and the vendor keeps its company files.",
    ),
    "CKV_AWS_27": (
        {"FailedInvocations", "RemoveDeadLetters", "RemoveQueue", "SyncDeadLetters", "SyncQueue", "UndeliveredEvents"},
        "Messages hold ids and codes, no personal data. SQS encrypts them with keys of its own (SSE-SQS), which is its default.",
    ),
    "CKV_AWS_28": (
        {"Companies", "Copies", "Keys"},
        "Recovery of Keys or Copies would bring back what a removal destroyed. Companies is read again from the vendor's file.",
    ),
    "CKV_AWS_33": (
        {"Key", "StorageKey"},
        "The statement with the principal * is for what DynamoDB and S3 ask (`kms:ViaService`) for callers of this account (`kms:CallerAccount`); test_stores.py evaluates it.",
    ),
    "CKV_AWS_115": (
        {"DispatchFunction", "RemoveFunction", "SyncFunction"},
        "Sync and remove are bounded by their queues (`MaximumConcurrency`), which loses no order. Dispatch is called by a daily and by an hourly rule.",
    ),
    "CKV_AWS_116": (
        {"ApiFunction", "CompaniesFunction", "ConsoleFunction", "DispatchFunction", "RemoveFunction", "SyncFunction"},
        "Dispatch and companies have an on-failure destination, which holds more than a dead letter. Sync and remove read queues that have dead letters. A caller waits for api and console.",
    ),
    "CKV_AWS_117": (
        {"CompaniesFunction", "ConsoleFunction", "DispatchFunction"},
        "A network protects what listens, and a function does not. Those that call CRMs are in one where `FixedEgress` asks for it; the others call AWS alone, or nobody.",
    ),
    "CKV_AWS_173": (
        {"CompaniesFunction", "ConsoleFunction", "DispatchFunction"},
        "Their settings are names of tables, numbers, and what every browser is told, and AWS encrypts them with a key of its own. Functions that have secrets among them use the key StorageKey.",
    ),
}


def findings(template):
    """{check: {logical ids}} of what Checkov finds in a template."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.json"
        file.write_text(json.dumps(template))
        done = subprocess.run(
            # It asks nobody for anything: neither for guidelines nor for newer checks.
            [PROGRAM, "--file", file, "--framework", "cloudformation", "--compact", "--quiet", "--skip-download", "--output", "json"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    told = json.loads(done.stdout)
    if told["summary"]["parsing_errors"] or told["summary"]["resource_count"] < 100:
        raise AssertionError(told["summary"])
    found = {}
    for one in told["results"]["failed_checks"]:
        found.setdefault(one["check_id"], set()).add(one["resource"].rpartition(".")[2])
    return found


class Checkov(unittest.TestCase):
    maxDiff = None

    def test_each_finding_is_explained_and_each_explanation_is_of_a_finding(self):
        self.assertEqual(findings(expanded()), {check: resources for check, (resources, _) in EXPLAINED.items()})
        for check, (_, reason) in EXPLAINED.items():
            self.assertGreater(len(reason.split()), 10, check)

    def test_what_is_broken_is_found(self):
        template = expanded()
        del template["Resources"]["Pages"]["Properties"]["PublicAccessBlockConfiguration"]
        del template["Resources"]["StorageKey"]["Properties"]["EnableKeyRotation"]
        found = findings(template)
        new = {(check, resource) for check in found for resource in found[check] - EXPLAINED.get(check, (set(), ""))[0]}
        self.assertLessEqual({("CKV_AWS_7", "StorageKey"), ("CKV_AWS_53", "Pages")}, new)

    def test_nothing_else_in_the_repository_tells_checkov_to_look_away(self):
        self.assertNotIn("checkov", (ROOT / "template.yaml").read_text().lower())


if __name__ == "__main__":
    unittest.main()
