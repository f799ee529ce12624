"""The simulated Salesforce organisations: they are started here, queried and changed by control requests, and stopped by process id."""

import json
import os
import signal
import subprocess
import urllib.parse
import urllib.request
from datetime import datetime

from places import RELEASE
from wait import until

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
VERSION = "v60.0"


class Organisation:
    """One running simulator."""

    def __init__(self, url, refresh_token):
        self.url, self.refresh_token = url, refresh_token

    def control(self, operation, **arguments):
        """Sends a control request, which changes the CRM without the product knowing."""
        request = urllib.request.Request(f"{self.url}/control/{operation}", json.dumps(arguments).encode(), method="POST")
        with _DIRECT.open(request, timeout=120) as answer:
            return json.load(answer)

    def now(self):
        """The CRM's clock."""
        told = self.control("set_clock", now=None)["now"]
        return datetime.strptime(told, "%Y-%m-%dT%H:%M:%S.%f%z")

    def count(self, soql, deleted=False):
        """What SELECT COUNT() answers, asked of the CRM directly."""
        session = self.control("session")
        path = f"/services/data/{VERSION}/{'queryAll' if deleted else 'query'}?" + urllib.parse.urlencode({"q": soql})
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {session['access_token']}"})
        with _DIRECT.open(request, timeout=120) as answer:
            return json.load(answer)["totalSize"]


def start(folder, name, organisation, records, *more):
    """Starts a simulator with the records of a file and further arguments; its files are in `folder`."""
    port_file = folder / f"{name}.port"
    port_file.unlink(missing_ok=True)
    token = f"demo-{name}-refresh-token"
    with open(folder / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            [RELEASE / "simulator", "salesforce", "--port", "0", "--port-file", port_file, "--load", records,
             "--organization-id", organisation, "--refresh-token", token, *more],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    _remember(folder, process.pid)
    until(lambda: port_file.exists() or process.poll() is not None, f"the simulator {name} to listen", 60)
    if process.poll() is not None:
        raise RuntimeError(f"the simulator {name} ended: {(folder / f'{name}.log').read_text().strip()}")
    return Organisation(f"http://127.0.0.1:{port_file.read_text().strip()}", token)


def stop(folder):
    """Stops the simulators that `start` began, in this process or an earlier one."""
    for pid in _remembered(folder):
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
        # The process id may belong to another program by now.
        if "simulator salesforce" in shown and str(folder) in shown:
            os.kill(pid, signal.SIGTERM)
    (folder / "simulators.json").unlink(missing_ok=True)


def _remembered(folder):
    try:
        return json.loads((folder / "simulators.json").read_text())
    except (OSError, ValueError):
        return []


def _remember(folder, pid):
    (folder / "simulators.json").write_text(json.dumps([*_remembered(folder), pid]))
