"""Other people's extractors, for comparison with the sync function: they only read the same records from the same simulator.

They are installed under target when they are asked for; requirements.txt and package-lock.json pin them. Their processor time is that
of their processes, including the start.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from places import TARGET

HERE = Path(__file__).resolve().parent
FOLDER = TARGET / "beside"
OBJECT = "Account"
NODE_AT_LEAST = 20


class Extractors:
    """The extractors that this machine can run."""

    def __init__(self, note):
        self._note = note
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._python = self._install_tap()
        self._node = self._install_jsforce()

    def measure(self, crm, n_records):
        """{name of the extractor: {"records_per_cpu_second", "cpu_seconds", "version"}}; each of them has to read all records."""
        fields = self._fields(crm)
        found = {"tap_salesforce": self._tap(crm, fields)}
        if self._node:
            found["jsforce"] = self._jsforce(crm, fields)
        measured = {}
        for name, (records, cpu, version) in found.items():
            if records != n_records:
                raise RuntimeError(f"{name} read {records} of {n_records} records")
            self._note(f"beside, {name} {version}: {n_records:,} records, {cpu:.1f} CPU s")
            measured[name] = {"records_per_cpu_second": round(records / cpu), "cpu_seconds": round(cpu, 2), "version": version}
        return measured

    def _fields(self, crm):
        """The fields that the sync function reads, too: all except compound fields, whose parts are fields of their own."""
        described = _get(crm, f"sobjects/{OBJECT}/describe")["fields"]
        compound = {field["compoundFieldName"] for field in described} - {None, "Name"}
        return [field["name"] for field in described if field["name"] not in compound and field["type"] not in ("address", "location", "base64")]

    def _tap(self, crm, fields):
        config, catalog = FOLDER / "config.json", FOLDER / "catalog.json"
        config.write_text(json.dumps({
            "refresh_token": crm.control("grant")["refresh_token"], "client_id": "beside", "client_secret": "beside",
            "start_date": "1970-01-01T00:00:00Z", "api_type": "REST", "select_fields_by_default": True,
        }))
        command = [self._python, HERE / "tap.py", crm.url, "--config", config]
        streams = json.loads(_run([*command, "--discover"], {}).out)["streams"]
        account = next(stream for stream in streams if stream["stream"] == OBJECT)
        for entry in account["metadata"]:
            about = entry["breadcrumb"]
            entry["metadata"]["selected"] = not about or about[1] in fields
        catalog.write_text(json.dumps({"streams": [account]}))
        # Its output goes where writing costs least.
        done = _run([*command, "--properties", catalog], {}, out=subprocess.DEVNULL)
        counted = (json.loads(line.split("METRIC: ", 1)[1]) for line in done.err.splitlines() if "METRIC: " in line)
        rows = sum(metric["value"] for metric in counted if metric["metric"] == "record_count")
        return rows, done.cpu, "2.8.1"

    def _jsforce(self, crm, fields):
        token = crm.control("session")["access_token"]
        done = _run(["node", self._node / "extract.js", crm.url, OBJECT, ",".join(fields)], {"ACCESS_TOKEN": token})
        return int(done.out), done.cpu, "3.6.2"

    def _install_tap(self):
        python, stamp = FOLDER / "venv/bin/python", FOLDER / "venv/made-from"
        wanted = (HERE / "requirements.txt").read_text()
        if not stamp.exists() or stamp.read_text() != wanted:
            subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER / "venv"], check=True, stdout=sys.stderr)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True, stdout=sys.stderr)
            stamp.write_text(wanted)
        return python

    def _install_jsforce(self):
        """The folder in which it is installed; None if Node is missing or too old."""
        if not (shutil.which("node") and shutil.which("npm")) or _node_version() < NODE_AT_LEAST:
            self._note(f"beside: no Node {NODE_AT_LEAST} on this machine, jsforce is left out")
            return None
        node = FOLDER / "node"
        node.mkdir(exist_ok=True)
        lock, stamp = (HERE / "package-lock.json").read_text(), node / "made-from"
        for name in ("package.json", "package-lock.json", "extract.js"):
            shutil.copy(HERE / name, node / name)
        if not stamp.exists() or stamp.read_text() != lock:
            npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(npm, check=True, cwd=node, stdout=sys.stderr)
            stamp.write_text(lock)
        return node


def _get(crm, path):
    """An answer of the CRM to a direct request."""
    session = crm.control("session")["access_token"]
    request = urllib.request.Request(f"{crm.url}/services/data/v60.0/{path}", headers={"Authorization": f"Bearer {session}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)


def _node_version():
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.strip().lstrip("v").split(".")[0])


class _run:
    """The output and the processor time of a process that ran to its end."""

    def __init__(self, command, more, out=subprocess.PIPE):
        errors = FOLDER / "stderr.txt"
        environment = {"PATH": os.environ["PATH"], "HOME": str(FOLDER), "NO_PROXY": "127.0.0.1", **more}
        with open(errors, "w+") as err:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, text=True)
            self.out = process.stdout.read() if process.stdout else ""
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.err = errors.read_text()
        self.cpu = usage.ru_utime + usage.ru_stime
        if process.returncode:
            raise RuntimeError(f"{Path(command[1]).name} ended with {process.returncode}: {self.err[-1000:]}")
