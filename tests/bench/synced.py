"""Measures the deployed sync function's process: processor time, memory, requests to AWS. Prints the figures as JSON.

Each measurement has its own stack and CRM, so that no process has done anything before. Progress goes to stderr. With BESIDE=1 other
people's extractors read the same records of the same CRM, right after the function.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "stack"), str(HERE.parent / "demo")]

import beside
import simulators
from operate import Operator, sync
from places import RELEASE, TARGET
from stack import Stack

FOLDER = TARGET / "bench"
SMALL = 10_000
LARGE = int(os.environ.get("RECORDS") or 500_000)
# Thresholds that use the bulk interface always, and never.
INTERFACES = {"rest": 1_000_000_000, "bulk": 1}
TICK = os.sysconf("SC_CLK_TCK")


class Silent:
    """A screen that shows nothing."""

    def progress(self, *_, **__):
        pass


class Watch:
    """Samples the function's processes whenever the run's progress is asked for. It reads /proc, so it works on Linux only."""

    def __init__(self, stack):
        self._group, self._name = stack.pid, stack.functions()["sync"].encode()
        self.cpu, self.peak = {}, {}

    def progress(self, *_, **__):
        """Takes one sample."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    self._look(entry)
                except (OSError, ValueError, IndexError):
                    pass  # the process has ended, or belongs to another user

    def _look(self, process):
        stat = (process / "stat").read_text().rsplit(")", 1)[1].split()
        if int(stat[2]) != self._group:
            return
        if b"AWS_LAMBDA_FUNCTION_NAME=" + self._name not in (process / "environ").read_bytes().split(b"\0"):
            return
        peak = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
        if peak:
            self.cpu[process.name] = (int(stat[11]) + int(stat[12])) / TICK
            self.peak[process.name] = int(peak[1]) / 1024


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    extractors = beside.Extractors(note) if os.environ.get("BESIDE") == "1" else None
    runs = {
        (interface, n_records): measure(interface, threshold, n_records, extractors)
        for interface, threshold in INTERFACES.items()
        for n_records in (SMALL, LARGE)
    }
    print(json.dumps(figures(runs)))


def measure(interface, threshold, n_records, extractors):
    """Measures a first run of `n_records` Accounts; for the small number also a run that reads them all and finds nothing changed."""
    stack, organisation = Stack("bench"), "00DBE00000000B3EAA"
    records = FOLDER / "records.ndjson"
    try:
        simulators.stop(FOLDER)
        stack.up()
        stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0", "BulkThreshold": str(threshold)})
        generate(records, n_records)
        crm = simulators.start(FOLDER, "bench", organisation, records)
        records.unlink()
        if n_records == SMALL:
            # This field is empty everywhere. Once it is visible again, the second run reads every record and finds it unchanged.
            crm.control("hide_field", object="Account", field="TickerSymbol", hidden=True)
        operator, watch = Operator(stack), Watch(stack)
        operator.connect("bench", crm)
        begun = time.monotonic()
        done = sync(stack, operator, ["bench"], watch)["bench"]["Account"]
        took = time.monotonic() - begun
        if done["summary"]["written"] != n_records:
            raise RuntimeError(f"{done['summary']['written']} of {n_records} records were written: {done['verdict']}")
        run = {
            "cpu_seconds": round(sum(watch.cpu.values()), 2), "peak_mib": round(max(watch.peak.values()), 1),
            "processes": len(watch.peak), "seconds": round(took, 1), "verdict": done["verdict"], "requests": requests(stack),
        }
        note(f"{interface}, {n_records:,} records: {took:.0f} s, {run['cpu_seconds']} CPU s, {run['peak_mib']} MiB")
        if n_records == SMALL:
            crm.control("hide_field", object="Account", field="TickerSymbol", hidden=False)
            again = sync(stack, operator, ["bench"], watch)["bench"]["Account"]
            run["again"] = {"requests": requests(stack)[len(run["requests"]):], "summary": again["summary"]}
        elif extractors and interface == "rest":
            run["beside"] = extractors.measure(crm, n_records)
        return run
    finally:
        simulators.stop(FOLDER)
        stack.down()
        records.unlink(missing_ok=True)


