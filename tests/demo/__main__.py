"""Two tenants' CRMs, copied, matched with a company database and sealed by the deployed template, on this machine.

`python tests/demo` runs it and leaves it up for a look; `python tests/demo stop` ends it. With SALESFORCE_CLIENT_ID and a
grant (see `operator connect --help`) it copies that organisation instead of two simulated ones, and changes nothing in it.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stack"))

import changes
import frontend
import remains
import removal
import simulators
from findings import Findings
from operate import OBJECTS, Operator, sync
from places import RELEASE, TARGET
from screen import Screen
from stack import Stack
from wait import until

FOLDER = TARGET / "demo"
N_COMPANIES = 5_000
# Two organisations of different size; ids as Salesforce writes them.
TENANTS = {
    "acme": {"organisation": "00DAB00000000A1EAA", "accounts": 1_200, "contacts": 1_800, "leads": 600, "tasks": 1_000, "opportunities": 400},
    "globex": {"organisation": "00DAB00000000B2EAA", "accounts": 500, "contacts": 700, "leads": 300, "tasks": 400, "opportunities": 150},
}


def main():
    stack = Stack("demo")
    stop(stack)
    if sys.argv[1:] == ["stop"]:
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    screen = Screen()
    try:
        return show(stack, screen)
    except Exception as error:  # whatever it is: what went wrong, and where to look on
        screen.step(f"failed: {type(error).__name__}: {error}")
        screen.note(f"`{sys.executable} tests/stack logs --name demo` has the functions' logs, {stack.state}/server.log the server's")
        return 1


def show(stack, screen):
    """The whole demo; 0 when everything was as it has to be."""
    begun, findings = time.monotonic(), Findings()
    is_real = bool(os.environ.get("SALESFORCE_CLIENT_ID"))
    screen.step("an empty AWS on 127.0.0.1, and template.yaml deployed in it")
    stack.up()
    # Nobody else works here: a removal need not wait five minutes for whoever may remember a key.
    stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0", "RemovalSettleSeconds": "1"})
    screen.note(f"{stack.endpoint}, functions {', '.join(sorted(stack.functions()))}")
    screen.note(f"GET {stack.api_url()}/health: {health(stack)}")

    screen.step(f"the vendor's file of {N_COMPANIES:,} companies, put into the bucket for reference data")
    screen.note(load_companies(stack))

    operator = Operator(stack)
    organisations = {"own": None} if is_real else begin_organisations(screen)
    for tenant, organisation in organisations.items():
        connected = operator.connect(tenant, organisation)
        screen.note(f"{tenant} connected to organisation {connected['organisation']}")

    screen.step("the daily rule fires: everything is new")
    done = sync(stack, operator, organisations, screen)
    screen.table(findings.take("first", done, organisations))

    expected = {tenant: changes.make(organisation) for tenant, organisation in organisations.items() if organisation}
    for tenant, (written, deleted) in expected.items():
        screen.step(f"{tenant} works in its CRM: {sum(most for _, most in written.values())} records changed, {sum(deleted.values())} deleted")
    screen.step("the daily rule fires again: only what changed is written")
    done = sync(stack, operator, organisations, screen)
    screen.table(findings.take("delta", done, organisations))
    findings.compare(done, expected)

    if not is_real:
        tenant = next(iter(organisations))
        screen.step(f"{tenant}'s frontend calls the API, with a token of a local issuer")
        findings.api, wrong = frontend.show(stack, tenant, organisations[tenant], FOLDER / f"{tenant}.truth.csv", screen)
        findings.wrong += wrong
        screen.step("the sweep: is any name, address or number of the made records in clear, in any table, bucket, queue, event or log?")
        screen.note(sweep(stack, organisations, findings))
        show_removal(stack, organisations, screen, findings)
    findings.write(TARGET / "demo.json", time.monotonic() - begun, invoked(stack))
    for wrong in findings.wrong:
        screen.note(f"WRONG: {wrong}")
    screen.step(f"{'done' if not findings.wrong else 'failed'}; target/demo.json has the numbers, `make demo-stop` ends what still runs")
    return 1 if findings.wrong else 0


def show_removal(stack, organisations, screen, findings):
    """Removes one tenant's integration, looks for what is left of it, and verifies the receipt."""
    tenant, other = list(organisations)
    screen.step(f"{tenant} removes its integration")
    of = {name: {record for kind in OBJECTS for record in organisations[name].control("ids", object=kind)["ids"]} for name in organisations}
    # Two simulated organisations count the records that are made in them alike. One id in ten: of all of them the keys are looked at.
    ids = sorted(of[tenant] - of[other])[::10]
    before = len(remains.of_generation(stack, tenant, "salesforce"))
    neighbour = (remains.rows(stack, other), remains.objects(stack, other))
    watch = removal.Watch(screen)
    removed = removal.remove(stack, tenant, "salesforce", watch)
    seconds = watch.seconds()
    left = remains.of_generation(stack, tenant, "salesforce") + remains.of_records(stack, ids)
    # The witness is this stack's own listener on the bus: RecordCreated told it the ids of what the frontend had created.
    left = [place for place in left if not place.endswith(" in queue witness")]
    screen.note(f"before: {before:,} rows and objects; left: {len(left)}, also of {len(ids):,} of the records' ids in any table, bucket, queue or log")
    unchanged = (remains.rows(stack, other), remains.objects(stack, other)) == neighbour
    screen.note(f"{other}'s {len(neighbour[0]):,} rows and {len(neighbour[1]):,} objects: {'the same, byte for byte' if unchanged else 'CHANGED'}")
    receipt = removal.take_receipt(stack, tenant, "salesforce", FOLDER)
    verified, refused = removal.verified(FOLDER), removal.refused_when_changed(FOLDER)
    screen.note(f"receipt {FOLDER / 'receipt.json'}: {receipt['deleted']}")
    screen.note(f"{removal.VERIFY}: {'Verified OK' if verified else 'REFUSED'}; with one digit changed: {'refused' if refused else 'ACCEPTED'}")
    for is_wrong, what in (
        (left, f"{tenant}: left after its removal: {left[:5]}"), (not unchanged, f"{other} was touched by the removal of {tenant}"),
        (not before, f"{tenant} had nothing to remove"), (not verified, "the receipt is not verified"), (not refused, "a changed receipt is verified"),
        (removed["deleted"].get("records") != receipt["deleted"]["copies"]["records"], "the API and the receipt differ"),
    ):
        if is_wrong:
            findings.wrong.append(what)
    findings.removal = {
        "tenant": tenant, "before": before, "after": len(left), "deleted": removed["deleted"], "seconds": round(seconds, 1),
        "receipt": str(FOLDER / "receipt.json"), "verified": verified, "changed_receipt_refused": refused, "other_tenant_unchanged": unchanged,
    }


