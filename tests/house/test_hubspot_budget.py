"""The same as `test_budget.py` for HubSpot, which tells its daily limit to a private app's token only."""

import unittest

import test_budget
from hubspot_world import INTEGRATION, HubSpotApiWorld

TOKEN = "pat-eu1-00000000-0000-4000-8000-000000000001"


class PrivateWorld(HubSpotApiWorld):
    """A house whose accounts have a private app."""

    crm = ("--private-token", TOKEN)


class HubSpotBudget(test_budget.Budget):
    provider, integration = "hubspot", INTEGRATION
    # Enough pages for a run that meets both bounds on its way.
    sizes = test_budget.SMALL | {"accounts": 800, "contacts": 800}

    def world(self, name):
        world = PrivateWorld(f"{name}-{self.provider}", sizes=self.sizes)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        account = world.organisation()
        which = ("--tenant", "acme", "--integration", "hubspot", "--provider", "hubspot")
        world.operator.run("connect", *which, HUBSPOT_LOGIN_URL=account.url, HUBSPOT_TOKEN=TOKEN)
        world.strings.add(TOKEN)
        return world


if __name__ == "__main__":
    unittest.main()
