"""A house for a test: the deployed template, simulated organisations, connected tenants. At its end no generated person may be in
clear anywhere."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "stack"), str(ROOT / "tests" / "demo")]

import fresh as freshness
import grants
import simulators
from operate import OBJECTS, Operator, sync
from places import REGION, RELEASE
from stack import Stack
from wait import until

# Ids as Salesforce writes them.
ORGANISATIONS = ("00DAB00000000A1EAA", "00DAB00000000B2EAA")
SIZES = {"accounts": 120, "contacts": 150, "leads": 60, "tasks": 80, "opportunities": 40}
# What differs on this machine from an operator's stack: simulators, runs that follow each other at once, and many of them.
LOCAL = {"CrmLoopback": "yes", "SyncIntervalMinutes": "0", "TenantRunsPerHour": "1000"}


# The locks on names that this process uses until it ends.
LOCKS = {}


def alone(stack):
    """Fails if another process uses the stack's name: modules run side by side, and who starts a stack ends one of the same name."""
    if stack.name in LOCKS:
        return
    stack.state.parent.mkdir(parents=True, exist_ok=True)
    lock = stack.state.with_name(f"{stack.name}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RuntimeError(f"another test builds {stack.name} at the same time: give one of the two another name") from error
    LOCKS[stack.name] = lock


class Silent:
    """A screen that shows nothing."""

    def progress(self, tenants, last=False):
        pass


class World:
    """One stack under a name. Each of `tenants` has a simulated organisation. `programs` is called with a folder and answers
    {name: text} of programs to deploy instead of the built ones. With `fresh` each invocation has a process of its own; the
    default is the variable FRESH."""

    crm = ()
    """More words for the simulators."""
    shape, accounts = "salesforce", ORGANISATIONS
    """The vendor of generated contents, and the ids of the accounts there."""

    def __init__(self, name, tenants=("acme",), sizes=None, programs=None, fresh=None, **parameters):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        fresh = freshness.wanted() if fresh is None else fresh
        # test_fresh.py runs tests of other modules beside them.
        name = f"{name}-fresh" if fresh else name
        self.stack = Stack(f"house-{name}", **({"programs": self.built_but(programs(self.path))} if programs else {}))
        self.organisations, self.strings = {}, set()
        alone(self.stack)
        self.stack.up(fresh=fresh)
        self.stack.deploy(LOCAL | parameters)
        self.operator = Operator(self.stack)
        for seed, tenant in enumerate(tenants, start=1):
            self.add(tenant, seed, self.accounts[seed - 1], SIZES | (sizes or {}))

    def built_but(self, others):
        """A folder of the built programs, with some of them replaced."""
        folder = self.path / "programs"
        folder.mkdir()
        for program in filter(lambda path: path.is_file() and os.access(path, os.X_OK), RELEASE.iterdir()):
            (folder / program.name).symlink_to(program)
        for name, text in others.items():
            (folder / name).unlink()
            (folder / name).write_text(text)
        return folder

    def add(self, tenant, seed, organisation, sizes):
        """Starts an organisation and connects the tenant to it."""
        self.start(tenant, seed, organisation, sizes)
        self.operator.connect(tenant, self.organisations[tenant])

    def start(self, tenant, seed, organisation, sizes):
        """Starts an organisation with generated records."""
        records, canaries = self.path / f"{tenant}.ndjson", self.path / f"{tenant}.canaries"
        words = [word for name, n in sizes.items() for word in (f"--{name}", str(n))]
        subprocess.run(
            [RELEASE / "generator", "crm", "--shape", self.shape, *words, "--seed", str(seed), "--companies-seed", "1", "--companies-size", "300",
             "-o", records, "--canaries", canaries], check=True, stdin=subprocess.DEVNULL,
        )
        self.strings |= {line for line in canaries.read_text().splitlines() if line.strip()}
        self.organisations[tenant] = self.begin(tenant, organisation, records)
        self.operator.integrations[tenant] = self.organisations[tenant].provider

    def begin(self, tenant, organisation, records):
        """Starts the simulator with a file of records."""
        return simulators.start(self.path, tenant, organisation, records, *self.crm)

    def organisation(self, tenant="acme"):
        return self.organisations[tenant]

    def ids(self, name, tenant="acme"):
        return self.organisation(tenant).ids(name)

    def sync(self, tenants=None):
        """Fires the daily rule and waits for the runs of `tenants`; returns {tenant: {object: summary and verdict}}."""
        self.settle()
        return self.sync_unsettled(tenants)

    def sync_unsettled(self, tenants=None):
        """The same at once: the run need not read what was changed just now."""
        return sync(self.stack, self.operator, tenants or list(self.organisations), Silent())

    def settle(self):
        """Waits until the next run reads all changes so far."""
        for organisation in self.organisations.values():
            organisation.settle()

    def ended(self, tenant="acme"):
        """Waits until no run is open; returns {object: summary and verdict}."""
        until(lambda: self.operator.progress(tenant)["open_run"] is None, "the run to end", 120)
        return self.operator.progress(tenant)["objects"]

    def repeat(self, kind, times=1):
        """Puts the first event of a kind on the bus again."""
        entry = {"Source": "abgleich", "DetailType": kind, "Detail": json.dumps(self.orders(kind)[0]), "EventBusName": self.stack.settings("sync")["EVENT_BUS"]}
        self.stack.client("events").put_events(Entries=[entry] * times)

    def opened(self, name, record, tenant="acme"):
        """A record of the copy, or None."""
        try:
            which = ("--tenant", tenant, "--integration", self.operator.integration(tenant))
            return self.operator.run("record", *which, "--object", name, "--id", record)
        except RuntimeError:
            return None

    def held_ids(self, name, tenant="acme"):
        """The ids of the copy, read from the table."""
        table, found, start = self.stack.client("dynamodb"), [], {}
        name_of_table = self.stack.settings("sync")["TABLE_COPIES"]
        while True:
            page = table.scan(TableName=name_of_table, ProjectionExpression="pk, sk, d", **start)
            for item in page["Items"]:
                _, owner, _, _, kind, _ = item["pk"]["S"].split("#")
                if owner == tenant and kind == name and "d" in item:
                    found.append(item["sk"]["S"])
            if "LastEvaluatedKey" not in page:
                return sorted(found)
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def orders(self, kind):
        """The details of all events of a kind that were on the bus."""
        return [event["detail"] for event in self.stack.events() if event["detail-type"] == kind]

    def end(self):
        """Searches for generated people in clear and for calls that were refused, then ends the house; returns what was found. An
        export's file is the one place where people are in clear on purpose, until it is deleted."""
        try:
            grants.keep(self.stack)
            found = self.stack.scan(self.strings, except_buckets=["deploy"]) if self.strings else []
            found = [hit for hit in found if ", exports/" not in hit["place"]]
            return [f"{hit['form']} in {hit['place']}: {hit['string']}" for hit in found[:10]] + grants.refused(self.stack)
        finally:
            simulators.stop(self.path)
            self.stack.down()
            self.folder.cleanup()


def verdicts(done):
    return {name: done[name]["verdict"] for name in OBJECTS}


def total(done, what):
    return sum(done[name]["summary"][what] for name in OBJECTS)


