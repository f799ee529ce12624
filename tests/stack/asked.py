"""What a request to DynamoDB or KMS asks IAM: actions, resources and condition keys, derived from its body as AWS documents it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

import re

from policies import NotUnderstood

# Of single items, and the action that a member of a transaction is checked as.
SINGLE = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
MEMBERS = {"Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
READS = ("GetItem", "BatchGetItem", "Query", "Scan")
# Parameters of the API before there were expressions. Nothing of ours uses them.
LEGACY = {"AttributesToGet", "AttributeUpdates", "ConditionalOperator", "Expected", "KeyConditions", "QueryFilter", "ScanFilter"}
PARTIQL = ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")
# Tables of wrapped keys. A row that is written over is a key that is lost. No policy can demand the condition that prevents it, so a request
# without it is refused here, though AWS would let it through.
ONLY_NEW = re.compile(r"-keys$")
EXPRESSIONS = ("ProjectionExpression", "ConditionExpression", "UpdateExpression", "FilterExpression", "KeyConditionExpression")
WORDS = {
    "set", "remove", "add", "delete", "and", "or", "not", "between", "in", "attribute_exists", "attribute_not_exists", "attribute_type",
    "begins_with", "contains", "size", "if_not_exists", "list_append",
}


def dynamodb(operation, body, keys):
    """[(action, table, index or None, condition keys)] of a request. `keys` answers {index, or None for the table itself: the name of
    its partition key} of a table, and None if there is no such table."""
    if operation in PARTIQL:
        raise NotUnderstood("PartiQL")
    if operation in SINGLE:
        return [_item(operation, body, keys)]
    if operation in ("Query", "Scan"):
        return [_many(operation, body, keys)]
    if operation == "BatchGetItem":
        return [_batch(operation, table, asked, asked["Keys"], keys) for table, asked in body["RequestItems"].items()]
    if operation == "BatchWriteItem":
        return [_batch(operation, table, {}, [_written(one) for one in asked], keys) for table, asked in body["RequestItems"].items()]
    if operation in ("TransactWriteItems", "TransactGetItems"):
        return [_item(MEMBERS[name], asked, keys) for name, asked in map(_member, body["TransactItems"])]
    table = body.get("TableName")
    return [(operation, table, None, {})] if isinstance(table, str) else []


def kms(operation, body):
    """The condition keys of a request to KMS."""
    if operation.startswith("ReEncrypt"):
        raise NotUnderstood("two encryption contexts")
    pairs = body.get("EncryptionContext") or {}
    made = {f"kms:encryptioncontext:{name.lower()}": value for name, value in pairs.items()}
    if len(made) < len(pairs):
        raise NotUnderstood("names that differ in capitals only")
    return made | ({"kms:encryptioncontextkeys": list(pairs)} if pairs else {})


def _item(action, asked, keys):
    _refuse_legacy(asked)
    item = asked["Item"] if action == "PutItem" else asked["Key"]
    context = _context(action, asked, item)
    table = asked["TableName"]
    if action == "PutItem" and ONLY_NEW.search(table) and asked.get("ConditionExpression") != "attribute_not_exists(pk)":
        raise NotUnderstood("a wrapped key that may replace another")
    return (action, table, None, context | _leading([item], keys(table)))


def _batch(action, table, asked, items, keys):
    _refuse_legacy(asked)
    if action == "BatchWriteItem" and ONLY_NEW.search(table):
        raise NotUnderstood("writes of wrapped keys without a condition")
    named = [name for item in items for name in item]
    return (action, table, None, _context(action, asked, named) | _leading(items, keys(table)))


def _many(action, asked, keys):
    _refuse_legacy(asked)
    table, index = asked["TableName"], asked.get("IndexName")
    context, known = _context(action, asked, ()), keys(table)
    if action == "Query" and known is not None:
        if index not in known:
            raise NotUnderstood("an index that the table does not have")
        context["dynamodb:leadingkeys"] = [_queried(asked, known[index])]
    return (action, table, index, context)


def _queried(asked, key):
    """The value that a query asks the partition key to equal."""
    names, values = asked.get("ExpressionAttributeNames") or {}, asked.get("ExpressionAttributeValues") or {}
    expression = asked["KeyConditionExpression"]
    if re.search(r"\b(or|not)\b", expression, re.I):
        raise NotUnderstood("a key condition that is not all of its parts")
    pairs = [(one, other) for one, other in re.findall(r"(#?\w+)\s*=\s*(:\w+)", expression)]
    pairs += [(one, other) for other, one in re.findall(r"(:\w+)\s*=\s*(#?\w+)", expression)]
    found = [values[value] for name, value in pairs if names.get(name, name) == key]
    if len(found) != 1:
        raise NotUnderstood(f"a key condition with {len(found)} values of the partition key")
    return _text(found[0])


def _leading(items, known):
    return {} if known is None else {"dynamodb:leadingkeys": [_text(item[known[None]]) for item in items]}


def _text(value):
    [(kind, text)] = value.items()
    if kind not in ("S", "N"):
        raise NotUnderstood(f"a key of type {kind}")
    return text


def _context(action, asked, named):
    """The keys that do not depend on whose items they are."""
    attributes = set(named)
    names = asked.get("ExpressionAttributeNames") or {}
    for expression in EXPRESSIONS:
        # Only the first name of a path counts.
        found = re.findall(r"(?<![:.#\w])#?[A-Za-z_]\w*", asked.get(expression, ""))
        attributes |= {names.get(name, name) for name in found if name.lower() not in WORDS}
    context = {"dynamodb:attributes": sorted(attributes)}
    if action in READS:
        context["dynamodb:select"] = asked.get("Select") or ("SPECIFIC_ATTRIBUTES" if "ProjectionExpression" in asked else "ALL_ATTRIBUTES")
    if action in ("PutItem", "UpdateItem", "DeleteItem"):
        context["dynamodb:returnvalues"] = asked.get("ReturnValues") or "NONE"
    return context


def _refuse_legacy(asked):
    if old := LEGACY & set(asked):
        raise NotUnderstood(f"parameters {sorted(old)}")


def _member(member):
    """The only entry of a transaction's item: (name, what is asked)."""
    [pair] = [(name, asked) for name, asked in member.items() if asked]
    return pair


def _written(one):
    [(name, asked)] = [(name, asked) for name, asked in one.items() if asked]
    return asked["Item" if name == "PutRequest" else "Key"]
