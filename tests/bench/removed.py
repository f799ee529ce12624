"""Measures what a removal asks of AWS and how long it takes, through the deployed template. Prints the figures as JSON.

Usage: `python tests/bench/removed.py`. RECORDS is the number of records that are removed (10,000).
"""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "stack"), str(HERE.parent / "demo")]

import removal
import simulators
from operate import Operator, sync
from stack import Stack
from synced import FOLDER, Silent, figure, generate, note
from wait import until

RECORDS = int(os.environ.get("RECORDS") or 10_000)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    stack, records = Stack("bench-removal"), FOLDER / "removed.ndjson"
    try:
        simulators.stop(FOLDER)
        stack.up()
        stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0", "RemovalSettleSeconds": "0", "RemovalDeletesPerSecond": "100000"})
        generate(records, RECORDS)
        crm = simulators.start(FOLDER, "bench", "00DBE00000000B3EAA", records)
        operator = Operator(stack)
        operator.connect("bench", crm)
        sync(stack, operator, ["bench"], Silent())
        stages = []
        removed = removal.remove(stack, "bench", "salesforce", lambda shown: stages.append(shown["stage"]), seconds=900)
        if removed["deleted"]["records"] != RECORDS:
            raise RuntimeError(f"{removed['deleted']} of {RECORDS} records")
        # The invocation that ended the removal logs its requests a moment later.
        counts = until(lambda: requests(stack), "the requests to be told", 60)
        n_items = removed["deleted"]["records"] + removed["deleted"].get("relations", 0)
        tens = RECORDS / 10_000
        note(f"removal of {RECORDS:,} records ({n_items:,} items): {counts}")
        print(json.dumps({
            "removal_requests_per_10k_records": figure(
                sum(n for name, n in counts.items() if not name.endswith(".items")) / tens, "requests", records=RECORDS, items=n_items, by_operation=counts,
            ),
            "removal_items_per_batch": figure(counts["BatchWriteItem.items"] / counts["BatchWriteItem"], "items/request"),
        }))
    finally:
        simulators.stop(FOLDER)
        stack.down()
        records.unlink(missing_ok=True)


def requests(stack):
    """The requests of all invocations of remove to AWS, by operation, as they logged them."""
    total = {}
    for line in stack.logs("remove"):
        if "requests to AWS in this invocation" in line["message"]:
            for name, n in json.loads(json.loads(line["message"])["requests"]).items():
                total[name] = total.get(name, 0) + n
    return total


if __name__ == "__main__":
    main()
