"""The end of a tenant through the deployed template: everything of it goes, its tokens are refused, another tenant stays. The operator
asks for it by the command line, or by the API with a role of the account."""

import base64
import hmac
import json
import time
import unittest

from api import INTEGRATION, ApiWorld, refusals
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from world import until

import remains
from client import ask
from signed import verified

FEW = {"accounts": 12, "contacts": 12, "leads": 6, "tasks": 6, "opportunities": 6}
END = "/operator/tenants/acme/offboarding"
PERSON = {"person": {"emails": ["anna.muster@example.com"]}}


class Offboard(unittest.TestCase):
    def offboard(self, world, *more):
        settings = world.stack.settings("remove")
        given = {name: settings[name] for name in ("KMS_RECEIPT_KEY", "REMOVAL_SETTLE_SECONDS")}
        given["CALLER_SECRET"] = world.stack.settings("api")["CALLER_SECRET"]
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

        def gone():
            try:
                return self.offboard(world, "--confirm", "acme")["receipt"]
            except RuntimeError as error:
                # The function remove goes on, too, when the removal is over. Whoever comes second is told to come again.
                self.assertRegex(str(error), "tenant.(end_contended|not_empty)")
                return None

        until(gone, lambda: remains.rows(stack, "acme").keys(), 90)
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
            who = stack.client("sts").get_caller_identity()["Arn"]
            self.assertEqual(said["asked"]["by"], f"operator:{hashed(stack, 'acme', who)}", "who has the credentials of the command")
            self.assertTrue(verified(receipt, receipt["publicKey"]["pem"]))
            self.assertFalse(verified(receipt | {"document": receipt["document"].replace("acme", "acne")}, receipt["publicKey"]["pem"]))
        with self.subTest("a request does not begin it anew"):
            self.assertEqual(user.post("/v1/objections", PERSON).status, 403)
            self.assertEqual(sorted(place.split(" ", 1)[1] for place in remains.rows(stack, "acme")), left)
            with self.assertRaisesRegex(RuntimeError, "tenant.ended"):
                world.operator.run("allowance", "--tenant", "acme")

    def test_the_operators_role_ends_a_tenant_by_the_api_and_no_token_can(self):
        world = ApiWorld("end", tenants=("acme", "globex"), sizes=FEW, RemovalSettleSeconds="1")
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        for tenant in ("acme", "globex"):
            self.assertEqual(world.connect(world.client(tenant), tenant).status, 201)
            self.assertEqual(world.client(tenant).post("/v1/objections", PERSON).status, 201)
        world.sync()
        stack, user = world.stack, world.client("acme")
        for tenant in ("acme", "globex"):
            cut_off(stack, tenant)
        before = (remains.rows(stack, "globex"), remains.objects(stack, "globex"))
        confirmed = {"confirm": "acme"}
        # The one has the policy that the stack deploys, the other all of the API but what that policy allows.
        operator, stranger = Signed(stack, "ender", stack.outputs()["EndTenantsPolicy"]), Signed(stack, "reader", None)
        world.strings.add(operator.arn)
        with self.subTest("a token, a request without a signature, and a role without the right do not get through"):
            for method, body in (("POST", confirmed), ("GET", None)):
                # AWS's gateway refuses a token here (403); the local one lets it through, and the function refuses it.
                self.assertIn(user.ask(method, END, body).status, (401, 403))
                self.assertEqual(ask(method, stack.api_url() + END, body).status, 403)
                self.assertEqual(stranger.ask(method, END, body).status, 403)
            self.assertEqual(operator.ask("GET", "/v1/integrations").status, 401, "a signature is no token")
            self.assertEqual(user.get("/v1/integrations").status, 200)
        with self.subTest("nobody ends a tenant by mistake"):
            self.assertEqual(operator.ask("GET", END).status, 404)
            self.assertEqual(operator.ask("POST", END, {"confirm": "acne"}).status, 422)
            self.assertEqual(operator.ask("POST", END.replace("acme", "acne"), {"confirm": "acne"}).status, 404)
            self.assertEqual(remains.rows(stack, "acne"), {})
        begun = operator.ask("POST", END, confirmed)
        self.assertEqual((begun.status, begun.headers["location"], begun.body["removing"]), (202, END, [INTEGRATION.rpartition("/")[2]]), begun)
        refused = user.get("/v1/integrations")
        self.assertEqual((refused.status, refused.body["type"]), (403, "urn:abgleich:problem:tenant-ended"))
        self.assertEqual(operator.ask("POST", END, confirmed).status, 202)
        until(lambda: operator.ask("GET", END).body["receipt"], lambda: remains.rows(stack, "acme").keys(), 120)
        shown = operator.ask("GET", END).body
        with self.subTest("only receipts are left, and that it has ended"):
            left = sorted(place.split(" ", 1)[1] for place in remains.rows(stack, "acme"))
            self.assertEqual([place.split("#")[1].split(" ")[-1] for place in left], ["OFFBOARDING", "RECEIPT", "RECEIPT"], left)
            self.assertEqual(remains.objects(stack, "acme"), {})
            self.assertEqual((remains.rows(stack, "globex"), remains.objects(stack, "globex")), before)
        with self.subTest("the receipt says who asked, and openssl verifies it"):
            said = json.loads(shown["receipt"]["document"])
            who = f"operator:{hashed(stack, 'acme', operator.arn)}"
            self.assertEqual((said["asked"]["by"], said["deleted"]["objections"]), (who, 1))
            self.assertEqual(said["keys"]["destroyed"], ["cut-off g1#v1", "TENANT#v1"])
            self.assertTrue(verified(shown["receipt"], shown["receipt"]["publicKey"]["pem"]))
            self.assertEqual((shown["removing"], shown["askedBy"]), ([], who))
        with self.subTest("asked again, nothing comes back, and the command line shows the same receipt"):
            again = operator.ask("POST", END, confirmed)
            self.assertEqual((again.status, again.body), (202, shown))
            self.assertEqual(sorted(place.split(" ", 1)[1] for place in remains.rows(stack, "acme")), left)
            self.assertEqual(self.offboard(world, "--confirm", "acme")["receipt"]["document"], shown["receipt"]["document"])
        with self.subTest("who has ended is not connected again"):
            with self.assertRaisesRegex(RuntimeError, "tenant.ended"):
                world.operator.connect("acme", world.organisation("acme"))

    def test_an_end_whose_order_was_lost_is_ordered_again_by_the_hourly_rule(self):
        world = ApiWorld("end-lost", sizes=FEW, RemovalSettleSeconds="1")
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        self.assertEqual(world.connect(world.client()).status, 201)
        world.sync()
        stack = world.stack
        operator = Signed(stack, "ender", stack.outputs()["EndTenantsPolicy"])
        events = stack.client("events")
        [rule] = [name for name in stack.resources("AWS::Events::Rule").values() if "RemovalDueRule" in name]
        [rule, bus] = [rule.split("|")[-1], stack.settings("sync")["EVENT_BUS"]]
        events.disable_rule(Name=rule, EventBusName=bus)
        self.assertEqual(operator.ask("POST", END, {"confirm": "acme"}).status, 202)
        stack.fire("hourly")  # this order is lost, too
        time.sleep(5)
        shown = operator.ask("GET", END).body
        self.assertEqual((shown["removing"], shown["receipt"]), ([INTEGRATION.rpartition("/")[2]], None))
        self.assertEqual(world.client().get("/v1/integrations").status, 403)
        events.enable_rule(Name=rule, EventBusName=bus)
        stack.fire("hourly")
        until(lambda: operator.ask("GET", END).body["receipt"], lambda: remains.rows(stack, "acme").keys(), 120)
        with self.subTest("an end that is over is not ordered any more"):
            table = stack.client("dynamodb")
            asked = {"IndexName": "due", "KeyConditionExpression": "due_bucket = :b", "ExpressionAttributeValues": {":b": {"S": "ending"}}}
            self.assertEqual(table.query(TableName=stack.outputs()["LedgerTable"], **asked)["Items"], [])


