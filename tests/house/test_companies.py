"""The vendor's file of companies, through the deployed template: what a broken or short file costs, and how the operator accepts one."""

import json
import unittest

from world import World

from wait import until


def row(n):
    return f"{n},Firma {n} GmbH,Berlin,DE"


def file(rows):
    return "\n".join(["id,name,city,country", *rows, ""])


class FilesOfCompanies(unittest.TestCase):
    name, parameters = "companies", {}

    def setUp(self):
        self.world = World(self.name, tenants=(), fresh=True, **self.parameters)
        self.addCleanup(lambda: self.assertEqual(self.world.end(), [], "found in clear"))
        self.bucket = self.world.stack.settings("companies")["BUCKET_REFERENCE"]

    def take_in(self, name, text, encoding="utf-8"):
        """Puts a file where the vendor would; returns its report."""
        s3 = self.world.stack.client("s3")
        s3.put_object(Bucket=self.bucket, Key=f"incoming/{name}", Body=text.encode(encoding))
        reports = {"Bucket": self.bucket, "Prefix": f"reports/{name}."}
        listed = until(lambda: s3.list_objects_v2(**reports).get("Contents"), "the report of the import", 300)
        return json.load(s3.get_object(Bucket=self.bucket, Key=listed[0]["Key"])["Body"])["report"]

    def held(self):
        """The ids of all companies in the table that hold something, of every edition."""
        table, found, start = self.world.stack.client("dynamodb"), [], {}
        name = self.world.stack.settings("companies")["TABLE_COMPANIES"]
        while True:
            page = table.scan(TableName=name, ProjectionExpression="sk, c", **start)
            found += [item["sk"]["S"][2:] for item in page["Items"] if item["sk"]["S"].startswith("C#") and "c" in item]
            if "LastEvaluatedKey" not in page:
                return sorted(found, key=int)
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def n_rows(self):
        """How many rows of keys and companies the table has."""
        name = self.world.stack.settings("companies")["TABLE_COMPANIES"]
        table, found, start = self.world.stack.client("dynamodb"), 0, {}
        while True:
            rows = {"FilterExpression": "NOT begins_with(pk, :mark)", "ExpressionAttributeValues": {":mark": {"S": "!"}}}
            page = table.scan(TableName=name, Select="COUNT", **rows, **start)
            found += page["Count"]
            if "LastEvaluatedKey" not in page:
                return found
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def published(self):
        return self.world.operator.run("companies")["published"]

    def test_no_company_goes_without_a_word(self):
        rows = [row(n) for n in range(1, 501)]
        with self.subTest("a quote that is never closed costs one row, told by its line"):
            stray = rows[:9] + ['10,"Zollstock 12 GmbH,Berlin,DE'] + rows[10:399] + ['400,Das "Gute" Werk GmbH,Bonn,DE'] + rows[400:]
            report = self.take_in("stray.csv", file(stray))
            self.assertEqual(report["result"], "published", report)
            counts = report["rows"]
            self.assertEqual([(e["line"], e["field"], e["reason"]) for e in counts["errors"]], [(11, "name", "quote")], report)
            self.assertEqual((counts["n_lines"], counts["n_accepted"], counts["n_refused"]), (501, 499, 1), report)
            self.assertEqual(self.held(), [str(n) for n in range(1, 501) if n != 10])
        edition = self.published()
        with self.subTest("a quoted field over lines that are rows: each counts, and so many are too many"):
            swallowed = rows[:9] + ['10,"Zollstock 12 GmbH,Berlin,DE'] + rows[10:299] + ['300,Zollstock 24",Bonn,DE'] + rows[300:]
            report = self.take_in("swallowed.csv", file(swallowed))
            self.assertEqual((report["result"], report["problem"]["code"]), ("refused", "file.too_many_refused"), report)
            self.assertEqual(report["rows"]["n_refused"], 291, report)
        with self.subTest("another encoding is told, however few rows show it"):
            latin = rows[:450] + ["451,Müller GmbH,Köln,DE"] + rows[451:]
            report = self.take_in("latin.csv", file(latin), "cp1252")
            self.assertEqual((report["result"], report["problem"]["code"]), ("refused", "file.encoding"), report)
            self.assertIn("line 452", report["problem"]["detail"])
        with self.subTest("a much smaller edition waits for the operator's word"):
            fewer = file(rows[:399])
            report = self.take_in("fewer.csv", fewer)
            self.assertEqual((report["result"], report["problem"]["code"]), ("refused", "import.much_smaller"), report)
            self.assertEqual(report["companies_before"], 499)
            self.assertEqual(self.published(), edition)
            self.assertEqual(len(self.held()), 499)
            noted = self.world.operator.run("companies", "--accept-smaller", "399")
            self.assertEqual((noted["companies"], noted["accepts_smaller"]), (499, 399))
            report = self.take_in("again.csv", fewer)
            self.assertEqual(report["result"], "published", report)
            self.assertEqual(len(self.held()), 399)
            counts = tuple(report[f"companies_{what}"] for what in ("added", "changed", "removed"))
            self.assertEqual(counts, (1, 0, 101), report)
        with self.subTest("what the edition before held alone is deleted by the next, and nothing else is written"):
            before = self.n_rows()
            report = self.take_in("same.csv", fewer)
            self.assertEqual(report["result"], "published", report)
            self.assertEqual(before - self.n_rows(), report["written"], report)
            self.assertGreaterEqual(report["written"], 101, report)
            self.assertEqual(self.take_in("still.csv", fewer)["written"], 0)
        with self.subTest("and that word is for one edition"):
            report = self.take_in("least.csv", file(rows[:300]))
            self.assertEqual((report["result"], report["problem"]["code"]), ("refused", "import.much_smaller"), report)
            self.assertIsNone(self.world.operator.run("companies")["accepts_smaller"])
        with self.subTest("each file that was refused rings the alarm"):
            lines = lambda: [json.loads(line["message"]) for line in self.world.stack.logs("companies") if '"alarm"' in line["message"]]
            until(lambda: len(lines()) >= 4, "the lines that ring the alarm", 20)
            problems = ["file.too_many_refused", "file.encoding", "import.much_smaller", "import.much_smaller"]
            self.assertEqual([(line["alarm"], line["problem"]) for line in lines()], [("file_refused", problem) for problem in problems])


class LargeFilesOfCompanies(FilesOfCompanies):
    # An invocation works for ten seconds and hands over what it has not done.
    name, parameters = "companies-sliced", {"CompaniesTimeout": "70"}
    test_no_company_goes_without_a_word = None

    def test_a_file_that_takes_several_invocations_is_published_whole(self):
        n = 20_000
        report = self.take_in("large.csv", file([row(k) for k in range(n)]))
        self.assertEqual(report["result"], "published", report)
        s3 = self.world.stack.client("s3")
        places = s3.list_objects_v2(Bucket=self.bucket, Prefix="places/large.csv.").get("Contents", [])
        self.assertGreater(len(places), 0, "it took several invocations")
        self.assertEqual((report["companies_added"], report["rows"]["n_accepted"]), (n, n), report)
        self.assertEqual(self.held(), [str(k) for k in range(n)])


if __name__ == "__main__":
    unittest.main()
