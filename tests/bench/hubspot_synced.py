"""Measures the deployed sync function on a HubSpot account: processor time, memory, and requests to HubSpot. Prints the figures as JSON.

A first run reads everything by list, and a daily run reads the 1 % that changed by search. HubSpot lets an app send 110 requests in ten
seconds, so a large run takes minutes in which the process waits: the connector keeps that pace by itself, and the simulator has no limits here. With
BESIDE=1 another reader reads the same records afterwards.

A list of live records that reads no changes compares ids: lists after a first run, and in a first run the second list of an object that is
small. These requests are counted apart. RECORDS is the number of records of the large runs.
"""

import json
import os
import subprocess
import time

from synced import FOLDER, LARGE, SMALL, Watch, figure, note  # synced.py makes tests/stack and tests/demo importable

import hubspot
import simulators
from beside.hubspot import Reader
from operate import Operator, sync
from places import RELEASE
from stack import Stack

SEED = 1
# Records on one page of a first run.
LIST_PAGE = 100


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    reader = Reader(note) if os.environ.get("BESIDE") == "1" else None
    runs = {n_records: measure(n_records, reader if n_records == LARGE else None) for n_records in (SMALL, LARGE)}
    print(json.dumps(figures(runs)))


def measure(n_records, reader):
    """Measures a first run of `n_records` companies, and a daily run after 1 % of them changed."""
    stack, records = Stack("bench"), FOLDER / "records.ndjson"
    try:
        simulators.stop(FOLDER)
        generate(records, n_records)
        crm = hubspot.start(FOLDER, "bench", 25_700_001, records)
        records.unlink()
        stack.up()
        stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0"} | hubspot.parameters([crm]))
        operator, watch = Operator(stack), Watch(stack)
        operator.connect("bench", crm)
        first = run(stack, operator, crm, watch, n_records, -(-n_records // LIST_PAGE) + len(crm.names) - 1)
        cpu, peak = sum(watch.cpu.values()), max(watch.peak.values())
        note(f"HubSpot, {n_records:,} records: {first['seconds']:.0f} s, {cpu:.1f} CPU s, {peak:.1f} MiB, {shown(first)}")
        crm.pass_by(hubspot.BEHIND)
        for company in crm.ids("Account")[::100]:
            crm.edit("Account", company, city="Neustadt")
        crm.settle()
        daily = run(stack, operator, crm, watch, n_records // 100, 0)
        note(f"HubSpot, {n_records // 100:,} of them changed: {shown(daily)}, {percent(first, daily)} % of the first run's")
        done = {"first": first, "daily": daily, "cpu_seconds": round(cpu, 2), "peak_mib": round(peak, 1)}
        if reader:
            done["beside"] = reader.measure(crm, n_records)
        return done
    finally:
        simulators.stop(FOLDER)
        stack.down()
        records.unlink(missing_ok=True)


def run(stack, operator, crm, watch, n_written, n_lists):
    """Runs once; returns what it took, and the requests that HubSpot got by their paths. All but `n_lists` lists compare ids."""
    crm.control("reset_requests")
    begun = time.monotonic()
    done = sync(stack, operator, ["bench"], watch)["bench"]["Account"]
    if done["summary"]["written"] != n_written:
        raise RuntimeError(f"{done['summary']['written']} of {n_written} records were written: {done['verdict']}")
    asked = {one["template"]: one["count"] for one in crm.control("requests")["requests"]}
    for_ids = sum(count for path, count in asked.items() if path in {f"/crm/objects/{name}" for name in crm.names.values()}) - n_lists
    return {
        "seconds": time.monotonic() - begun, "verdict": done["verdict"], "requests": sum(asked.values()) - for_ids, "for_ids": for_ids,
        "of_companies": done["summary"]["requests"], "by_path": asked,
    }


def shown(run):
    """What a run asked, in words."""
    return f"{run['requests']} requests and {run['for_ids']} that compare ids, {run['verdict']}"


def percent(first, daily):
    """The daily run's requests in percent of the first run's, without those that compare ids."""
    return round(100 * daily["requests"] / first["requests"], 2)


def figures(runs):
    """The figures by name."""
    large, small = runs[LARGE], runs[SMALL]
    rate = LARGE / large["cpu_seconds"]
    told = {"records": LARGE, "cpu_seconds": large["cpu_seconds"], "seconds": round(large["first"]["seconds"], 1), "verdict": large["first"]["verdict"]}
    for name, measured in large.get("beside", {}).items():
        told |= {
            name: measured["records_per_cpu_second"], f"{name}_version": measured["version"], f"{name}_pointed_by": measured["pointed_by"],
            f"times_{name}": round(rate / measured["records_per_cpu_second"], 1),
        }
    first, daily = (large[name]["requests"] * 10_000 / LARGE for name in ("first", "daily"))
    return {
        "hubspot_sync_records_per_cpu_second": figure(round(rate), "records/CPU second", **told),
        f"hubspot_sync_peak_mib_{SMALL // 1000}k": figure(small["peak_mib"], "MiB"),
        f"hubspot_sync_peak_mib_{LARGE // 1000}k": figure(large["peak_mib"], "MiB", over_small=round(large["peak_mib"] / small["peak_mib"], 3)),
        "hubspot_first_run_requests_per_10k": figure(
            first, "requests", small=small["first"]["requests"], for_ids=large["first"]["for_ids"], by_path=large["first"]["by_path"],
        ),
        "hubspot_daily_run_requests_per_10k": figure(
            daily, "requests", small=small["daily"]["requests"], percent_of_first=percent(large["first"], large["daily"]),
            percent_of_first_small=percent(small["first"], small["daily"]), for_ids=large["daily"]["for_ids"], by_path=large["daily"]["by_path"],
            ids="those of the companies are not compared in this run: above 2,000 records they are compared once a week, one request for 100 ids",
        ),
    }


def generate(records, n_records):
    """The account's contents."""
    subprocess.run(
        [RELEASE / "generator", "crm", "--shape", "hubspot", "--accounts", str(n_records), "--seed", str(SEED), "--companies-seed", "1",
         "--companies-size", "20000", "-o", records],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True,
    )


if __name__ == "__main__":
    main()
