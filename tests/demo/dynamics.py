"""The simulated environments of Dynamics 365. They are started and stopped like every other CRM's; here are Dataverse's own names, clock and app."""

import urllib.parse
from datetime import timedelta

import simulators
from client import ask

# The operator's app, as the simulator and the template's parameters know it.
CLIENT = {"id": "3f1c0000-0000-4000-8000-0000000000cc", "secret": "dynamics-demo-secret"}
# The customer's directory at Entra.
DIRECTORY = "7e9a0000-0000-4000-8000-0000000000aa"
# How far a run stays behind where changes are read by time, and a bit more.
BEHIND = timedelta(minutes=11)


class Environment(simulators.Lagging):
    """An environment of Dataverse."""

    provider = "dynamics"
    names = {"Account": "accounts", "Contact": "contacts", "Lead": "leads", "Task": "tasks", "Opportunity": "opportunities"}
    behind = BEHIND
    merged = ()

    def grant(self):
        """The app acts for itself, as an administrator of the directory allowed it."""
        return {
            "DYNAMICS_LOGIN_URL": self.url, "DYNAMICS_CLIENT_ID": CLIENT["id"], "DYNAMICS_CLIENT_SECRET": CLIENT["secret"],
            "DYNAMICS_DIRECTORY": DIRECTORY, "DYNAMICS_ENVIRONMENT": self.url,
        }

    def merge(self, kind, survivor, loser):
        """Merges two rows. The loser stays, inactive, and is no record any more."""
        self.control("merge", object=self.name(kind), survivor=survivor, loser=loser)
        self.merged = (*self.merged, kind)

    def live(self):
        """The simulator counts rows, and those of losers are among them."""
        return {kind: count - self.merged.count(kind) for kind, count in super().live().items()}

    def edit(self, kind, record, **columns):
        """Changes a row of one of our objects, as a user does in the browser."""
        self.control("edit", object=self.name(kind), id=record, columns=columns)

    def create(self, kind, **columns):
        """Makes a row; returns its id."""
        return self.control("create", object=self.name(kind), columns=columns)["id"]

    def changed_since(self, kind, time):
        """How many rows Dataverse finds that changed since a time."""
        asked = urllib.parse.urlencode({"$filter": f"modifiedon ge {time.strftime('%Y-%m-%dT%H:%M:%SZ')}"}, quote_via=urllib.parse.quote)
        headers = {"Authorization": f"Bearer {self.control('session')['access_token']}"}
        return int(ask("GET", f"{self.url}/api/data/v9.2/{self.name(kind)}/$count?{asked}", None, headers).raw.decode("utf-8-sig"))

    def get(self, kind, record):
        """The columns of a row."""
        return self.control("get", object=self.name(kind), id=record)["columns"]


def start(folder, name, organisation, records, *more):
    """Starts an environment with the rows of a file and further arguments; its files are in `folder`."""
    client = ("--client-id", CLIENT["id"], "--client-secret", CLIENT["secret"], "--tenant-id", DIRECTORY)
    return simulators.launch(Environment, folder, name, "--load", records, "--organization-id", organisation, *client, *more)


def parameters(environments):
    """The template's parameters for logins at these environments."""
    urls = ",".join(environment.url for environment in environments)
    return {"DynamicsClientId": CLIENT["id"], "DynamicsClientSecret": CLIENT["secret"], "DynamicsLoginUrls": urls}
