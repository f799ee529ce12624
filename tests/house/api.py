"""The API as a user's frontend uses it: a house whose organisations are connected by consent, and clients of its API."""

import re
import urllib.parse

import yaml
from world import LOCAL, ROOT, SIZES, World

from client import Client, ask

CONTRACT = yaml.safe_load((ROOT / "infra/openapi.yaml").read_text())["paths"]
INTEGRATION = "/v1/integrations/salesforce"
# Every refresh token of the simulators begins with this, except their first.
REFRESH_TOKEN = "5Aep861"


class Reader(Client):
    """A client that knows the contract: a refusal that is not in the contract fails the test."""

    def ask(self, method, path, body=None, **headers):
        answer = super().ask(method, path, body, **headers)
        if 400 <= answer.status < 500 and str(answer.status) not in refusals(method, path):
            raise AssertionError(f"{method} {path}: {answer.status} is not in the contract")
        return answer


def refusals(method, path):
    """The statuses that the contract lists for a request; all statuses, if the contract has no such path."""
    path = urllib.parse.urlsplit(path).path
    for template, item in CONTRACT.items():
        if method.lower() in item and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            return set(item[method.lower()]["responses"])
    return {str(status) for status in range(400, 500)}


class ApiWorld(World):
    """A house in which logins may begin at the simulators' organisations."""

    def __init__(self, name, tenants=("acme",), sizes=None, fresh=None, **parameters):
        super().__init__(name, tenants=(), fresh=fresh, **parameters)
        for seed, tenant in enumerate(tenants, start=1):
            self.start(tenant, seed, self.accounts[seed - 1], SIZES | (sizes or {}))
            self.strings |= self.secrets(self.accounts[seed - 1])
        self.admit_logins(**parameters)

    def secrets(self, account):
        """With these all tokens of an account begin."""
        return {f"{account[:15]}!AQ", REFRESH_TOKEN}

    def app(self):
        """The template's parameters for the operator's app."""
        return {"SalesforceClientId": "demo-app", "SalesforceLoginUrls": ",".join(crm.url for crm in self.organisations.values())}

    def admit_logins(self, **parameters):
        """Allows logins to begin at the organisations that exist now."""
        if self.organisations:
            self.stack.deploy(LOCAL | self.app() | parameters)

    def client(self, tenant="acme", *args, **more):
        """A client with a token for the tenant; see `issuer.token`."""
        return Reader(self.stack.api_url(), self.stack.token(tenant, *args, **more))

    def consent(self, client, tenant="acme", integration=None, **more):
        """Goes to the CRM's page and consents; returns {"state", "code"} as the frontend gets them."""
        crm = self.organisation(tenant)
        integration = integration or f"/v1/integrations/{crm.provider}"
        begun = client.post(f"{integration}/connection", {"provider": crm.provider, "loginUrl": crm.url} | more)
        if begun.status != 201:
            raise RuntimeError(begun)
        page = ask("GET", begun.body["authorizationUrl"])
        back = urllib.parse.urlsplit(page.headers["location"])
        return dict(urllib.parse.parse_qsl(back.query))

    def connect(self, client, tenant="acme", integration=None):
        """Connects by consent; returns the answer."""
        return client.post("/v1/connections", self.consent(client, tenant, integration))
