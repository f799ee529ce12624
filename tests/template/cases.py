"""The table of policy cases: everything that a route or stage may ask AWS, tried as another tenant would try it.

An errand is a route of the API (by its operation's id), the kind of an order, of a schedule, or an import. A case is a request by a
session with some tags, and whether it may be. Every errand is tried with all that the roles of its function grant.
"""

import re
import sys

import iam
import rights
from deployed import ROOT, as_list

sys.path.insert(0, str(ROOT / "tests" / "stack"))

import across
import asked
import errands
import policies

# The tenants of the cases. The twin's name begins with the tenant's own.
OWN = "acme"
OTHERS = {
    "other tenant": "globex", "twin prefix": "acme2", "shorter": "acm", "nobody": "", "star": "*", "own and star": "acme*", "question mark": "acm?",
}
# Tags of sessions that must not reach the tenant's rows. STS takes neither star nor question mark; the policies do not rely on that.
TAGS = {
    "missing tag": {}, "star as tag": {"tenant": "*"}, "pattern as tag": {"tenant": "acm?"}, "empty tag": {"tenant": ""},
    "another tag": {"Name": OWN}, "the other's tag": {"tenant": "globex"},
}
# (whose rows, how their keys begin)
SHAPES = [(whose, shape) for whose, shapes in rights.WHOSE.items() for shape in shapes]
FOLDERS = ("pages", "bodies", "exports")
INDEXES = ("due", "unverified", "by_email", "by_domain", "by_parent", "by_company", "by_review")
# The actions that a transaction's item may be.
MEMBERS = ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem")
CONTEXT = {"tenant": OWN, "integration": "salesforce", "generation": "1"}
# What is not a tenant's, and what AWS has no condition for: test_privileges.py says who may do it.
SHARED = re.compile(r"(events|logs|sqs|sts):.*|kms:(Sign|GetPublicKey)|s3:ListBucketMultipartUploads")
# Dispatch finds due integrations of all tenants. Nobody else may (across.py).
ACROSS = {"daily": "Dispatch", "hourly": "Dispatch"}
STAGES = {"SyncDue": "Sync", "ExportDue": "Sync", "RemovalDue": "Remove", "OffboardingDue": "Remove", "import": "Companies", "page": "Console"}
# The data roles of errands that do not have their function's first.
DATA = {"ExportDue": "Export", "OffboardingDue": "End"}


def of_all():
    """All errands."""
    return [*errands.routes(), *STAGES, *ACROSS]


def roles(stack, errand):
    """The roles that an errand has: its function's own, and the one that the function takes on for the errand's tenant."""
    door = (STAGES | ACROSS).get(errand, "Api")
    return [role for role in (f"{door}Role", f"{DATA.get(errand, door)}DataRole") if role in stack.resources]


def cases(stack, errand):
    """(name, action, resource, requests, tags, whether it may be) of everything that an errand is tried with. A request is a list of
    condition keys, which all have to be allowed, as for the items of a transaction. All of `requests` have to get through, or none."""
    may = set().union(*(rights.MAY_FOR_A_TENANT[data.removesuffix("DataRole")] for data in roles(stack, errand) if data.endswith("DataRole")))
    of_companies = (stack.arn("Companies"), stack.arn("Reference"))
    statements = [statement for role in roles(stack, errand) for statement in iam.statements(stack, role)]
    granted = {(action, on) for statement in statements for action in as_list(statement["Action"]) for on in as_list(statement["Resource"])}
    for action, on in sorted(granted):
        service, resource = action.partition(":")[0], on.replace("${aws:PrincipalTag/tenant}", "*")
        if SHARED.fullmatch(action) or resource.startswith(of_companies):
            continue
        if errand in ACROSS:
            yield from ((f"{errand}: {action} {on}: {name}", *case) for name, *case in across.cases(stack, action, resource))
            continue
        if service == "dynamodb":
            tried = _items(action, resource, lambda action, whose: (action.partition(":")[2], f"{_named(stack, resource)} of {whose}") in may)
        else:
            tried = {"s3": _objects, "kms": _keys}[service](action, resource, lambda action, folder: (action.partition(":")[2], f"Pages/{folder}/") in may)
        for name, at, requests, tags, through in tried:
            yield f"{errand}: {action} {on}: {name}", *at, requests, tags, through


