"""Copies four tenants' CRMs, matches them with a company database and seals them, by the deployed template on this machine.

`python tests/demo` runs the demo and leaves the stack up; `python tests/demo stop` ends it. With SALESFORCE_CLIENT_ID and a
grant, or with HUBSPOT_TOKEN or HUBSPOT_CLIENT_ID and a grant (see `operator connect --help`), it copies that organisation
instead of the simulated ones, and changes nothing in it.
"""

import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stack"))

import changes
import dynamics
import frontend
import hubspot
import remains
import removal
import simulators
from client import Client, ask
from findings import Findings
from operate import OBJECTS, Operator, sync
from places import RELEASE, TARGET
from real import real_provider
from screen import Screen
from stack import Stack
from wait import until

FOLDER = TARGET / "demo"
N_COMPANIES = 5_000
# Two Salesforce organisations, a HubSpot account and an environment of Dynamics 365, of different sizes, with ids as their vendors write them.
TENANTS = {
    "acme": {"organisation": "00DAB00000000A1EAA", "accounts": 1_200, "contacts": 1_800, "leads": 600, "tasks": 1_000, "opportunities": 400},
    "globex": {"organisation": "00DAB00000000B2EAA", "accounts": 500, "contacts": 700, "leads": 300, "tasks": 400, "opportunities": 150},
    "initech": {"organisation": 25_700_031, "accounts": 600, "contacts": 2_100, "leads": 200, "tasks": 400, "opportunities": 150},
    "umbrella": {"organisation": "0d1c5a70-0000-4000-8000-000000000031", "accounts": 500, "contacts": 800, "leads": 200, "tasks": 400, "opportunities": 150},
}
ON_HUBSPOT, ON_DYNAMICS = {"initech"}, {"umbrella"}
# By tenant; the others use Salesforce.
SHAPES = dict.fromkeys(ON_HUBSPOT, "hubspot") | dict.fromkeys(ON_DYNAMICS, "dynamics")
VENDORS = dict.fromkeys(ON_HUBSPOT, hubspot) | dict.fromkeys(ON_DYNAMICS, dynamics)
NO_COUNT = (
    "HubSpot counts by an index that may be an hour late, so only ids prove a copy. Up to 2,000 ids are compared in each run; more of them once a week,\n"
    "          and until then the verdict is UNPROVEN."
)


def main():
    stack = Stack("demo")
    stop(stack)
    if sys.argv[1:] == ["stop"]:
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    screen = Screen()
    try:
        return show(stack, screen)
    except Exception as error:  # whatever it is: show what went wrong, and where to look
        screen.step(f"failed: {type(error).__name__}: {error}")
        screen.note(f"the functions' logs: `{sys.executable} tests/stack logs`; the server's log: {stack.state}/server.log")
        return 1


def show(stack, screen):
    """The whole demo; returns 0 if everything was as it has to be."""
    begun, findings = time.monotonic(), Findings()
    real = real_provider(os.environ)
    is_real = real is not None
    organisations = {"own": None} if is_real else begin_organisations(screen)
    screen.step("starting an empty AWS on 127.0.0.1 and deploying template.yaml")
    stack.up()
    # No other process remembers keys here, so a removal need not wait five minutes.
    app = {} if is_real else apps(organisations)
    stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0", "RemovalSettleSeconds": "1"} | app)
    screen.note(f"{stack.endpoint}, functions {', '.join(sorted(stack.functions()))}")
    screen.note(f"GET {stack.api_url()}/health: {health(stack)}")

    screen.step(f"importing the vendor's file of {N_COMPANIES:,} companies")
    screen.note(load_companies(stack))

    operator = Operator(stack)
    for tenant, organisation in organisations.items():
        connected = consent(stack, operator, tenant, organisation) if tenant in ON_HUBSPOT else operator.connect(tenant, organisation or real)
        screen.note(f"{tenant} is connected to {connected['provider']}, organisation {connected['organisation']}")

    screen.step("the daily rule fires: first run, everything is new")
    done = sync(stack, operator, organisations, screen)
    screen.table(findings.take("first", done, organisations))
    if not is_real or real.provider == "hubspot":
        screen.note(NO_COUNT)

    expected = {tenant: changes.make(organisation) for tenant, organisation in organisations.items() if organisation}
    for tenant, (written, deleted) in expected.items():
        screen.step(f"{tenant}'s users change {sum(most for _, most in written.values())} records in their CRM and delete {sum(deleted.values())}")
    screen.step("the daily rule fires again: second run, only changes are written")
    done = sync(stack, operator, organisations, screen)
    screen.table(findings.take("delta", done, organisations))
    findings.compare(done, expected)

    if not is_real:
        tenant = next(iter(organisations))
        screen.step(f"{tenant}'s frontend calls the API with a token from a local issuer")
        findings.api, wrong = frontend.show(stack, tenant, organisations[tenant], FOLDER / f"{tenant}.truth.csv", screen)
        findings.wrong += wrong
        for tenant in ON_HUBSPOT:
            screen.step(f"{tenant}'s frontend creates a contact")
            findings.wrong += frontend.show_hubspot(stack, tenant, organisations[tenant], screen)
        screen.step("searching every table, bucket, queue, event and log for names, addresses and numbers in clear")
        screen.note(sweep(stack, organisations, findings))
        for tenant, other in (("acme", "globex"), ("initech", "globex"), ("umbrella", "globex")):
            show_removal(stack, organisations, tenant, other, screen, findings)
    # Those that still have data come first.
    gone = [removed["tenant"] for removed in findings.removals]
    console = stack.console_url(*sorted(organisations, key=lambda tenant: tenant in gone))
    findings.write(TARGET / "demo.json", time.monotonic() - begun, invoked(stack))
    for wrong in findings.wrong:
        screen.note(f"WRONG: {wrong}")
    screen.step(f"{'done' if not findings.wrong else 'failed'}; the numbers are in target/demo.json; `make demo-stop` ends the stack, which is still up")
    screen.note(f"the console: {console}")
    screen.note("to log in, choose a tenant and a role on the page of the local issuer; there is no password")
    return 1 if findings.wrong else 0


