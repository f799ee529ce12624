"""The programs beside Abgleich in `make match-bench`."""
import json
import pathlib
import stat
import tempfile
import unittest

import blocks
import cascade
import worlds

COMPANIES = [
    {"id": "a", "name": "Nordlicht GmbH", "zip": "24103", "city": "Kiel", "country": "DE", "domain": "nordlicht.example"},
    {"id": "b", "name": "Nordlicht AG", "zip": "20095", "city": "Hamburg", "country": "DE", "domain": ""},
    {"id": "c", "name": "Südwind KG", "zip": "1010", "city": "Wien", "country": "AT", "domain": "https://www.suedwind.example/"},
]


def linked(**record):
    return cascade.link(COMPANIES, [{"id": "r"} | record]).get("r")


class Cascade(unittest.TestCase):
    def test_a_name_that_two_companies_have_needs_the_postal_code_or_the_town(self):
        self.assertIsNone(linked(name="Nordlicht"))
        self.assertEqual(linked(name="Nordlicht", zip="D-20095"), "b")
        self.assertEqual(linked(name="NORDLICHT GmbH", city="Kiel"), "a")

    def test_a_domain_is_enough_whatever_the_name(self):
        self.assertEqual(linked(name="Zentrale", website="suedwind.example/kontakt"), "c")

    def test_the_only_company_of_a_name_is_not_taken_in_another_country(self):
        self.assertEqual(linked(name="Suedwind"), "c")
        self.assertIsNone(linked(name="Suedwind", country="DE"))

    def test_empty_values_are_not_equal(self):
        self.assertIsNone(linked(name="", website="", zip=""))

    def test_a_link_of_a_record_without_a_company_is_wrong(self):
        records = [{"id": "r", "name": "Südwind"}, {"id": "s", "name": "Nordlicht", "zip": "24103"}, {"id": "t", "name": "Ostufer"}]
        truth = [{"record_id": "r", "company_id": ""}, {"record_id": "s", "company_id": "a"}, {"record_id": "t", "company_id": "b"}]
        self.assertEqual(cascade.measure(COMPANIES, records, truth), {"precision": 0.5, "recall": 0.5, "f1": 0.5})


class Blocks(unittest.TestCase):
    def test_splink_is_given_only_rules_that_have_pairs(self):
        company = {"name": "nordlicht", "city": "kiel", "domain": None, "zip": "24103", "street": None}
        record = company | {"zip": None, "domain": "nordlicht.example"}
        self.assertEqual(blocks.possible([("name",), ("domain",), ("name", "zip"), ("name", "city")], [company], [record]), [("name",), ("name", "city")])
        self.assertEqual(blocks.compared(["name", "domain", "zip", "city"], [company], [record]), ["name", "city"])

    def test_the_weight_of_a_name_is_learned_from_the_town_where_there_are_no_streets(self):
        poor = {"name": "nordlicht", "city": "kiel", "domain": None, "zip": None, "street": None}
        full = {"name": "nordlicht", "city": "kiel", "domain": "nordlicht.example", "zip": "24103", "street": "hafen 1"}
        self.assertEqual(blocks.sides([poor], [poor]), [("name",), ("city",)])
        self.assertEqual(blocks.sides([full], [full]), [("name",), ("domain",), ("zip", "street")])


class Beside(unittest.TestCase):
    REPORT = {
        "records": 2, "records_with_a_company": 1, "automatic": {"precision": 1, "recall": 1},
        "suggested_or_better": {"precision": 1, "recall": 1, "f1": 1}, "calibration": [],
    }

    def test_each_world_and_its_poorer_twin_have_the_figures_of_the_programs_beside(self):
        with tempfile.TemporaryDirectory() as folder:
            world = pathlib.Path(folder) / "town"
            world.mkdir()
            worlds.write(world / "companies.csv", COMPANIES)
            worlds.write(world / "records.csv", [{"id": str(at), "name": row["name"], "zip": row["zip"]} for at, row in enumerate(COMPANIES)])
            worlds.write(world / "truth.csv", [{"record_id": str(at), "company_id": row["id"]} for at, row in enumerate(COMPANIES)])
            program = pathlib.Path(folder) / "program"
            program.write_text(f"#!/bin/sh\ncat > $1 <<'END'\n{json.dumps(self.REPORT)}\nEND\n", encoding="ascii")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            asked = []

            def splink(files):
                asked.append([file.parent.relative_to(folder).as_posix() for file in files])
                return {"f1": 0.5, "precision": 0.6, "recall": 0.4}

            reports = worlds.table(program, [world], pathlib.Path(folder) / "made", splink)
        self.assertEqual(list(reports), ["town", "town, more absent"])
        self.assertEqual(asked, [["town"] * 3, ["made/town", "town", "made/town"]])
        self.assertEqual(reports["town"]["cascade"], {"precision": 1.0, "recall": 1.0, "f1": 1.0})
        self.assertEqual(reports["town, more absent"]["cascade"]["recall"], 1.0)
        self.assertEqual(reports["town, more absent"]["splink"]["f1"], 0.5)


if __name__ == "__main__":
    unittest.main()
