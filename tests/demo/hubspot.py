"""The simulated HubSpot accounts. They are started and stopped like every other CRM's; here are HubSpot's own names, clock and app."""

import json
from datetime import timedelta

import simulators
from client import ask

VERSION = "2026-03"
# The operator's app, as the simulator and the template's parameters know it.
CLIENT = {"id": "demo-app", "secret": "demo-app-secret"}
# The scopes of an app that also creates. Without them it only reads.
WRITING = " ".join(["oauth", *(f"crm.objects.{name}.{right}" for name in ("companies", "contacts", "deals") for right in ("read", "write"))])
# How far a run stays behind HubSpot's search index, and a bit more.
BEHIND = timedelta(hours=1, minutes=1)


class Account(simulators.Lagging):
    """A HubSpot account."""

    provider = "hubspot"
    names = {"Account": "companies", "Contact": "contacts", "Lead": "leads", "Task": "tasks", "Opportunity": "deals"}
    behind = BEHIND

    def grant(self):
        return {
            "HUBSPOT_LOGIN_URL": self.url, "HUBSPOT_CLIENT_ID": CLIENT["id"], "HUBSPOT_CLIENT_SECRET": CLIENT["secret"],
            "HUBSPOT_REFRESH_TOKEN": self.refresh_token,
        }

    def edit(self, kind, record, **properties):
        """Changes a record of one of our objects, as a user does in the browser."""
        self.control("edit", object=self.name(kind), id=record, properties=properties)

    def create(self, kind, *parents, **properties):
        """Makes a record. `parents` are (our object, id, whether it is the primary one). Returns its id."""
        associations = [{"object": self.name(other), "id": record, "primary": primary} for other, record, primary in parents]
        return self.control("create", object=self.name(kind), properties=properties, associations=associations)["id"]

    def associate(self, one, other, primary=False):
        """Associates two records, each (our object, id)."""
        ends = {"object": self.name(one[0]), "id": one[1], "to_object": self.name(other[0]), "to_id": other[1]}
        self.control("associate", primary=primary, **ends)

    def changed_since(self, kind, time):
        """How many records the CRM's search finds that changed since a time."""
        stamp = "lastmodifieddate" if kind == "Contact" else "hs_lastmodifieddate"
        filters = [{"propertyName": stamp, "operator": "GTE", "value": str(int(time.timestamp() * 1000))}]
        headers = {"Authorization": f"Bearer {self.control('session')['access_token']}"}
        path = f"{self.url}/crm/objects/{VERSION}/{self.name(kind)}/search"
        return ask("POST", path, {"filterGroups": [{"filters": filters}], "limit": 1}, headers).body["total"]

    def get(self, kind, record):
        """The properties of a record."""
        return self.control("get", object=self.name(kind), id=record)["properties"]


def start(folder, name, hub, records, *more):
    """Starts an account with the records of a file and further arguments; its files are in `folder`."""
    client = ("--client-id", CLIENT["id"], "--client-secret", CLIENT["secret"])
    return simulators.launch(Account, folder, name, "--load", records, "--hub-id", hub, *client, *more)


def parameters(accounts):
    """The template's parameters for logins at these accounts."""
    urls = ",".join(account.url for account in accounts)
    return {"HubSpotClientId": CLIENT["id"], "HubSpotClientSecret": CLIENT["secret"], "HubSpotLoginUrls": urls}


def lines(records):
    """Records as a file for the simulator: (HubSpot's object, id, properties)."""
    made = ({"object": kind, "id": str(record), "properties": properties} for kind, record, properties in records)
    return "".join(json.dumps(line) + "\n" for line in made)
