"""Houses whose tenants use HubSpot."""

from world import World, simulators  # world.py makes tests/demo importable

import hubspot
from api import ApiWorld

INTEGRATION = "/v1/integrations/hubspot"
# Ids as HubSpot writes them.
ACCOUNTS = (25_700_011, 25_700_022)


class OfHubSpot:
    """What is HubSpot's in a house: contents, ids, the simulator, the app, and what begins its tokens."""

    shape, accounts = "hubspot", ACCOUNTS

    def begin(self, tenant, organisation, records):
        return hubspot.start(self.path, tenant, organisation, records, *self.crm)

    def app(self):
        return hubspot.parameters(self.organisations.values())

    def secrets(self, account):
        return {"CPsim0", "-refresh-token", hubspot.CLIENT["secret"]}

    def load(self, tenant, account, records):
        """Starts an account with given records instead of generated ones."""
        file = self.path / f"{tenant}.ndjson"
        file.write_text(hubspot.lines(records))
        self.organisations[tenant] = self.begin(tenant, account, file)
        self.operator.integrations[tenant] = "hubspot"


class HubSpotWorld(OfHubSpot, World):
    """A house of tenants who are connected by the operator."""


class HubSpotApiWorld(OfHubSpot, ApiWorld):
    """A house of tenants whose users connect by consent."""
