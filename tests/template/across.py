"""The policy cases of dispatch, the one function that works for all tenants at once: what it may ask of rows of integrations, and that it
reaches no tenant's own rows, no grant and no other table (cases.py has the others')."""

import asked
import rights

TENANTS = ("acme", "globex")
INDEXES = ("due", "unverified")
CLAIM = "SET due_at = :a, run_id = :r, run_begun = :b, run_next = :n, verified_at = if_not_exists(verified_at, :b)"
HELD = "#status = :c AND generation = :g AND due_at = :s AND run_id = :r"
# What dispatch asks for (infra/src/aws/dynamodb/schedule.rs, removals.rs), and how else it might ask.
BODIES = {
    "GetItem": {
        "what a claim leaves": ({"ProjectionExpression": "due_at, run_id"}, True),
        "where a removal stands": ({"ProjectionExpression": "#state", "ExpressionAttributeNames": {"#state": "state"}}, True),
        "the grant": ({"ProjectionExpression": "due_at, credentials"}, False),
        "the grant by another name": ({"ProjectionExpression": "#x", "ExpressionAttributeNames": {"#x": "credentials"}}, False),
        "the whole row": ({}, False),
    },
    "UpdateItem": {
        "a claim": ({"UpdateExpression": CLAIM, "ConditionExpression": HELD, "ExpressionAttributeNames": {"#status": "status"}}, True),
        "another grant": ({"UpdateExpression": "SET credentials = :c"}, False),
        "a guess at the grant": ({"UpdateExpression": CLAIM, "ConditionExpression": "credentials = :c"}, False),
        "a claim that gives the row back": ({"UpdateExpression": CLAIM, "ReturnValues": "ALL_OLD"}, False),
    },
}


def cases(stack, action, resource):
    """(name, action, resource, requests, tags, whether it may be), as in cases.py, of a right of dispatch."""
    operation = action.partition(":")[2]
    if operation == "Query":
        yield from _queries(resource)
    else:
        yield from _rows(stack, operation)


def _rows(stack, operation):
    ledger = stack.arn("Ledger")
    for what, (body, may) in BODIES[operation].items():
        for whose, shapes in rights.WHOSE.items():
            requests = [[_context(operation, body, shape.format(tenant))] for shape in shapes for tenant in TENANTS]
            yield f"{what} of {whose}", f"dynamodb:{operation}", ledger, requests, {}, may and whose == "integration"
            for table in ("Copies", "Keys", "TenantKeys", "Companies"):
                yield f"{what} of {whose} in {table}", f"dynamodb:{operation}", stack.arn(table), requests, {}, False
    asked_for = {"dynamodb:attributes": rights.ACROSS[operation]}
    whole = asked_for | {"dynamodb:leadingkeys": ["T#acme#crm-1"]}
    yield "no leading key", f"dynamodb:{operation}", ledger, [[asked_for]], {}, False
    yield "an own row beside an integration's", f"dynamodb:{operation}", ledger, [[asked_for | {"dynamodb:leadingkeys": ["T#acme#crm-1", "T#acme"]}]], {}, False
    for other in ("BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "Query", "Scan", "PartiQLSelect", "PartiQLUpdate"):
        yield other, f"dynamodb:{other}", ledger, [[whole]], {}, False


def _queries(resource):
    table = resource.partition("/index/")[0]
    key = {"dynamodb:leadingkeys": ["3"], "dynamodb:attributes": ["due_bucket"], "dynamodb:select": "ALL_ATTRIBUTES"}
    for index in (*INDEXES, "by_email", "by_company"):
        yield f"index {index}", "dynamodb:Query", f"{table}/index/{index}", [[key]], {}, index in INDEXES
    yield "the table", "dynamodb:Query", table, [[key], [key | {"dynamodb:leadingkeys": ["T#acme#crm-1"]}]], {}, False
    yield "Scan of the index", "dynamodb:Scan", resource, [[{}]], {}, False


def _context(operation, body, key):
    row = {"pk": {"S": key}, "sk": {"S": "INTEGRATION"}}
    [(_, _, _, context)] = asked.dynamodb(operation, {"TableName": "t", "Key": row} | body, lambda _: {None: "pk"})
    return context
