"""The demo's output: steps, live progress, and a table at the end of each run."""

import sys
import time

COLUMNS = ("tenant", "object", "in CRM", "copied", "written", "unchanged", "deleted", "automatic", "suggested", "sealed", "requests", "verdict")


class Screen:
    """Redraws progress in place on a terminal; without a terminal it prints every two seconds what has changed."""

    def __init__(self, out=sys.stdout):
        self._out, self._live = out, out.isatty()
        self._begun = self._drawn = time.monotonic()
        self._n_lines = 0
        self._marks, self._printed = {}, set()

    def step(self, text):
        """Prints a step of the demo, with the time since the demo began."""
        self._n_lines = 0
        print(f"[{time.monotonic() - self._begun:5.1f} s] {text}", file=self._out, flush=True)

    def note(self, text):
        """Prints a note about the last step."""
        print(f"          {text}", file=self._out, flush=True)

    def progress(self, tenants, last=False):
        """Shows the progress of {tenant: {object: progress}}."""
        if not self._live and not last and time.monotonic() - self._drawn < 2:
            return
        lines = [self._line(tenant, name, found) for tenant, objects in tenants.items() for name, found in objects.items()]
        if self._live and self._n_lines:
            print(f"\x1b[{self._n_lines}F\x1b[J", end="", file=self._out)
        told = lines if self._live else [line for line in lines if line not in self._printed]
        self._printed.update(told)
        if told:
            print("\n".join(told), file=self._out, flush=True)
        self._n_lines, self._drawn = (0 if last else len(lines)), time.monotonic()
        if last:
            self._marks.clear()
            self._printed.clear()

    def table(self, rows):
        """Prints rows of cells under `COLUMNS`."""
        texts = [COLUMNS, *[tuple(str(cell) for cell in row) for row in rows]]
        widths = [max(len(row[n]) for row in texts) for n in range(len(COLUMNS))]
        print(file=self._out)
        for row in texts:
            cells = [cell.ljust(width) if n in (0, 1, 11) else cell.rjust(width) for n, (cell, width) in enumerate(zip(row, widths))]
            print("  ".join(cells).rstrip(), file=self._out)
        print(file=self._out, flush=True)

    def _line(self, tenant, name, found):
        summary = found["summary"]
        now, seen = time.monotonic(), summary["seen"]
        since, at_first = self._marks.setdefault((tenant, name, found["run"]), (now, seen))
        rate = f"{(seen - at_first) / (now - since):6.0f}/s" if now - since > 0.5 and seen > at_first else " " * 8
        quota = "quota {:,} of {:,}".format(*summary["quota"]) if summary.get("quota") else ""
        return f"          {tenant:<8} {name:<12} {seen:>7} seen {rate} {summary['requests']:>4} requests  {quota}  {found['verdict'] or ''}"


def bytes_text(n):
    """A number of bytes for people to read."""
    for unit in ("B", "KiB", "MiB"):
        if n < 1024:
            return f"{n:.0f} {unit}"
        n /= 1024
    return f"{n:.1f} GiB"
