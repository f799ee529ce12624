"""Measures a large removal: requests, time, and memory of the one process that removes. Prints the figures as JSON.

Usage: `python tests/bench/removed_large.py`. SIZES lists the numbers of records of the removals (10000,100000,1000000), PER_SECOND is
the most that it may delete in a second (2000). DynamoDB is dynoxide in a process of its own, in memory (4 GB for a million
records), because no other local DynamoDB deletes so many in reasonable time; S3 and KMS are moto.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "stack"), str(HERE.parent / "demo")]

import boto3
import template
from places import CREDENTIALS, RELEASE, REGION, ROOT
from stack import Stack
from synced import figure, note

SIZES = [int(n) for n in (os.environ.get("SIZES") or "10000,100000,1000000").split(",")]
PER_SECOND = os.environ.get("PER_SECOND") or "2000"
TABLES = ("Ledger", "Copies", "Keys", "TenantKeys")


def main():
    runs = {n: measure(n) for n in SIZES}
    print(json.dumps(figures(runs)))


def measure(n_records):
    stack, store = Stack("bench-large"), None
    try:
        stack.up(auth=False, kind="moto")
        store = subprocess.Popen([RELEASE / "removed", "store"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        endpoint = store.stdout.readline().strip()
        environment = places(stack, endpoint)
        begun = time.monotonic()
        run("fill", str(n_records), environment=environment)
        note(f"{n_records:,} records are there after {time.monotonic() - begun:.0f} s")
        done = json.loads(run("remove", environment=environment))
        if (done["records"], done["left"]) != (n_records, 0) or left(endpoint):
            raise RuntimeError(f"it is not gone: {done}")
        note(f"{n_records:,} records removed: {done}")
        return done
    finally:
        if store:
            store.kill()
            store.wait()
        stack.down()


def run(*words, environment):
    return subprocess.run([RELEASE / "removed", *words], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True).stdout


def places(stack, endpoint):
    """Makes the tables, the bucket and the keys; returns the environment of programs that use them."""
    for logical in TABLES:
        make_table(endpoint, logical)
    stack.client("s3").create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": REGION})
    kms = stack.client("kms")
    receipts = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    return {
        "PATH": os.environ["PATH"], **CREDENTIALS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": stack.endpoint, "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "TABLE_LEDGER": "ledger", "TABLE_COPIES": "copies", "TABLE_KEYS": "keys", "TABLE_TENANT_KEYS": "tenantkeys", "BUCKET_PAGES": "pages",
        "KMS_KEY": kms.create_key()["KeyMetadata"]["KeyId"], "KMS_RECEIPT_KEY": receipts["KeyMetadata"]["KeyId"],
        "REMOVAL_DELETES_PER_SECOND": PER_SECOND,
    }


def make_table(endpoint, logical):
    """The table as in template.yaml, with its keys and indexes."""
    table = template.read(ROOT / "template.yaml")["Resources"][logical]["Properties"]
    kept = {name: table[name] for name in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode") if name in table}
    dynamodb(endpoint).create_table(TableName=logical.lower(), **kept)


def left(endpoint):
    """Whether any row is left in Copies."""
    return dynamodb(endpoint).scan(TableName="copies", Limit=1, ConsistentRead=True)["Items"]


def dynamodb(endpoint):
    keys = {name.lower(): value for name, value in CREDENTIALS.items()}
    return boto3.client("dynamodb", endpoint_url=endpoint, region_name=REGION, **keys)


def figures(runs):
    found = {}
    for n, done in runs.items():
        requests = {name: count for name, count in done["requests"].items() if not name.endswith(".items")}
        found[f"removal_peak_mib_{n // 1000}k"] = figure(
            done["peak_mib"], "MiB", records=n, items=done["items"], slices=done["slices"], seconds=round(done["seconds"], 1),
            before=round(done["peak_mib_before"], 1), after_first_slice=round(done["peak_mib_after_first_slice"], 1),
        )
        found[f"removal_requests_per_10k_records_of_{n // 1000}k"] = figure(sum(requests.values()) / (n / 10_000), "requests", by_operation=requests)
        found[f"removal_items_per_second_of_{n // 1000}k"] = figure(done["items_per_second"], "items/s", budget=done["budget_per_second"])
    return found


if __name__ == "__main__":
    main()