def hashed(stack, tenant, name):
    """Who called, as logs and receipts name them: the command of infra/docs/operate.md, "Who called"."""
    secret = stack.settings("api")["CALLER_SECRET"].encode()
    code = hmac.new(secret, f"user\0{tenant}/{name}".encode(), "sha256").digest()[:16]
    return base64.urlsafe_b64encode(code).decode().rstrip("=")


def cut_off(stack, tenant):
    """What a connection leaves that is cut off after its key was made: the key, and the entry that lists it."""
    for table, pk, sk in (("Ledger", f"T#{tenant}", "INTEGRATION#cut-off"), ("Keys", f"T#{tenant}#cut-off", "g1#v1")):
        row = {"pk": {"S": pk}, "sk": {"S": sk}} | ({"wrapped": {"B": b"a wrapped key"}} if table == "Keys" else {})
        stack.client("dynamodb").put_item(TableName=stack.resources("AWS::DynamoDB::Table")[table], Item=row)


class Signed:
    """Requests of a role of the account: with a managed policy, or with the right to call everything but the operator's paths."""

    def __init__(self, stack, name, policy):
        self.url, self.region = stack.api_url(), stack.client("iam").meta.region_name
        trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        iam, role = stack.client("iam"), f"{stack.name}-{name}"
        made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
        if policy:
            iam.attach_role_policy(RoleName=role, PolicyArn=policy)
        else:
            may = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:*:*:*/$default/*/v1/*"}
            iam.put_role_policy(RoleName=role, PolicyName="may", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may]}))
        given = stack.client("sts").assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="erika")
        self.arn = given["AssumedRoleUser"]["Arn"]
        given = given["Credentials"]
        self.credentials = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def ask(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = AWSRequest(method, self.url + path, data=data, headers={"Content-Type": "application/json"} if data else {})
        SigV4Auth(self.credentials, "execute-api", self.region).add_auth(request)
        answer = ask(method, self.url + path, data, dict(request.headers.items()))
        if 400 <= answer.status < 500 and str(answer.status) not in refusals(method, path):
            raise AssertionError(f"{method} {path}: {answer.status} is not in the contract")
        return answer


if __name__ == "__main__":
    unittest.main()
