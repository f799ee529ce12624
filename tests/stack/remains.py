"""Finds what is left of a removed integration: rows, object versions, uploads, and the CRM's ids of its records."""

import scan
import witness


def rows(stack, tenant):
    """{"table pk sk": item} of every row under the tenant's keys."""
    dynamodb, found = stack.client("dynamodb"), {}
    for page in dynamodb.get_paginator("list_tables").paginate():
        # The vendor's companies are many, and belong to no tenant.
        for table in (name for name in page["TableNames"] if not name.endswith("-companies")):
            for items in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
                for item in items["Items"]:
                    if item["pk"]["S"].startswith((f"T#{tenant}#",)) or item["pk"]["S"] == f"T#{tenant}":
                        found[f"{table} {item['pk']['S']} {item.get('sk', {}).get('S', '')}"] = item
    return found


def objects(stack, tenant):
    """{"bucket key version": bytes} of every object version under the tenant's prefixes; delete markers and uploads have no bytes."""
    s3, found = stack.client("s3"), {}
    for bucket in (listed["Name"] for listed in s3.list_buckets()["Buckets"]):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for kind in ("Versions", "DeleteMarkers"):
                for version in page.get(kind, []):
                    if f"/{tenant}/" in f"/{version['Key']}":
                        named = {"Bucket": bucket, "Key": version["Key"]}
                        if version.get("VersionId") not in (None, "null"):
                            named["VersionId"] = version["VersionId"]
                        body = s3.get_object(**named)["Body"].read() if kind == "Versions" else b""
                        found[f"{bucket} {version['Key']} {version.get('VersionId')} {kind}"] = body
        for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []):
            if f"/{tenant}/" in f"/{upload['Key']}":
                found[f"{bucket} {upload['Key']} {upload['UploadId']} upload"] = b""
    return found


def of_generation(stack, tenant, integration, generation=1):
    """The places that a removal of this generation should have emptied but did not."""
    home, left = f"T#{tenant}#{integration}", []
    for place in rows(stack, tenant):
        _, pk, sk = place.split(" ", 2)
        in_copies = pk.startswith(f"{home}#g{generation}#")
        in_ledger_or_keys = pk == home and sk.startswith(f"g{generation}#") and sk != f"g{generation}#REMOVAL"
        if in_copies or in_ledger_or_keys:
            left.append(place)
    left += [place for place in objects(stack, tenant) if f"/{tenant}/{integration}/g{generation}/" in place]
    return left


def of_records(stack, ids):
    """The places where any of these record ids is still written: tables, buckets except the vendor's, queues, logs."""
    except_buckets = ("deploy", stack.settings("companies")["BUCKET_REFERENCE"])
    return [f"{hit['string']} in {hit['place']}" for hit in scan.scan(stack, set(ids), except_buckets=except_buckets)]


def in_queues(stack, tenant):
    """The queues, dead-letter queues included, in which messages about the tenant wait. The witness's queue hears everything and is left out."""
    return [
        queue.rsplit("/", 1)[-1] for queue, messages in witness.messages(stack).items() if not queue.endswith(f"/{witness.QUEUE}")
        for message in messages if f'"{tenant}"' in message["Body"]
    ]
