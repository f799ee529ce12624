"""The deployed sync function's process: processor time, memory, requests to AWS. Prints the figures as JSON.

Each measurement has a stack and a CRM of its own, so that no process has done anything before. Progress goes to stderr.
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

import simulators
from operate import Operator, sync
from places import RELEASE, TARGET
from stack import Stack

FOLDER = TARGET / "bench"
SMALL = 10_000
LARGE = 500_000 if os.environ.get("FULL") == "1" else int(os.environ.get("RECORDS") or 100_000)
# Threshold of the bulk interface: always, and never.
INTERFACES = {"rest": 1_000_000_000, "bulk": 1}
TICK = os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks at the function's processes as often as the run's progress is asked for. Linux only: /proc."""

    def __init__(self, stack):
        self._group, self._name = stack.pid, stack.functions()["sync"].encode()
        self.cpu, self.peak = {}, {}

    def progress(self, *_, **__):
        """One look."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    self._look(entry)
                except (OSError, ValueError, IndexError):
                    pass  # it has ended, or is somebody else's

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
    figures = {}
    for interface, threshold in INTERFACES.items():
        for n_records in (SMALL, LARGE):
            figures |= measure(interface, threshold, n_records)
    print(json.dumps(figures))


def measure(interface, threshold, n_records):
    """First run of `n_records` Accounts; with the small number also one that reads all of them and finds nothing changed."""
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
            # Nobody has it filled in. Shown again, it makes the second run read every record, and find it as it was.
            crm.control("hide_field", object="Account", field="TickerSymbol", hidden=True)
        operator, watch = Operator(stack), Watch(stack)
        operator.connect("bench", crm)
        begun = time.monotonic()
        done = sync(stack, operator, ["bench"], watch)["bench"]["Account"]
        took = time.monotonic() - begun
        if done["summary"]["written"] != n_records:
            raise RuntimeError(f"{done['summary']['written']} of {n_records} records were written: {done['verdict']}")
        cpu, peak = sum(watch.cpu.values()), max(watch.peak.values())
        note(f"{interface}, {n_records:,} records: {took:.0f} s, {cpu:.1f} CPU s, {peak:.1f} MiB")
        thousands, beside = n_records // 1000, {"interface": interface, "records": n_records}
        figures = {
            f"sync_records_per_cpu_second_{interface}_{thousands}k": figure(
                n_records / cpu, "records/CPU second", **beside, seconds=round(took, 1), cpu_seconds=round(cpu, 2), verdict=done["verdict"],
            ),
            f"sync_peak_mib_{thousands}k_{interface}": figure(peak, "MiB", **beside, processes=len(watch.peak)),
        }
        first = requests(stack)
        if n_records == SMALL:
            figures |= counted(interface, first)
            crm.control("hide_field", object="Account", field="TickerSymbol", hidden=False)
            again = sync(stack, operator, ["bench"], watch)["bench"]["Account"]
            figures |= unchanged(interface, requests(stack)[len(first):], again["summary"])
        return figures
    finally:
        simulators.stop(FOLDER)
        stack.down()
        records.unlink(missing_ok=True)


def counted(interface, slices):
    """What a first run asks of AWS."""
    total = lambda name: sum(counts.get(name, 0) for counts in slices)
    kms = [counts.get("Decrypt", 0) + counts.get("GenerateDataKey", 0) for counts in slices]
    return {
        f"kms_requests_per_slice_{interface}": figure(max(kms), "requests", slices=len(slices)),
        f"items_per_batch_write_{interface}": figure(
            total("BatchWriteItem.items") / total("BatchWriteItem"), "items/request",
            requests=total("BatchWriteItem"), items=total("BatchWriteItem.items"),
        ),
    }


def unchanged(interface, slices, summary):
    """What a run writes that finds nothing new: no record and no page. Checkpoints are its own state."""
    total = lambda name: sum(counts.get(name, 0) for counts in slices)
    return {
        f"unchanged_run_writes_{interface}": figure(
            total("BatchWriteItem.items") + total("PUT"), "items and objects",
            slices=len(slices), seen=summary["seen"], unchanged=summary["unchanged"], written=summary["written"],
            checkpoints=total("TransactWriteItems"),
        ),
    }


def requests(stack):
    """What each invocation of sync asked of AWS, by operation, as it logged it."""
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
    """As report.rs has it."""
    return {"value": round(value, 3), "unit": unit, "beside": beside}


def note(text):
    """For whoever waits."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
