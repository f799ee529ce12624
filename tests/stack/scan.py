"""Searches for strings in clear wherever the stack stores or logs anything. House tests end with such a search."""

import gzip
import json

import boto3.dynamodb.types as types
import zstandard

import needles
import witness

# More than any unpacked page has.
MOST_UNPACKED = 256 << 20


def scan(stack, strings, except_buckets=()):
    """[{"place", "string", "form"}], one per place and string; `form` says how the string was written there."""
    search = needles.Search(strings)
    found = []
    for place, body in _everything(stack, except_buckets):
        for string, form in search.find(body):
            found.append({"place": place, "string": string, "form": form})
    return found


def _everything(stack, except_buckets):
    """Every (place, bytes) of the stack."""
    yield from _tables(stack)
    yield from _buckets(stack, except_buckets)
    for queue, messages in witness.messages(stack).items():
        for message in messages:
            # The body is also searched by itself, because the message's JSON escapes the body's own escapes again.
            told = json.dumps(message, ensure_ascii=False) + "\n" + message["Body"]
            yield f"queue {queue.rsplit('/', 1)[-1]}", told.encode()
    for group in log_groups(stack):
        lines = "\n".join(line["message"] for line in log_lines(stack, group))
        yield f"log {group}", lines.encode()
    yield "the server's own log", (stack.state / "server.log").read_bytes()


def _tables(stack):
    dynamodb = stack.client("dynamodb")
    for page in dynamodb.get_paginator("list_tables").paginate():
        for table in page["TableNames"]:
            for items in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
                for item in items["Items"]:
                    yield f"table {table}", _flat(item)


def _flat(item):
    """All names and values of an item, as one sequence of bytes."""
    pieces = []

    def take(value):
        if isinstance(value, types.Binary):
            value = value.value
        if isinstance(value, (bytes, bytearray)):
            pieces.append(_unpacked(bytes(value)))
        elif isinstance(value, dict):
            for key, inner in value.items():
                take(key)
                take(inner)
        elif isinstance(value, (list, set, tuple)):
            for inner in value:
                take(inner)
        else:
            pieces.append(str(value).encode())

    take(item)
    return b"\n".join(pieces)


def _buckets(stack, except_buckets):
    s3 = stack.client("s3")
    for bucket in (found["Name"] for found in s3.list_buckets()["Buckets"]):
        if bucket in except_buckets:
            continue
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for marker in page.get("DeleteMarkers", []):
                yield f"bucket {bucket}, a delete marker", marker["Key"].encode()
            for version in page.get("Versions", []):
                named = {"Bucket": bucket, "Key": version["Key"]}
                if version.get("VersionId") not in (None, "null"):
                    named["VersionId"] = version["VersionId"]
                answer = s3.get_object(**named)
                tags = s3.get_object_tagging(**named)["TagSet"]
                told = json.dumps([version["Key"], answer.get("Metadata"), tags], ensure_ascii=False)
                yield f"bucket {bucket}, {version['Key']}", told.encode() + b"\n" + _unpacked(answer["Body"].read())


def _unpacked(body):
    """The bytes, followed by their uncompressed form if they are compressed: compressed is not sealed."""
    try:
        if body.startswith(b"\x1f\x8b"):
            return body + gzip.decompress(body)
        if body.startswith(b"\x28\xb5\x2f\xfd"):
            return body + zstandard.ZstdDecompressor().decompressobj().decompress(body, MOST_UNPACKED)
    except (OSError, EOFError, zstandard.ZstdError):
        pass
    return body


def log_groups(stack):
    """The names of all log groups."""
    pages = stack.client("logs").get_paginator("describe_log_groups").paginate()
    return [group["logGroupName"] for page in pages for group in page["logGroups"]]


def log_lines(stack, group):
    """[{"time", "message"}] of a log group."""
    pages = stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return [{"time": event["timestamp"], "message": event["message"]} for page in pages for event in page["events"]]