def _named(stack, arn):
    """A table, or an index of one, by its name in the template."""
    table, _, index = arn.partition("/index/")
    [name] = [name for name in stack.of("AWS::DynamoDB::Table") if stack.arn(name) == table]
    return f"{name}/index/{index}" if index else name


def allowed(stack, errand, action, resource, requests, tags):
    """{whether any role of the errand's function may do it} of the requests."""
    known, who = vars(stack).setdefault("decided", {}), tuple(roles(stack, errand))
    key = (who, action, resource, repr(requests), repr(tags))
    if key not in known:
        known[key] = {
            any(all(iam.allowed(stack, role, action, resource, context, tags) for context in request) for role in who) for request in requests
        }
    return known[key]


# ---- rows


def _items(action, resource, may):
    operation, (table, _, index) = action.partition(":")[2], resource.partition("/index/")
    own, at = {"tenant": OWN}, (action, resource)

    def request(shape, *tenants):
        return [_request(operation, index or None, [shape.format(tenant) for tenant in tenants])]

    def requests(*tenants):
        return [request(shape, *tenants) for _, shape in SHAPES]

    for whose, shape in SHAPES:
        yield f"own, {shape}", at, [request(shape, OWN)], own, may(action, whose)
    for name, tenant in OTHERS.items():
        yield name, at, requests(tenant), own, False
    for name, tags in TAGS.items():
        yield name, at, requests(OWN), tags, False
    yield "missing tag and its place", at, requests("${aws:PrincipalTag/tenant}"), {}, False
    if operation in ("BatchGetItem", "BatchWriteItem"):
        for whose, shape in SHAPES:
            yield f"batch, {shape}", at, [request(shape, OWN, OWN)], own, may(action, whose)
        shapes = [shape.format(OWN) for _, shape in SHAPES]
        yield "batch of all kinds", at, [[_request(operation, None, shapes)]], own, all(may(action, whose) for whose, _ in SHAPES)
        for name, *tenants in (("mixed batch", OWN, "globex"), ("mixed batch, twin", "acme2", OWN)):
            yield name, at, requests(*tenants), own, False
    if operation in MEMBERS:
        enclosing = {"dynamodb:enclosingoperation": ["TransactWriteItems"]}

        def together(shape, *tenants):
            return [context | enclosing for tenant in tenants for context in request(shape, tenant)]

        for whose, shape in SHAPES:
            yield f"transaction, {shape}", at, [together(shape, OWN, OWN)], own, may(action, whose)
        for name, *tenants in (("mixed transaction", OWN, "globex"), ("mixed transaction, twin", "acme2", OWN)):
            yield name, at, [together(shape, *tenants) for _, shape in SHAPES], own, False
    yield "no leading key", at, [[{}]], own, False
    scan = [[asked.dynamodb("Scan", {"TableName": "t"}, lambda _: {None: "pk"})[0][3]]]
    for name, tags in (("Scan", own), ("Scan without tag", {})):
        yield name, ("dynamodb:Scan", resource), scan, tags, False
    yield "PartiQL", ("dynamodb:PartiQLSelect", table), [[{"dynamodb:leadingkeys": [f"T#{OWN}"]}]], own, False
    for other in INDEXES:
        yield f"index {other}", ("dynamodb:Query", f"{table}/index/{other}"), [[_request("Query", other, ["T#globex#salesforce#1#x"])]], own, False


def _request(operation, index, keys):
    """The condition keys of a request for rows with these partition keys, derived as the local stack derives them."""
    rows = [{"pk": {"S": key}, "sk": {"S": "1"}} for key in keys]
    bodies = {
        "Query": {"TableName": "t", "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": keys[0]}}} | ({"IndexName": index} if index else {}),
        "BatchGetItem": {"RequestItems": {"t": {"Keys": rows}}},
        "BatchWriteItem": {"RequestItems": {"t": [{"DeleteRequest": {"Key": row}} for row in rows]}},
        # A role may be allowed an item without some of its attributes, and then never a whole one.
        "GetItem": {"TableName": "t", "Key": rows[0], "ProjectionExpression": "pk"},
        "PutItem": {"TableName": "t", "Item": rows[0]},
        "ConditionCheckItem": {"TransactItems": [{"ConditionCheck": {"TableName": "t", "Key": rows[0]}}]},
    }
    by = "TransactWriteItems" if operation == "ConditionCheckItem" else operation
    [(_, _, _, context)] = asked.dynamodb(by, bodies.get(operation, {"TableName": "t", "Key": rows[0]}), lambda _: {None: "pk", index: "pk"})
    return context