def apps(organisations):
    """The template's parameters for the operator's apps."""
    at = {vendor: vendor.parameters(organisations[tenant] for tenant in tenants) for vendor, tenants in ((hubspot, ON_HUBSPOT), (dynamics, ON_DYNAMICS))}
    return at[hubspot] | at[dynamics] | {"HubSpotScopes": hubspot.WRITING, "OauthRedirectUrl": "https://frontend.example/connected"}


def consent(stack, operator, tenant, account):
    """Connects a HubSpot account as its administrator does: begins, consents on the page of the CRM, and comes back with a code."""
    client = Client(stack.api_url(), stack.token(tenant))
    begun = client.post("/v1/integrations/hubspot/connection", {"provider": "hubspot", "loginUrl": account.url})
    back = urllib.parse.urlsplit(ask("GET", begun.body["authorizationUrl"]).headers["location"])
    connected = client.post("/v1/connections", dict(urllib.parse.parse_qsl(back.query)))
    if connected.status != 201:
        raise RuntimeError(f"{tenant} could not be connected: {connected}")
    operator.integrations[tenant] = "hubspot"
    return connected.body


def show_removal(stack, organisations, tenant, other, screen, findings):
    """Removes one tenant's integration, searches for what is left of it, and verifies the receipt."""
    integration = organisations[tenant].provider
    screen.step(f"{tenant} removes its integration")
    of = {name: {record for kind in OBJECTS for record in organisations[name].ids(kind)} for name in (tenant, other)}
    # Simulated organisations of one vendor number new records alike, so shared ids are left out, and so are those that other numbers
    # may contain. One id in ten is searched for everywhere; the keys of all records are checked by `of_generation`.
    ids = sorted(record for record in of[tenant] - of[other] if len(record) > 10)[::10]
    before = len(remains.of_generation(stack, tenant, integration))
    neighbour = (remains.rows(stack, other), remains.objects(stack, other))
    watch = removal.Watch(screen)
    removed = removal.remove(stack, tenant, integration, watch)
    seconds = watch.seconds()
    left = remains.of_generation(stack, tenant, integration) + remains.of_records(stack, ids)
    # The witness is this stack's own listener on the bus. It heard the ids of created records in RecordCreated.
    left = [place for place in left if not place.endswith(" in queue witness")]
    screen.note(f"rows and objects before: {before:,}; left: {len(left)} (including {len(ids):,} record ids, searched for in every table, bucket, queue and log)")
    unchanged = (remains.rows(stack, other), remains.objects(stack, other)) == neighbour
    screen.note(f"{other}'s {len(neighbour[0]):,} rows and {len(neighbour[1]):,} objects: {'unchanged, byte for byte' if unchanged else 'CHANGED'}")
    receipt = removal.take_receipt(stack, tenant, integration, FOLDER)
    verified, refused = removal.verified(FOLDER), removal.refused_when_changed(FOLDER)
    screen.note(f"receipt {FOLDER / 'receipt.json'}: {receipt['deleted']}, the grant's end confirmed by the CRM: {receipt['revocation']['confirmed']}")
    screen.note(f"{removal.VERIFY}: {'Verified OK' if verified else 'REFUSED'}; with one digit changed: {'refused' if refused else 'ACCEPTED'}")
    for is_wrong, what in (
        (left, f"{tenant}: left after its removal: {left[:5]}"), (not unchanged, f"the removal of {tenant} changed data of {other}"),
        (not before, f"{tenant} had nothing to remove"), (not verified, "the receipt does not verify"), (not refused, "a changed receipt verifies"),
        (removed["deleted"].get("records") != receipt["deleted"]["copies"]["records"], "the API and the receipt report different counts"),
    ):
        if is_wrong:
            findings.wrong.append(what)
    findings.removals.append({
        "tenant": tenant, "before": before, "after": len(left), "deleted": removed["deleted"], "seconds": round(seconds, 1),
        "receipt": str(FOLDER / "receipt.json"), "verified": verified, "changed_receipt_refused": refused, "other_tenant_unchanged": unchanged,
    })


