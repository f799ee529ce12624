"""Shared by the tests of exports: one is asked for and fetched, and its integration removed."""

import gzip
import json
import unittest

from api import INTEGRATION
from world import until

from client import ask

QUICK = {"RemovalSettleSeconds": "1"}


class Exporting(unittest.TestCase):
    """Tests of an integration's export."""

    integration = INTEGRATION

    def ok(self, answer, status=200):
        self.assertEqual(answer.status, status, answer)
        return answer.body

    def exported(self, user):
        """Asks for an export and waits for it; returns what the API shows of it."""
        begun = user.post(f"{self.integration}/exports")
        self.ok(begun, 202)

        def done():
            shown = self.ok(user.get(begun.headers["location"]))
            return shown if shown["status"] != "writing" else None

        return until(done, "the export to be written", 120)

    def removed(self, user):
        watched = user.ask("DELETE", self.integration)
        self.ok(watched, 202)
        until(lambda: self.ok(user.get(watched.headers["location"]))["stage"] == "done", "the removal to be done", 120)

    def lines(self, url):
        fetched = ask("GET", url)
        self.assertEqual(fetched.status, 200, fetched)
        return [json.loads(line) for line in gzip.decompress(fetched.raw).splitlines()]
