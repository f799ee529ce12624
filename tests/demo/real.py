"""A real organisation, whose grant is in the environment of whoever runs the demo."""

# What each provider's grant needs, in the order in which the providers are tried.
GRANTS = {"salesforce": [("CLIENT_ID",)], "hubspot": [("TOKEN",), ("CLIENT_ID", "REFRESH_TOKEN")]}


class Real:
    """An organisation that the demo copies and never changes."""

    def __init__(self, provider, environment):
        self.provider = provider
        # The stack's functions have settings of the same names, which say `none` here. They must not hide the grant.
        prefix = f"{provider.upper()}_"
        self._grant = {name: value for name, value in environment.items() if name.startswith(prefix) and value}

    def grant(self):
        """The settings with which the operator's program connects a tenant to it."""
        return self._grant


def real_provider(environment):
    """The organisation to which a grant in the environment belongs; None if there is none."""
    for provider, grants in GRANTS.items():
        for names in grants:
            if all(environment.get(f"{provider.upper()}_{name}") for name in names):
                return Real(provider, environment)
    return None
