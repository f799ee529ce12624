"""Houses whose tenants use Dynamics 365."""

from world import World  # world.py makes tests/demo importable

import dynamics

INTEGRATION = "/v1/integrations/dynamics"
# Ids of environments as Dataverse writes them.
ENVIRONMENTS = ("0d1c5a70-0000-4000-8000-000000000011", "0d1c5a70-0000-4000-8000-000000000022")


class DynamicsWorld(World):
    """A house of tenants whose environments the operator's app reads for itself."""

    shape, accounts = "dynamics", ENVIRONMENTS

    def __init__(self, name, **given):
        # The app is deployed before its environments are known. A grant that the app has for itself needs no list of logins.
        app = {name: value for name, value in dynamics.parameters([]).items() if name != "DynamicsLoginUrls"}
        super().__init__(name, **app, OauthRedirectUrl="https://frontend.example/connected", **given)

    def begin(self, tenant, organisation, records):
        return dynamics.start(self.path, tenant, organisation, records, *self.crm)
