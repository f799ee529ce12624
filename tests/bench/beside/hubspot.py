"""Meltano's tap for HubSpot, for comparison with the sync function: it only reads the same companies from the same simulator."""

import json
import subprocess
import sys

from . import FOLDER, HERE, _run

VERSION = "0.10.1"
STREAM = "companies"
POINTED_BY = "its requests to api.hubapi.com are sent to the simulator by an adapter of the library requests (beside/hubspot_tap.py)"


class Reader:
    """The tap, installed when it is asked for."""

    def __init__(self, note):
        self._note = note
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._python = FOLDER / "hubspot-venv/bin/python"
        stamp, wanted = FOLDER / "hubspot-venv/made-from", (HERE / "hubspot-requirements.txt").read_text()
        if not stamp.exists() or stamp.read_text() != wanted:
            subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER / "hubspot-venv"], check=True, stdout=sys.stderr)
            pip = [self._python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "-r", HERE / "hubspot-requirements.txt"], check=True, stdout=sys.stderr)
            stamp.write_text(wanted)

    def measure(self, crm, n_records):
        """{the tap's name: {"records_per_cpu_second", "cpu_seconds", "version"}}; it has to read all records."""
        config, catalog, out = FOLDER / "hubspot.json", FOLDER / "hubspot-catalog.json", FOLDER / "hubspot-out.ndjson"
        config.write_text(json.dumps({"access_token": crm.control("session")["access_token"], "start_date": "1970-01-01T00:00:00Z"}))
        command = [self._python, HERE / "hubspot_tap.py", crm.url, "--config", config]
        streams = json.loads(_run([*command, "--discover"], {}).out)["streams"]
        for stream in streams:
            for entry in stream["metadata"]:
                # The tap reads the properties that are selected; the sync function reads all.
                entry["metadata"]["selected"] = stream["tap_stream_id"] == STREAM
        catalog.write_text(json.dumps({"streams": streams}))
        with open(out, "w") as file:
            done = _run([*command, "--catalog", catalog], {}, out=file)
        with open(out) as file:
            ids = [message["record"]["id"] for message in map(json.loads, file) if message["type"] == "RECORD"]
        out.unlink()
        records, repeated = len(set(ids)), len(ids) - len(set(ids))
        # Where its search reaches HubSpot's bound of 10,000, it begins again at the last time stamp, and reads some records again.
        if records != n_records:
            raise RuntimeError(f"the tap read {records} of {n_records} records")
        self._note(f"beside, meltano-tap-hubspot {VERSION}: {records:,} records, {repeated:,} rows again, {done.cpu:.1f} CPU s; {POINTED_BY}")
        measured = {"records_per_cpu_second": round(records / done.cpu), "cpu_seconds": round(done.cpu, 2), "version": VERSION, "pointed_by": POINTED_BY}
        return {"meltano_tap_hubspot": measured}
