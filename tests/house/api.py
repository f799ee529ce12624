"""The API as a user's frontend meets it: a house whose organisations are connected by consent, and clients to it."""

import re
import urllib.parse

import yaml
from world import ORGANISATIONS, ROOT, SIZES, World

from client import Client, ask

CONTRACT = yaml.safe_load((ROOT / "infra/openapi.yaml").read_text())["paths"]
INTEGRATION = "/v1/integrations/salesforce"
# What every refresh token of the simulators begins with, but for their first.
REFRESH_TOKEN = "5Aep861"


class Reader(Client):
    """A client that has read the contract: a refusal that is not in it is a fault of one of them."""

    def ask(self, method, path, body=None, **headers):
        answer = super().ask(method, path, body, **headers)
        if 400 <= answer.status < 500 and str(answer.status) not in refusals(method, path):
            raise AssertionError(f"{method} {path}: {answer.status} is not in the contract")
        return answer


def refusals(method, path):
    """The statuses that the contract lists for a request; where it has no such path, all."""
    path = urllib.parse.urlsplit(path).path
    for template, item in CONTRACT.items():
        if method.lower() in item and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            return set(item[method.lower()]["responses"])
    return {str(status) for status in range(400, 500)}


class ApiWorld(World):
    """A house in which the simulators' organisations are where logins may begin."""

    def __init__(self, name, tenants=("acme",), sizes=None, **parameters):
        super().__init__(name, tenants=(), **parameters)
        for seed, tenant in enumerate(tenants, start=1):
            self.start(tenant, seed, ORGANISATIONS[seed - 1], SIZES | (sizes or {}))
            # What every access token of the organisation begins with.
            self.strings.add(f"{ORGANISATIONS[seed - 1][:15]}!AQ")
        self.strings.add(REFRESH_TOKEN)
        self.admit_logins(**parameters)

    def admit_logins(self, **parameters):
        """Lets logins begin at the organisations that there are."""
        urls = ",".join(organisation.url for organisation in self.organisations.values())
        if urls:
            app = {"SalesforceClientId": "demo-app", "SalesforceLoginUrls": urls}
            self.stack.deploy({"CrmLoopback": "yes", "SyncIntervalMinutes": "0"} | app | parameters)

    def client(self, tenant="acme", *args, **more):
        """A client with a token of the tenant; see `issuer.token`."""
        return Reader(self.stack.api_url(), self.stack.token(tenant, *args, **more))

    def consent(self, client, tenant="acme", integration=INTEGRATION, **more):
        """Goes to the CRM's page and consents; {"state", "code"}, as they come back to the frontend."""
        begun = client.post(f"{integration}/connection", {"provider": "salesforce", "loginUrl": self.organisation(tenant).url} | more)
        if begun.status != 201:
            raise RuntimeError(begun)
        page = ask("GET", begun.body["authorizationUrl"])
        back = urllib.parse.urlsplit(page.headers["location"])
        return dict(urllib.parse.parse_qsl(back.query))

    def connect(self, client, tenant="acme", integration=INTEGRATION):
        """Connects by consent; the answer."""
        return client.post("/v1/connections", self.consent(client, tenant, integration))