def figures(runs):
    """The figures by name. If both interfaces were measured, the worse one is the figure, and both are shown beside it."""
    peaks = {
        f"sync_peak_mib_{n_records // 1000}k": figure(
            max(by_interface(runs, n_records, "peak_mib").values()), "MiB", **by_interface(runs, n_records, "peak_mib"),
            records=n_records, processes=max(by_interface(runs, n_records, "processes").values()),
        )
        for n_records in (SMALL, LARGE)
    }
    large = peaks[f"sync_peak_mib_{LARGE // 1000}k"]["beside"]
    for interface in INTERFACES:
        large[f"{interface}_over_{SMALL // 1000}k"] = round(runs[interface, LARGE]["peak_mib"] / runs[interface, SMALL]["peak_mib"], 3)
    return peaks | throughput(runs) | counts({interface: runs[interface, SMALL] for interface in INTERFACES})


def throughput(runs):
    """Reads by REST, because the extractors beside it do."""
    rates = {interface: round(LARGE / runs[interface, LARGE]["cpu_seconds"]) for interface in INTERFACES}
    rest = runs["rest", LARGE]
    told = {"records": LARGE, "bulk": rates["bulk"], "cpu_seconds": rest["cpu_seconds"], "seconds": rest["seconds"], "verdict": rest["verdict"]}
    for name, measured in rest.get("beside", {}).items():
        told |= {
            name: measured["records_per_cpu_second"], f"{name}_version": measured["version"],
            f"times_{name}": round(rates["rest"] / measured["records_per_cpu_second"], 1),
        }
    return {"sync_records_per_cpu_second": figure(rates["rest"], "records/CPU second", **told)}


def counts(runs):
    """What a first run asks of AWS, and what a run without changes writes: its own state, but no record and no page."""
    kms, items, writes, beside_writes = {}, {}, {}, {}
    for interface, run in runs.items():
        first, again = run["requests"], run["again"]
        kms[interface] = max(slice.get("Decrypt", 0) + slice.get("GenerateDataKey", 0) for slice in first)
        items[interface] = round(total(first, "BatchWriteItem.items") / total(first, "BatchWriteItem"), 3)
        writes[interface] = total(again["requests"], "BatchWriteItem.items") + total(again["requests"], "PUT")
        for name in ("seen", "unchanged", "written"):
            beside_writes[f"{name}_{interface}"] = again["summary"][name]
        beside_writes[f"checkpoints_{interface}"] = total(again["requests"], "TransactWriteItems")
    return {
        "kms_requests_per_slice": figure(max(kms.values()), "requests", **kms, slices=sum(len(run["requests"]) for run in runs.values())),
        "items_per_batch_write": figure(min(items.values()), "items/request", **items),
        "unchanged_run_writes": figure(max(writes.values()), "items and objects", **beside_writes),
    }


def total(slices, name):
    """The requests of one operation in several invocations."""
    return sum(counts.get(name, 0) for counts in slices)


def by_interface(runs, n_records, name):
    """One value from the run of each interface."""
    return {interface: runs[interface, n_records][name] for interface in INTERFACES}


def requests(stack):
    """The requests of each invocation of sync to AWS, by operation, as it logged them."""
    found = []
    for line in stack.logs("sync"):
        if "requests to AWS in this invocation" in line["message"]:
            found.append(json.loads(json.loads(line["message"])["requests"]))
    if not found:
        raise RuntimeError("no invocation of sync told its requests")
    return found


def generate(records, n_records):
    """The CRM's contents."""
    subprocess.run(
        [RELEASE / "generator", "crm", "--accounts", str(n_records), "--seed", "1", "--companies-seed", "1",
         "--companies-size", "20000", "-o", records],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True,
    )


def figure(value, unit, **beside):
    """The figure in the form of report.rs."""
    return {"value": round(value, 3), "unit": unit, "beside": beside}


def note(text):
    """Prints progress."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
