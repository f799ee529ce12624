"""Counts what AWS would bill for the functions' requests and invocations: `python local_aws.py --meter`.

MiniStack works out the units of each write as DynamoDB does, with those of the indexes, if it is asked for them. Here it is always asked. The
units of reads are worked out here, from the sizes of the items. Requests of the root user are the tests' own and count nothing.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html

GET /_local/meter answers the counts so far:
    {"tables": {table: {"write": WRU, "read": RRU}}, "indexes": {"table index": WRU}, "requests": {"service operation": n},
     "bytes": {"put": n, "get": n} of objects, "stored": {table: bytes, with its indexes}, "events": n, "functions": {name: {"invocations": n, "seconds": s, "gb_seconds": s}}}
"""

import json
import math
import re
import threading
import time
from collections import Counter, defaultdict

PATH = "/_local/meter"
METERED = ("dynamodb", "s3", "kms", "sqs", "events")
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
# What MiniStack calls the indexes of an answer.
INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")

_lock = threading.Lock()
_tables = defaultdict(Counter)
_indexes, _requests, _bytes, _events = Counter(), Counter(), Counter(), Counter()
_functions = defaultdict(Counter)


def stand_around(module):
    """Counts the requests of MiniStack's application from now on, and the invocations of functions."""
    for service in METERED:
        module.SERVICE_HANDLERS[service] = _metered(service, module.SERVICE_HANDLERS[service])
    dispatch = module._dispatch_service_request

    async def shown(method, path, headers, body, query_params, request_id):
        if path == PATH:
            return 200, {"Content-Type": "application/json"}, json.dumps(_told()).encode()
        return await dispatch(method, path, headers, body, query_params, request_id)

    module._dispatch_service_request = shown
    _time_invocations()


def _told():
    with _lock:
        return {
            "tables": dict(_tables), "indexes": _indexes, "requests": _requests, "bytes": _bytes, "stored": _stored(),
            "events": _events["entries"], "functions": dict(_functions),
        }


def _metered(service, handle):
    async def handled(method, path, headers, body, query_params):
        if not _is_of_a_function(headers):
            return await handle(method, path, headers, body, query_params)
        operation = headers.get("x-amz-target", "").rpartition(".")[2] or (_of_objects(method, path, query_params) if service == "s3" else method)
        if service == "dynamodb":
            body = json.dumps(json.loads(body or b"{}") | {"ReturnConsumedCapacity": "INDEXES"}).encode()
        answer = await handle(method, path, headers, body, query_params)
        with _lock:
            _requests[f"{service} {operation}"] += 1
            if service == "dynamodb":
                _count_units(operation, json.loads(body), answer)
            elif service == "events" and operation == "PutEvents":
                _events["entries"] += len(json.loads(body)["Entries"])
            elif service == "s3":
                _bytes["put"] += len(body) if method == "PUT" else 0
                _bytes["get"] += len(answer[2]) if method == "GET" and isinstance(answer[2], bytes) else 0
        return answer

    return handled


def _of_objects(method, path, query_params):
    """S3 bills a list as a write, and deletions not at all, whatever their methods."""
    if method == "GET" and not path.strip("/").partition("/")[2]:
        return "LIST"
    return "DELETE" if method == "POST" and "delete" in query_params else method


def _count_units(operation, asked, answer):
    told = json.loads(answer[2] or b"{}") if answer[0] == 200 else None
    if told is None:
        # AWS bills a refused request, too: at least what the smallest costs.
        if operation != "DescribeTable":
            _tables["refused"]["write" if operation in WRITES else "read"] += 1
    elif operation in WRITES:
        _count_writes(told["ConsumedCapacity"])
    elif operation == "BatchGetItem":
        for table, of_table in asked["RequestItems"].items():
            sizes = [_size(table, None, item) for item in told["Responses"].get(table, [])]
            absent = len(of_table["Keys"]) - len(sizes) - len(told.get("UnprocessedKeys", {}).get(table, {}).get("Keys", []))
            _count_read(table, of_table, [[size] for size in sizes] + [[]] * absent)
    elif operation == "GetItem":
        _count_read(asked["TableName"], asked, [[_size(asked["TableName"], None, told["Item"])] if "Item" in told else []])
    elif operation in ("Query", "Scan"):
        sizes = [_size(asked["TableName"], asked.get("IndexName"), item) for item in told.get("Items", [])]
        # What a filter left out was read all the same; it is taken to be of the same size.
        left_out = (told["ScannedCount"] - len(sizes)) * (sum(sizes) / len(sizes) if sizes else 0)
        _count_read(asked["TableName"], asked, [[*sizes, left_out]])
    elif operation != "DescribeTable":
        raise ValueError(f"the units of {operation} are not known")


def _count_writes(told):
    for one in told if isinstance(told, list) else [told]:
        table = _short(one["TableName"])
        _tables[table]["write"] += one["CapacityUnits"]
        for kept in INDEXES:
            for index, of_index in (one.get(kept) or {}).items():
                _indexes[f"{table} {index}"] += of_index["CapacityUnits"]


def _count_read(table, asked, reads):
    """Each read is a list of sizes that are rounded up together to 4 KB."""
    per_unit = 1 if asked.get("ConsistentRead") else 0.5
    _tables[_short(table)]["read"] += per_unit * sum(max(1, math.ceil(sum(sizes) / 4096)) for sizes in reads)


def _size(table, index, item):
    """The size of the item that an answer names, which may show only a part of it."""
    from ministack.services import dynamodb

    known = dynamodb._tables[_short(table)]
    keys = [item.get(known[name], {}) for name in ("pk_name", "sk_name") if known.get(name)]
    if all(keys):
        values = [next(iter(key.values())) for key in keys]
        item = known["items"].get(values[0], {}).get(values[1] if len(values) > 1 else "__no_sort__", item)
    chosen = next((one for one in known.get("GlobalSecondaryIndexes") or [] if one["IndexName"] == index), None)
    view = chosen and dynamodb._index_write_view(known, chosen, item)
    return dynamodb._item_size_bytes(view[1] if view else item)


def _stored():
    """AWS bills 100 bytes beside each item, and beside each entry of an index."""
    from ministack.services import dynamodb

    stored = {}
    for table, known in dict(dynamodb._tables.items()).items():
        items = [item for by_sort in list(known["items"].values()) for item in list(by_sort.values())]
        views = [view[1] for index in known.get("GlobalSecondaryIndexes") or [] for item in items if (view := dynamodb._index_write_view(known, index, item))]
        stored[_short(table)] = sum(100 + dynamodb._item_size_bytes(one) for one in items + views)
    return stored


def _short(table):
    return table.rpartition("/")[2]


def _is_of_a_function(headers):
    found = re.search(r"Credential=([^/]+)/", headers.get("authorization", ""))
    return bool(found) and found.group(1) != "test"


def _time_invocations():
    from ministack.core.lambda_runtime import ProvidedWorker

    invoke = ProvidedWorker.invoke

    def timed(self, *args, **named):
        begun = time.monotonic()
        try:
            return invoke(self, *args, **named)
        finally:
            took = time.monotonic() - begun
            with _lock:
                counted = _functions[self.func_name]
                counted["invocations"] += 1
                counted["seconds"] += took
                counted["gb_seconds"] += took * int(self.config.get("MemorySize") or 128) / 1024

    ProvidedWorker.invoke = timed