def stop(stack):
    """Ends what an earlier demo left running."""
    simulators.stop(FOLDER)
    stack.down()


def load_companies(stack):
    """Generates the company database, puts it where the vendor would, and waits for the report."""
    file = FOLDER / "companies.csv"
    generate("companies", "--size", N_COMPANIES, "--seed", 1, "--format", "csv", "-o", file)
    s3, bucket = stack.client("s3"), stack.settings("companies")["BUCKET_REFERENCE"]
    s3.upload_file(str(file), bucket, "incoming/companies.csv")

    def report():
        listed = s3.list_objects_v2(Bucket=bucket, Prefix="reports/").get("Contents", [])
        return listed and json.load(s3.get_object(Bucket=bucket, Key=listed[0]["Key"])["Body"])

    found = until(report, lambda: f"the report of the import; {[line['message'] for line in stack.logs('companies')][-5:]}", 120)
    if found.get("report", {}).get("result") != "published":
        raise RuntimeError(f"the companies were not imported: {json.dumps(found)[:2000]}")
    rows = found["report"]["rows"]
    return f"{rows['n_accepted']:,} companies imported under {found['report']['keys']:,} match keys, {rows['n_refused']:,} rows refused"


def begin_organisations(screen):
    """Starts the simulated organisations with generated records."""
    screen.step("starting two simulated Salesforce organisations, a HubSpot account and an environment of Dynamics 365 with generated records")
    started = {}
    for seed, (tenant, made) in enumerate(TENANTS.items(), start=1):
        records = FOLDER / f"{tenant}.ndjson"
        sizes = [word for key in ("accounts", "contacts", "leads", "tasks", "opportunities") for word in (f"--{key}", made[key])]
        generate(
            "crm", "--shape", SHAPES.get(tenant, "salesforce"), *sizes, "--seed", seed, "--companies-seed", 1, "--companies-size", N_COMPANIES,
            "-o", records, "--truth", FOLDER / f"{tenant}.truth.csv", "--canaries", FOLDER / f"{tenant}.canaries",
        )
        started[tenant] = VENDORS.get(tenant, simulators).start(FOLDER, tenant, made["organisation"], records)
    return started


def health(stack):
    """What the deployed API answers about itself."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{stack.api_url()}/health", timeout=60) as answer:
        return answer.read().decode()


def sweep(stack, tenants, findings):
    """Searches for the strings that the generator hid in the records. None may be found."""
    strings = {line for tenant in tenants for line in (FOLDER / f"{tenant}.canaries").read_text().splitlines() if line.strip()} | frontend.STRINGS
    found = stack.scan(strings, except_buckets=["deploy", stack.settings("companies")["BUCKET_REFERENCE"]])
    findings.wrong += [f"in clear ({hit['form']}) in {hit['place']}: {hit['string']}" for hit in found[:20]]
    return f"{len(strings):,} strings searched for, {len(found)} found"


def generate(*words):
    """Runs the generator."""
    done = subprocess.run([RELEASE / "generator", *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"generator {words[0]}: {done.stderr.strip()}")


def invoked(stack):
    """The names of the functions that ran, according to their logs."""
    return sorted({line["function"] for line in stack.logs() if line["message"].startswith("START ")})


if __name__ == "__main__":
    sys.exit(main())