# ---- objects


def _objects(action, resource, may):
    own, bucket = {"tenant": OWN}, resource.partition("/")[0]
    if action in ("s3:ListBucket", "s3:ListBucketVersions"):
        def under(tenant):
            return [[{"s3:prefix": f"{folder}/{tenant}/x"}] for folder in FOLDERS]

        for folder in FOLDERS:
            yield f"own, {folder}", (action, bucket), [[{"s3:prefix": f"{folder}/{OWN}/x"}]], own, may(action, folder)
        for name, tenant in OTHERS.items():
            yield name, (action, bucket), under(tenant), own, False
        for name, tags in TAGS.items():
            yield name, (action, bucket), under(OWN), tags, False
        yield "no prefix", (action, bucket), [[{}]], own, False
        for prefix in ("", "b", *(f"{folder}/{end}" for folder in FOLDERS for end in ("", OWN, "acme2"))):
            yield f"prefix {prefix!r}", (action, bucket), [[{"s3:prefix": prefix}]], own, False
        return
    folder = resource.partition("/")[2].partition("/")[0]

    def at(rest):
        return action, f"{bucket}/{folder}/{rest}"

    yield "own", at(f"{OWN}/salesforce/g1/x"), [[{}]], own, may(action, folder)
    for name, tenant in OTHERS.items():
        yield name, at(f"{tenant}/salesforce/g1/x"), [[{}]], own, False
    for name, tags in TAGS.items():
        yield name, at(f"{OWN}/salesforce/g1/x"), [[{}]], tags, False
    for name, rest in (("without a tenant", "x"), ("the tenant's name deeper", f"globex/{OWN}/x"), ("the folder itself", OWN)):
        yield name, at(rest), [[{}]], own, False


# ---- keys


def _keys(action, resource, _):
    def tried(name, context, tags, may):
        return name, (action, resource), [[asked.kms(action.partition(":")[2], {"EncryptionContext": context})]], tags, may

    own = {"tenant": OWN}
    yield tried("own", CONTEXT, own, True)
    for name, tenant in OTHERS.items():
        yield tried(name, CONTEXT | {"tenant": tenant}, own, False)
    for name, tags in TAGS.items():
        yield tried(name, CONTEXT, tags, False)
    yield tried("no context", {}, own, False)
    yield tried("without a tenant", {"integration": "salesforce", "generation": "1"}, own, False)
    yield tried("another name beside", CONTEXT | {"purpose": "x"}, own, False)


# ---- who may take on which role


def sessions(stack):
    """(name, role that asks, data role, tags, whether it may be) of everything that sessions are tried with."""
    doors = [role for role in stack.of("AWS::IAM::Role") if not role.endswith("DataRole")]
    for data in (role for role in stack.of("AWS::IAM::Role") if role.endswith("DataRole")):
        for door in doors:
            its_own = door == {"ExportDataRole": "SyncRole", "EndDataRole": "RemoveRole"}.get(data, data.replace("DataRole", "Role"))
            for name, tags in {"its tenant": {"tenant": OWN}, "two tags": {"tenant": OWN, "admin": "yes"}, **TAGS}.items():
                refused = name in ("missing tag", "two tags", "another tag", "star as tag", "pattern as tag")
                # An empty tag reaches nothing; who takes it on is shown above.
                if name != "empty tag":
                    yield f"{door} takes on {data}: {name}", door, data, tags, its_own and not refused


def may_take_on(stack, door, data, tags):
    """Whether a role gets a session of a data role with these tags: both sides have to allow it."""
    known = {f"aws:requesttag/{name.lower()}": value for name, value in tags.items()} | ({"aws:tagkeys": list(tags)} if tags else {})
    trust = stack.properties(data)["AssumeRolePolicyDocument"]
    meant = [one for one in as_list(trust["Statement"]) if stack.arn(door) in as_list(one["Principal"].get("AWS", []))]
    statements = policies.read(trust | {"Statement": meant})
    actions = ["sts:AssumeRole", *(["sts:TagSession"] if tags else [])]
    return all(
        iam.allowed(stack, door, action, stack.arn(data), known) and policies.decide(action, stack.arn(data), known.get, statements).allowed
        for action in actions
    )
