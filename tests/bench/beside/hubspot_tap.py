"""Runs meltano-tap-hubspot unchanged, except for the host of the API, which is built in: `python hubspot_tap.py URL <its own arguments>`."""

import sys
from urllib.parse import urlsplit, urlunsplit

import requests

BUILT_IN = "api.hubapi.com"


class Elsewhere(requests.adapters.HTTPAdapter):
    """Sends requests for one host to another."""

    def __init__(self, url):
        super().__init__()
        self._scheme, self._host = urlsplit(url)[:2]

    def send(self, request, *args, **kwargs):
        """Only the address changes."""
        request.url = urlunsplit((self._scheme, self._host, *urlsplit(request.url)[2:]))
        return super().send(request, *args, **kwargs)


def main():
    url = sys.argv.pop(1)
    begin = requests.Session.__init__

    def session(self):
        begin(self)
        self.trust_env = False
        self.mount(f"https://{BUILT_IN}/", Elsewhere(url))

    requests.Session.__init__ = session
    from tap_hubspot.tap import TapHubspot

    TapHubspot.cli()


if __name__ == "__main__":
    main()
