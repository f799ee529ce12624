"""Measures how long the status of 100 companies takes and what it asks of AWS, through the deployed template. Prints the figures as JSON.

Usage: `python tests/bench/shown.py`. ACCOUNTS is the number of accounts (10,000, and a quarter as many of each other object), ASKED the
number of requests (300). The figure is the time that a client waits, so it includes the local gateway and DynamoDB; the time of a
request that asks nothing of AWS is shown beside it. tests/contract/status.rs checks the number of round trips.
"""

import csv
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "stack"), str(HERE.parent / "demo")]

import simulators
from client import Client
from operate import Operator, sync
from places import RELEASE
from stack import Stack
from synced import FOLDER, Silent, figure, note
from wait import until

RECORDS = int(os.environ.get("ACCOUNTS") or 10_000)
ASKED = int(os.environ.get("ASKED") or 300)
COMPANIES = 20_000
WANTED = 100
STATUS = "/v1/integrations/salesforce/companies/status"


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    stack, records = Stack("bench-shown"), FOLDER / "shown.ndjson"
    try:
        simulators.stop(FOLDER)
        stack.up()
        stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0"})
        known = contents(stack, records)
        crm = simulators.start(FOLDER, "bench", "00DBE00000000B3EAA", records)
        operator = Operator(stack)
        operator.connect("bench", crm)
        sync(stack, operator, ["bench"], Silent())
        print(json.dumps(measure(stack, Client(stack.api_url(), stack.token("bench")), known)))
    finally:
        simulators.stop(FOLDER)
        stack.down()
        records.unlink(missing_ok=True)


def contents(stack, records):
    """Puts the vendor's companies into the table, and writes a CRM's records into a file; returns the ids of the companies that they belong to."""
    truth = records.with_suffix(".csv")
    try:
        take_in(stack)
        generate("crm", "--accounts", RECORDS, *(word for name in ("contacts", "leads", "tasks", "opportunities") for word in (f"--{name}", RECORDS // 4)),
                 "--seed", 1, "--companies-seed", 1, "--companies-size", COMPANIES, "-o", records, "--truth", truth)
        with truth.open(newline="") as file:
            return sorted({row["company_id"] for row in csv.DictReader(file) if row["company_id"]})
    finally:
        truth.unlink(missing_ok=True)


def measure(stack, client, known):
    """Asks for different companies each time. The first answer, from a new process, is reported separately."""
    draw, times, listed = random.Random(1), [], 0
    for _ in range(ASKED + 1):
        wanted = draw.sample(known, WANTED)
        begun = time.monotonic()
        told = client.post(STATUS, {"companies": wanted})
        times.append(1000 * (time.monotonic() - begun))
        if told.status != 200 or len(told.body["companies"]) != WANTED:
            raise RuntimeError(told)
        listed += sum(len(one["records"]) for one in told.body["companies"])
    first, *times = times
    counts = until(lambda: requests(stack), "the requests to be told", 60)
    usual = sorted(counts, key=lambda one: sum(one.values()))[len(counts) // 2]
    gateway = sorted(timed(lambda: client.get("/health")) for _ in range(50))
    p50, p99 = at(times, 0.5), at(times, 0.99)
    note(f"status of {WANTED} companies: p50 {p50:.0f} ms, p99 {p99:.0f} ms; {usual}")
    beside = {"asked": ASKED, "accounts": RECORDS, "records_listed": round(listed / (ASKED + 1)), "gateway_alone_p50": round(at(gateway, 0.5), 1)}
    return {
        "status_of_100_p50": figure(p50, "ms", first=round(first, 1), **beside),
        "status_of_100_p99": figure(p99, "ms", slowest=round(max(times), 1), **beside),
        "status_of_100_requests": figure(sum(usual.values()), "requests", most=max(sum(one.values()) for one in counts), by_operation=usual),
    }


def timed(ask):
    begun = time.monotonic()
    ask()
    return 1000 * (time.monotonic() - begun)


def at(values, share):
    """The value that this share of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def requests(stack):
    """The requests of each status to AWS, by operation, as they were logged; None until all are logged."""
    found = []
    for line in stack.logs("api"):
        if "getCompaniesStatus" in line["message"]:
            told = json.loads(line["message"])
            if told.get("operation") == "getCompaniesStatus" and told.get("requests"):
                found.append(json.loads(told["requests"]))
    return found if len(found) > ASKED else None


def take_in(stack):
    """Puts the vendor's companies into the table."""
    file = FOLDER / "shown-companies.csv"
    generate("companies", "--size", COMPANIES, "--seed", 1, "--format", "csv", "-o", file)
    s3, bucket = stack.client("s3"), stack.settings("companies")["BUCKET_REFERENCE"]
    s3.upload_file(str(file), bucket, "incoming/companies.csv")
    file.unlink()
    until(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="reports/").get("Contents"), "the report of the import", 300)


def generate(*words):
    subprocess.run([RELEASE / "generator", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
