"""Counts what AWS would bill for a first run, a daily run, the status of companies and a removal, through the deployed template. Prints the
figures as JSON, in dollars.

Usage: `python tests/bench/costs.py`. ACCOUNTS is the number of accounts (10,000, and a quarter as many of each other object). The local AWS
counts requests and capacity units (tests/stack/meter.py), prices.json has the prices. A function waits for the CRM, and AWS bills that
time: the simulator answers at once, so CRM_SECONDS are added for each request to it.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "stack"), str(HERE.parent / "demo")]

import meter
import removal
import shown
import simulators
from client import Client
from operate import OBJECTS, Operator, sync
from stack import Stack
from synced import FOLDER, Silent, figure, note

PRICES = json.loads((HERE / "prices.json").read_text())
# An assumption: what a page of a CRM takes in seconds.
CRM_SECONDS = 0.6
STATUSES = 20
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# A text field of each object that a person may have edited.
EDITED = {"Account": "BillingStreet", "Contact": "Title", "Lead": "Title", "Task": "Subject", "Opportunity": "NextStep"}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    stack, records = Stack("bench-costs"), FOLDER / "costs.ndjson"
    try:
        simulators.stop(FOLDER)
        stack.up(meter=True)
        stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0", "RemovalSettleSeconds": "0", "RemovalDeletesPerSecond": "100000"})
        counted = Counted(stack)
        known = shown.contents(stack, records)
        imported = in_dollars(counted.since(), shown.COMPANIES / 1_000_000, companies=shown.COMPANIES)
        crm = counted.crm = simulators.start(FOLDER, "bench", "00DBE00000000B3EAA", records)
        print(json.dumps({"dollars_first_import_per_million": imported} | measure(stack, crm, counted, known)))
    finally:
        simulators.stop(FOLDER)
        stack.down()
        records.unlink(missing_ok=True)


def measure(stack, crm, counted, known):
    """Does each piece of work of one integration once and returns the figures."""
    operator, client, n_records = Operator(stack), Client(stack.api_url(), stack.token("bench")), sum(crm.live().values())
    operator.connect("bench", crm)
    counted.since()
    sync(stack, operator, ["bench"], Silent())
    first, kept = counted.since(), counted.kept()
    for kind in OBJECTS:
        for one in crm.ids(kind)[::100]:
            crm.control("edit", object=kind, id=one, fields={EDITED[kind]: "changed"})
    crm.settle()
    counted.since()
    sync(stack, operator, ["bench"], Silent())
    daily = counted.since()
    for n in range(STATUSES):
        client.post(shown.STATUS, {"companies": known[n * shown.WANTED:(n + 1) * shown.WANTED]})
    status = counted.since()
    removal.remove(stack, "bench", "salesforce", seconds=900)
    removed = counted.since()
    millions = n_records / 1_000_000
    return {
        "dollars_first_run_per_million": in_dollars(first, millions, records=n_records),
        "dollars_daily_run_per_million": in_dollars(daily, millions, records=n_records, changed_percent=1),
        "dollars_kept_a_month_per_million": in_dollars(kept, millions, records=n_records),
        "dollars_status_per_million_calls": in_dollars(status, STATUSES / 1_000_000, companies=shown.WANTED),
        "dollars_removal_per_million": in_dollars(removed, millions, records=n_records),
        "dollars_elsewhere": figure(PRICES["elsewhere"]["airbyte_cloud"]["dollars"], "dollars", **PRICES["elsewhere"]),
    }


class Counted:
    """What the functions have used since the last look."""

    def __init__(self, stack):
        self._stack, self.crm = stack, None
        self._names = {deployed: name for name, deployed in stack.functions().items()}
        self._before = self._now()

    def since(self):
        """{what: amount} by the names of prices.json, and beside them the units of each table and index."""
        now = self._now()
        before, self._before = self._before, now
        return {name: amount - before.get(name, 0) for name, amount in now.items() if amount != before.get(name, 0)}

    def kept(self):
        """What the tenant's rows and objects take."""
        stored = {table: n_bytes for table, n_bytes in self._told()["stored"].items() if not table.endswith("-companies")}
        return {"kept rows": sum(stored.values()), "kept objects": self._told()["bytes"].get("put", 0)} | stored

    def _told(self):
        with _DIRECT.open(self._stack.endpoint + meter.PATH, timeout=60) as answer:
            return json.load(answer)

    def _now(self):
        told = self._told()
        functions, asked = told["functions"], told["requests"]
        api = sum(one["invocations"] for name, one in functions.items() if self._names.get(name) == "api")
        waited = CRM_SECONDS * sum(one["count"] for one in self.crm.control("requests")["requests"]) if self.crm else 0
        kinds = {f"{kind} {table}": units for table, by in told["tables"].items() for kind, units in by.items()}
        return {
            "table writes": sum(by.get("write", 0) for by in told["tables"].values()),
            "table reads": sum(by.get("read", 0) for by in told["tables"].values()),
            "function time": sum(one["gb_seconds"] for one in functions.values()) + waited * memory(self._stack),
            "function requests": sum(one["invocations"] for one in functions.values()),
            "object writes": sum(n for name, n in asked.items() if name in ("s3 PUT", "s3 POST", "s3 LIST")),
            "object reads": sum(n for name, n in asked.items() if name in ("s3 GET", "s3 HEAD")),
            "keys": sum(n for name, n in asked.items() if name.startswith("kms ")),
            "queues": sum(n for name, n in asked.items() if name.startswith("sqs ")),
            "events": told["events"],
            "gateway": api,
            "logs": sum(len(line["message"].encode()) for line in self._stack.logs()),
        } | kinds | {f"index {name}": units for name, units in told["indexes"].items()}


def memory(stack):
    """The memory of sync in GB."""
    return stack.client("lambda").get_function_configuration(FunctionName=stack.functions()["sync"])["MemorySize"] / 1024


def in_dollars(amounts, units, **beside):
    """The dollars for one unit, and for each kind of use; with the amounts that are not priced by themselves."""
    spent = {name: amount * PRICES["dollars"][name]["price"] / PRICES["dollars"][name]["per"] / units for name, amount in amounts.items() if name in PRICES["dollars"]}
    rest = {name: round(amount / units) for name, amount in amounts.items() if name not in PRICES["dollars"]}
    note(f"{sum(spent.values()):.3f} dollars: " + ", ".join(f"{name} {value:.3f}" for name, value in sorted(spent.items(), key=lambda one: -one[1])))
    return figure(sum(spent.values()), "dollars", **{name: round(value, 4) for name, value in spent.items()}, units=rest, **beside)


if __name__ == "__main__":
    main()
