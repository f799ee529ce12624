"""The simulated CRMs: they are started here, changed by control requests, and stopped by process id."""

import json
import os
import signal
import subprocess
import urllib.parse
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

from places import RELEASE
from wait import until

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
VERSION = "v60.0"


class Crm:
    """One running simulator. Subclasses know how their vendor names things."""

    provider = None
    """The vendor, as the API and the simulator's command name it."""
    names = {}
    """The vendor's names of objects, where they are not ours."""

    def __init__(self, url, refresh_token):
        self.url, self.refresh_token = url, refresh_token

    def control(self, operation, **arguments):
        """Sends a control request, which changes the CRM without the product knowing."""
        request = urllib.request.Request(f"{self.url}/control/{operation}", json.dumps(arguments).encode(), method="POST")
        try:
            with _DIRECT.open(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(f"{operation}: {error.code} {error.read().decode()}") from None

    def now(self):
        """The CRM's clock."""
        told = self.control("set_clock", now=None)["now"]
        return datetime.strptime(told, "%Y-%m-%dT%H:%M:%S.%f%z")

    def name(self, kind):
        """The vendor's name of one of our objects."""
        return self.names.get(kind, kind)

    def ids(self, kind):
        """The ids of one of our objects."""
        return self.control("ids", object=self.name(kind))["ids"]

    def live(self):
        """{our object: the number of records that are not deleted}."""
        counts = self.control("counts")
        ours = {self.name(kind): kind for kind in ("Account", "Contact", "Lead", "Task", "Opportunity")}
        return {ours[name]: count["live"] for name, count in counts.items() if name in ours}

    def asked(self, template):
        """How many requests went to paths that begin with a template."""
        return sum(one["count"] for one in self.control("requests")["requests"] if one["template"].startswith(template))

    def settle(self):
        """Waits until the next run reads all changes so far."""
        raise NotImplementedError

    def grant(self):
        """The settings with which the operator's program connects a tenant to this CRM."""
        raise NotImplementedError


class Lagging(Crm):
    """A CRM that tells of changes late. Its clock stands still, except when `settle` or `pass_by` moves it on."""

    behind = timedelta()
    """How far a run stays behind the CRM's clock, and a bit more."""
    ahead = timedelta()

    def now(self):
        return datetime.now(timezone.utc) + self.ahead

    def settle(self):
        """Moves the clock on until no change made before is too late to be told of."""
        self.pass_by(self.behind)

    def pass_by(self, time):
        """Moves the clock on, and lets it stand still there."""
        self.ahead += time
        return self.control("set_clock", now=self.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"))["now"]


class Organisation(Crm):
    """A Salesforce organisation."""

    provider = "salesforce"

    def count(self, soql, deleted=False):
        """What SELECT COUNT() answers, asked of the CRM directly."""
        session = self.control("session")
        path = f"/services/data/{VERSION}/{'queryAll' if deleted else 'query'}?" + urllib.parse.urlencode({"q": soql})
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {session['access_token']}"})
        with _DIRECT.open(request, timeout=120) as answer:
            return json.load(answer)["totalSize"]

    def settle(self):
        """A run reads up to the second in which it begins, but not that second itself."""
        begun = self.now().replace(microsecond=0)
        until(lambda: self.now().replace(microsecond=0) > begun, "the next second of the CRM's clock")

    def grant(self):
        return {"SALESFORCE_LOGIN_URL": self.url, "SALESFORCE_CLIENT_ID": "demo-app", "SALESFORCE_REFRESH_TOKEN": self.refresh_token}


def start(folder, name, organisation, records, *more):
    """Starts a simulated Salesforce organisation with the records of a file and further arguments; its files are in `folder`."""
    return launch(Organisation, folder, name, "--load", records, "--organization-id", organisation, *more)


def launch(crm, folder, name, *words):
    """Starts a simulator of a class of CRMs; its files are in `folder`."""
    port_file = folder / f"{name}.port"
    port_file.unlink(missing_ok=True)
    token = f"demo-{name}-refresh-token"
    with open(folder / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            [RELEASE / "simulator", crm.provider, "--port", "0", "--port-file", port_file, "--refresh-token", token, *map(str, words)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    _remember(folder, process.pid)
    until(lambda: port_file.exists() or process.poll() is not None, f"the simulator {name} to listen", 60)
    if process.poll() is not None:
        raise RuntimeError(f"the simulator {name} ended: {(folder / f'{name}.log').read_text().strip()}")
    return crm(f"http://127.0.0.1:{port_file.read_text().strip()}", token)


def stop(folder):
    """Stops the simulators that `launch` began, in this process or an earlier one."""
    for pid in _remembered(folder):
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
        # The process id may belong to another program by now.
        if "/simulator " in shown and str(folder) in shown:
            os.kill(pid, signal.SIGTERM)
    (folder / "simulators.json").unlink(missing_ok=True)


def _remembered(folder):
    try:
        return json.loads((folder / "simulators.json").read_text())
    except (OSError, ValueError):
        return []


def _remember(folder, pid):
    (folder / "simulators.json").write_text(json.dumps([*_remembered(folder), pid]))
