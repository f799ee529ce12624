"""The findings of the demo: the rows of its tables, target/demo.json, and whatever was wrong."""

import json

from operate import OBJECTS
from screen import bytes_text


class Findings:
    """Collects the runs, and everything that was not as it has to be."""

    def __init__(self):
        self.runs, self.wrong, self.api, self.removals = [], [], None, []

    def take(self, run, done, organisations):
        """Adds a run; returns the rows of its table."""
        rows = []
        for tenant, objects in done.items():
            live = organisations[tenant].live() if organisations.get(tenant) else None
            for name in OBJECTS:
                summary, held, verdict = objects[name]["summary"], objects[name]["held"], objects[name]["verdict"]
                self.runs.append(
                    {"tenant": tenant, "run": run, "object": name, "verdict": verdict}
                    | {key: summary[key] for key in ("crm_count", "seen", "written", "unchanged", "deleted", "quarantined", "requests", "automatic", "suggested")}
                )
                if verdict != "VERIFIED" and not (verdict == "UNPROVEN" and _may_be_unproven(organisations.get(tenant), held)):
                    self.wrong.append(f"{tenant} {name}: {verdict}")
                # The simulator knows how many records it holds, so the verdict can be checked.
                if live and held + summary["quarantined"] != live[name]:
                    self.wrong.append(f"{tenant} {name}: {held} copied and {summary['quarantined']} quarantined, the CRM has {live[name]}")
                rows.append((
                    tenant, name, "-" if summary["crm_count"] is None else summary["crm_count"], held, summary["written"], summary["unchanged"], summary["deleted"],
                    summary["automatic"], summary["suggested"], bytes_text(summary["sealed_bytes"]), summary["requests"], verdict,
                ))
        return rows

    def compare(self, done, expected):
        """Compares a delta run with what was changed: {tenant: ({object: (fewest, most)}, {object: deleted})}."""
        for tenant, (written, deleted) in expected.items():
            for name in OBJECTS:
                summary = done[tenant][name]["summary"]
                fewest, most = written[name]
                if not fewest <= summary["written"] <= most:
                    self.wrong.append(f"{tenant} {name}: {summary['written']} written, {fewest} to {most} were changed")
                if summary["deleted"] != deleted[name]:
                    self.wrong.append(f"{tenant} {name}: {summary['deleted']} taken out, {deleted[name]} were deleted")

    def write(self, file, seconds, functions):
        """Writes target/demo.json."""
        found = {"runs": self.runs, "seconds": round(seconds, 1), "functions": functions, "api": self.api, "removals": self.removals}
        file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def _may_be_unproven(crm, held):
    """HubSpot counts by an index that is late, so only ids prove anything, and those of more than 2,000 records are compared once a week."""
    return crm is not None and crm.provider == "hubspot" and held > 2_000
