"""The end of a tenant through the deployed template: everything of it goes, its tokens are refused, another tenant stays."""

import base64
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from api import INTEGRATION, ApiWorld
from world import until

import remains

FEW = {"accounts": 12, "contacts": 12, "leads": 6, "tasks": 6, "opportunities": 6}
PERSON = {"person": {"emails": ["anna.muster@example.com"]}}


class Offboard(unittest.TestCase):
    def offboard(self, world, *more):
        settings = world.stack.settings("remove")
        given = {name: settings[name] for name in ("KMS_RECEIPT_KEY", "REMOVAL_SETTLE_SECONDS")}
        return world.operator.run("offboard", "--tenant", "acme", *more, **given)

    def test_everything_of_a_tenant_goes_and_its_tokens_with_it(self):
        world = ApiWorld("offboard", tenants=("acme", "globex"), sizes=FEW, RemovalSettleSeconds="1")
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        for tenant in ("acme", "globex"):
            self.assertEqual(world.connect(world.client(tenant), tenant).status, 201)
            self.assertEqual(world.client(tenant).post("/v1/objections", PERSON).status, 201)
        world.sync()
        stack, user = world.stack, world.client("acme")
        before = (remains.rows(stack, "globex"), remains.objects(stack, "globex"))
        shown = self.offboard(world)
        self.assertEqual((shown["ended"], shown["rows"]["objections"], len(shown["integrations"])), (False, 1, 1))
        begun = self.offboard(world, "--confirm", "acme")
        self.assertEqual((begun["ended"], begun["receipt"], begun["removing"]), (True, None, [INTEGRATION.rpartition("/")[2]]))
        with self.subTest("from now on its tokens are refused, and another tenant's are not"):
            for answer in (user.get("/v1/integrations"), user.post("/v1/objections", PERSON)):
                self.assertEqual((answer.status, answer.body["type"]), (403, "urn:abgleich:problem:tenant-ended"))
            self.assertEqual(world.client("globex").get("/v1/integrations").status, 200)
        until(lambda: self.offboard(world, "--confirm", "acme")["receipt"], lambda: remains.rows(stack, "acme").keys(), 90)
        receipt = self.offboard(world, "--confirm", "acme")["receipt"]
        with self.subTest("only receipts are left, and that it has ended"):
            left = sorted(place.split(" ", 1)[1] for place in remains.rows(stack, "acme"))
            self.assertEqual([place.split("#")[1].split(" ")[-1] for place in left], ["OFFBOARDING", "RECEIPT", "RECEIPT"], left)
            self.assertEqual(remains.objects(stack, "acme"), {})
            self.assertEqual((remains.rows(stack, "globex"), remains.objects(stack, "globex")), before)
        with self.subTest("the receipt counts, and openssl verifies it"):
            said = json.loads(receipt["document"])
            self.assertEqual((said["deleted"]["objections"], said["deleted"]["integrations"], said["number"]), (1, 1, 2))
            self.assertEqual(said["keys"]["destroyed"], ["TENANT#v1"])
            self.assertTrue(self.verified(receipt))
            self.assertFalse(self.verified(receipt | {"document": receipt["document"].replace("acme", "acne")}))
        with self.subTest("a request does not begin it anew"):
            self.assertEqual(user.post("/v1/objections", PERSON).status, 403)
            self.assertEqual(sorted(place.split(" ", 1)[1] for place in remains.rows(stack, "acme")), left)
            with self.assertRaisesRegex(RuntimeError, "tenant.ended"):
                world.operator.run("allowance", "--tenant", "acme")

    def verified(self, receipt):
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder)
            (at / "key.pem").write_text(receipt["publicKey"]["pem"])
            (at / "document").write_text(receipt["document"])
            (at / "signature").write_bytes(base64.b64decode(receipt["signature"]))
            command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "document"]
            return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


if __name__ == "__main__":
    unittest.main()