def stop(stack):
    """Ends what an earlier demo left."""
    simulators.stop(FOLDER)
    stack.down()


def load_companies(stack):
    """Makes the company database, puts it where the vendor would, and waits for the report."""
    file = FOLDER / "companies.csv"
    generate("companies", "--size", N_COMPANIES, "--seed", 1, "--format", "csv", "-o", file)
    s3, bucket = stack.client("s3"), stack.settings("companies")["BUCKET_REFERENCE"]
    s3.upload_file(str(file), bucket, "incoming/companies.csv")

    def report():
        listed = s3.list_objects_v2(Bucket=bucket, Prefix="reports/").get("Contents", [])
        return listed and json.load(s3.get_object(Bucket=bucket, Key=listed[0]["Key"])["Body"])

    found = until(report, lambda: f"the report of the import; {[line['message'] for line in stack.logs('companies')][-5:]}", 120)
    if found.get("report", {}).get("result") != "published":
        raise RuntimeError(f"the companies were not taken in: {json.dumps(found)[:2000]}")
    rows = found["report"]["rows"]
    return f"{rows['n_accepted']:,} taken in under {found['report']['keys']:,} keys, {rows['n_refused']:,} rows refused"


def begin_organisations(screen):
    """Starts the simulated organisations with made records."""
    screen.step("two simulated Salesforce organisations, filled with made records")
    started = {}
    for seed, (tenant, made) in enumerate(TENANTS.items(), start=1):
        records = FOLDER / f"{tenant}.ndjson"
        sizes = [word for key in ("accounts", "contacts", "leads", "tasks", "opportunities") for word in (f"--{key}", made[key])]
        generate(
            "crm", *sizes, "--seed", seed, "--companies-seed", 1, "--companies-size", N_COMPANIES,
            "-o", records, "--truth", FOLDER / f"{tenant}.truth.csv", "--canaries", FOLDER / f"{tenant}.canaries",
        )
        started[tenant] = simulators.start(FOLDER, tenant, made["organisation"], records)
    return started


def health(stack):
    """What the deployed API says of itself."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{stack.api_url()}/health", timeout=60) as answer:
        return answer.read().decode()


def sweep(stack, tenants, findings):
    """Looks for the strings that the generator hid in the records; each one found is wrong."""
    strings = {line for tenant in tenants for line in (FOLDER / f"{tenant}.canaries").read_text().splitlines() if line.strip()} | frontend.STRINGS
    found = stack.scan(strings, except_buckets=["deploy", stack.settings("companies")["BUCKET_REFERENCE"]])
    findings.wrong += [f"in clear ({hit['form']}) in {hit['place']}: {hit['string']}" for hit in found[:20]]
    return f"{len(strings):,} strings looked for, {len(found)} found"


def generate(*words):
    """Runs the generator."""
    done = subprocess.run([RELEASE / "generator", *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"generator {words[0]}: {done.stderr.strip()}")


def invoked(stack):
    """Names of the functions that ran, by their logs."""
    return sorted({line["function"] for line in stack.logs() if line["message"].startswith("START ")})


if __name__ == "__main__":
    sys.exit(main())
