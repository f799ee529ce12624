"""The operator's part in the demo: it connects tenants, fires the daily rule, and watches until the runs have ended."""

import json
import subprocess
import time

from places import RELEASE

OBJECTS = ("Account", "Contact", "Lead", "Task", "Opportunity")
# A run that shows no progress for so long will not continue by itself.
STALLED_SECONDS = 120


class Operator:
    """The operator's command line, set up for a local stack."""

    def __init__(self, stack):
        # The operator works with the same tables, keys and bus as sync; only sync's settings name them all.
        self._environment = stack.environment(stack.settings("sync"))
        self.integrations = {}
        """{tenant: its integration}. Each integration has the name of its provider, which is Salesforce unless it is noted here."""

    def run(self, *words, **more):
        """Runs one command; returns its JSON."""
        done = subprocess.run(
            [RELEASE / "operator", *words], env=self._environment | more, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )
        if done.returncode:
            raise RuntimeError(f"operator {words[0]}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def integration(self, tenant):
        """The tenant's integration."""
        return self.integrations.get(tenant, "salesforce")

    def connect(self, tenant, crm):
        """Connects a tenant to a simulated CRM, or to a real organisation."""
        self.integrations[tenant] = crm.provider
        # The grant is passed by the environment, because every process of the machine can read arguments.
        return self.run("connect", "--tenant", tenant, "--integration", crm.provider, "--provider", crm.provider, **crm.grant())

    def progress(self, tenant):
        """The progress of each object."""
        return self.run("progress", "--tenant", tenant, "--integration", self.integration(tenant))

    def runs(self, tenant):
        """{object: the id of its last run}."""
        return {name: found["run"] for name, found in self.progress(tenant)["objects"].items()}


def sync(stack, operator, tenants, screen):
    """Fires the daily rule and waits until each tenant's run has ended; returns {tenant: {object: summary and verdict}}."""
    before = {tenant: operator.runs(tenant) for tenant in tenants}
    fired = stack.fire("daily")
    heard, seen = time.monotonic(), None
    while True:
        now = {tenant: operator.progress(tenant) for tenant in tenants}
        fresh = {tenant: _of_this_run(now[tenant], before[tenant]) for tenant in tenants}
        screen.progress(fresh)
        if all(_ended(now[tenant], fresh[tenant]) for tenant in tenants):
            screen.progress(fresh, last=True)
            return fresh
        if now != seen:
            heard, seen = time.monotonic(), now
        elif time.monotonic() - heard > STALLED_SECONDS:
            raise RuntimeError(f"no progress for {STALLED_SECONDS} s after {fired['answer']}; {_why(stack)}")
        time.sleep(0.3)  # between two polls; the conditions above end the wait


def _of_this_run(progress, before):
    return {name: found for name, found in progress["objects"].items() if found["run"] != before.get(name)}


def _ended(progress, fresh):
    return progress["open_run"] is None and set(fresh) == set(OBJECTS) and all(found["verdict"] for found in fresh.values())


def _why(stack):
    lines = [line["message"] for line in stack.logs() if '"level":"ERROR"' in line["message"] or '"level":"WARN"' in line["message"]]
    errors = [line for line in (stack.state / "server.log").read_text(errors="replace").splitlines() if " ERROR " in line]
    return f"last errors of the functions: {lines[-5:]}, of the server: {errors[-2:]}"
