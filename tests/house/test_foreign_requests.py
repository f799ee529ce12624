"""Requests that a tool generates from the contract, valid and invalid ones. None of them may break the API or the contract."""

import concurrent.futures
import subprocess
import sys
import unittest

import yaml
from api import ApiWorld
from world import ROOT

# The checks of each answer. test_api.py checks who may call what; the gateway's own refusals are not ours to put into the
# contract.
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "allow_header_conformance",
)
SMALL = {"accounts": 5, "contacts": 5, "leads": 5, "tasks": 5, "opportunities": 5}
# Most of the time is spent in the gateway and the function. The tests use processes rather than the tool's own threads, because
# Python 3.11 fails when several threads parse source code ("AST constructor recursion depth mismatch").
PARTS = 4
# This comes last: after a removal nearly every request has the same answer.
LAST = ("removeIntegration", "getRemoval", "getReceipt")


class ForeignRequests(unittest.TestCase):
    def test_no_request_breaks_the_api_or_its_contract(self):
        world = ApiWorld("foreign-requests", sizes=SMALL)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        self.assertEqual(world.connect(world.client()).status, 201)
        contract = yaml.safe_load((ROOT / "infra/openapi.yaml").read_text())
        operations = {operation["operationId"]: operation for item in contract["paths"].values() for operation in item.values() if "operationId" in operation}
        self.assertLessEqual(set(LAST), set(operations))
        # Requests with bodies are most of the work, so each part gets an equal number of them.
        first = sorted(set(operations) - set(LAST), key=lambda name: ("requestBody" not in operations[name], name))
        parts = [first[nth::PARTS] for nth in range(PARTS)]
        with concurrent.futures.ThreadPoolExecutor(PARTS) as pool:
            for part, done in zip(parts, pool.map(lambda part: self.ask(world, part), parts)):
                self.check(part, done)
        self.check(LAST, self.ask(world, LAST))

    def check(self, part, done):
        """Checks the answers of some operations against the contract."""
        told = "\n".join(line[:400] for line in done.stdout.splitlines())
        self.assertEqual(done.returncode, 0, told[-8_000:] + done.stderr[-2_000:])
        self.assertRegex(done.stdout, rf"Tested: {len(part)}\n", "it asked all of its part")
        self.assertRegex(done.stdout, r"\d{2,} generated, \d{2,} passed", "it did something")

    def ask(self, world, operations):
        """Sends the requests of some operations."""
        chosen = [word for operation in operations for word in ("--include-operation-id", operation)]
        return subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", ROOT / "infra/openapi.yaml", "--url", world.stack.api_url(),
             "--header", f"Authorization: Bearer {world.stack.token('acme')}", "--checks", ",".join(CHECKS),
             # Coverage begins with the contract's own examples.
             "--phases", "coverage,fuzzing", "--max-examples", "8", "--seed", "1", "--no-shrink",
             "--request-timeout", "30", "--continue-on-failure", "--warnings", "off", "--no-color", *chosen],
            cwd=world.path, env=world.stack.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600,
        )


if __name__ == "__main__":
    unittest.main()
