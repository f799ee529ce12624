"""Shared by the tests of the display: a synced copy, and lists page by page."""

import csv
import json
import subprocess
import unittest

from api import INTEGRATION, ApiWorld
from world import RELEASE, until


# There are two companies of each of these names, in different towns. A record with nothing but the name may be either of them.
TWINS = ("Zwillingskugel", "Doppelbrunnen", "Paarwinkel")
CITIES = (("50667", "Köln"), ("53111", "Bonn"))


class Displayed(unittest.TestCase):
    """A house with one connected tenant, whose CRM is copied."""

    name, companies, parameters, world_of = "displayed", 0, {}, ApiWorld
    integration = INTEGRATION

    def setUp(self):
        self.world = self.world_of(self.name, **self.parameters)
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.user = self.world.client()
        if self.companies:
            self.take_in(self.companies)
            for name in TWINS:
                self.create("Account", Name=f"{name} GmbH")
        self.assertEqual(self.world.connect(self.user).status, 201)
        self.synced()

    def take_in(self, n):
        """The vendor's file: `n` companies, which the generated records refer to, and pairs of companies with the same name."""
        file = self.world.path / "companies.csv"
        subprocess.run(
            [RELEASE / "generator", "companies", "--size", str(n), "--seed", "1", "--format", "csv", "-o", file],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )
        with file.open(newline="") as there:
            columns = next(csv.reader(there))
        with file.open("a", newline="") as more:
            rows = csv.DictWriter(more, columns, restval="")
            for name in TWINS:
                rows.writerows({"id": f"{name}-{city}", "name": f"{name} GmbH", "zip": zip_, "city": city, "country": "DE"} for zip_, city in CITIES)
        s3, bucket = self.world.stack.client("s3"), self.world.stack.settings("companies")["BUCKET_REFERENCE"]
        s3.upload_file(str(file), bucket, "incoming/companies.csv")
        listed = until(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="reports/").get("Contents"), "the report of the import", 60)
        report = json.load(s3.get_object(Bucket=bucket, Key=listed[0]["Key"])["Body"])
        self.assertEqual(report["report"]["result"], "published", report)
        # Neither file belongs to a tenant, so names in them may be in clear.
        for key in ("incoming/companies.csv", listed[0]["Key"]):
            s3.delete_object(Bucket=bucket, Key=key)

    def synced(self):
        """Begins a run and waits for it; returns {object: what the run did}."""
        self.world.settle()
        run = self.ok(self.user.post(f"{self.integration}/runs"), 202)["run"]
        until(lambda: self.user.get(f"{self.integration}/runs/{run}").status == 200, "the run to end", 180)
        until(lambda: self.user.get(self.integration).body["openRun"] is None, "no run to be open", 60)
        body = self.user.get(f"{self.integration}/runs/{run}").body
        self.assertIsNone(body["failure"], body)
        return {done["object"]: done for done in body["objects"]}

    def create(self, name, **fields):
        """Makes a record in the CRM; returns its id."""
        return self.world.organisation().control("create", object=name, fields=fields)["id"]

    def ok(self, answer, status=200):
        self.assertEqual(answer.status, status, answer)
        return answer.body

    def all(self, query, limit=37):
        """All records of a list, page by page."""
        records, cursor = [], ""
        while cursor is not None:
            page = self.ok(self.user.get(f"{self.integration}/records?{query}&limit={limit}" + (f"&cursor={cursor}" if cursor else "")))
            records, cursor = records + page["records"], page["cursor"]
        return records

    def search(self, **wanted):
        """All records that a search finds."""
        records, cursor = [], None
        while True:
            page = self.ok(self.user.post(f"{self.integration}/records/search", wanted | {"cursor": cursor, "limit": 50}))
            records, cursor = records + page["records"], page["cursor"]
            if cursor is None:
                return records

    def suggestions(self):
        """All suggestions, page by page."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.ok(self.user.get(f"{self.integration}/relations/suggested?limit=100" + (f"&cursor={cursor}" if cursor else "")))
            found, cursor = found + page["suggestions"], page["cursor"]
        return found
