"""README, the pages under infra/docs and their neighbours against what they tell of: template, code, contract and each other.

tests/house/test_docs.py runs the commands that they show.
"""

import re
import subprocess
import unittest

import yaml

import picture
from deployed import ROOT, Deployed, expanded, logged_alarms, metrics, source

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "infra/docs").glob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A file or folder of this repository, named in a text.
NAMED = re.compile(r"`((?:domain|functions|infra|tests|\.ci)/[\w./-]+|[\w-]+\.(?:toml|yaml|md|rs))`")
# A test, named by its file and its name.
TEST = re.compile(r"`([\w./-]+\.(?:rs|py))::(\w+)`")
# The pages whose tables say which test shows a protection, in their last column.
SHOWN_BY_TESTS = {"threats.md": 20, "gdpr.md": 30}
RUNBOOK = (ROOT / "infra/docs/runbook.md").read_text()
VERSION = re.search(r'^\[workspace\.package\]\nversion = "([^"]+)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]
# Files that have to repeat the version, and where they do.
REPEATED = {
    "template.yaml": lambda text: re.search(r"^Metadata:\n  Version: (\S+)$", text, re.M)[1],
    "infra/openapi.yaml": lambda text: yaml.safe_load(text)["info"]["version"],
}


def anchors(text):
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def tracked(*patterns):
    """The files of the repository that fit any of the patterns; all files, without one."""
    told = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in told.stdout.split() if (ROOT / name).exists()]


def is_test(file, name):
    """Whether a file of the repository has a test of this name: one that a test runner finds, or a clause of a contract."""
    path = ROOT / file
    if not path.exists():
        return False
    text = path.read_text()
    if file.endswith(".py"):
        return bool(re.search(rf"^    def {name}\(self", text, re.M)) and name.startswith("test_")
    marked = rf"#\[(?:tokio::)?test(?:\(.*\))?\]\n(?:    )*(?:#\[.*\]\n *)*(?:async )?fn {name}\("
    # Clauses of a contract are called for each backend by tests/contract/mod.rs.
    clause = rf"^pub\(super\) async fn {name}\(world: &World" if file.startswith("tests/contract/") else r"(?!)"
    in_macro = rf"^    fn {name}\(.* in " # of proptest
    return bool(re.search(marked, text) or re.search(clause, text, re.M) or re.search(in_macro, text, re.M))


class Pages(unittest.TestCase):
    maxDiff = None

    def test_every_link_leads_somewhere(self):
        for page in PAGES:
            for link in LINK.findall(page.read_text()):
                if re.match(r"https?:", link):
                    continue
                with self.subTest(page=page.name, link=link):
                    name, _, anchor = link.partition("#")
                    target = (page.parent / name).resolve() if name else page
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(target.read_text()))

    def test_every_file_that_a_page_names_exists(self):
        names = {path.name for path in tracked()}
        for page in PAGES:
            for name in NAMED.findall(page.read_text()):
                with self.subTest(page=page.name, name=name):
                    self.assertTrue((ROOT / name).exists() if "/" in name else name in names)

    def test_every_test_that_a_page_names_exists(self):
        named = {(page.name, *test) for page in PAGES for test in TEST.findall(page.read_text())}
        self.assertGreater(len(named), 60)
        for page, file, test in named:
            with self.subTest(page=page, test=f"{file}::{test}"):
                self.assertTrue(is_test(file, test))

    def test_what_is_no_test_is_none(self):
        self.assertTrue(is_test("domain/tests/legal.rs", "an_objection_overrides_every_basis_until_it_is_withdrawn"))
        self.assertTrue(is_test("tests/template/test_pages.py", "test_what_is_no_test_is_none"))
        for file, name in (
            ("domain/tests/legal.rs", "an_objection_overrides"), ("domain/tests/legal.rs", "person"), ("domain/tests/lawful.rs", "x"),
            ("tests/template/test_pages.py", "tracked"), ("domain/src/words/seal/noise.rs", "append"),
        ):
            self.assertFalse(is_test(file, name), name)

    def test_each_row_about_a_protection_is_whole_and_names_a_test(self):
        for name, least in SHOWN_BY_TESTS.items():
            rows = [line for line in (ROOT / "infra/docs" / name).read_text().splitlines() if line.startswith("|") and "---" not in line]
            cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
            headings = [row for row in cells if row[-1] in ("test", "what shows it")]
            for row in (row for row in cells if row not in headings):
                with self.subTest(page=name, row=row[0]):
                    self.assertEqual(len(row), 3)
                    self.assertTrue(all(row))
                    self.assertRegex(row[-1], TEST)
            self.assertGreater(len(cells) - len(headings), least, "the table is read wrongly")

    def test_every_file_that_the_head_of_a_source_names_exists(self):
        names = {path.name for path in tracked()}
        for source in tracked("*.rs"):
            head = "\n".join(line for line in source.read_text().splitlines() if line.startswith("//!"))
            for name in NAMED.findall(head):
                with self.subTest(source=str(source.relative_to(ROOT)), name=name):
                    near = [folder / name for folder in source.parents if folder.is_relative_to(ROOT)]
                    self.assertTrue(any(path.exists() for path in near) if "/" in name else name in names)

    def test_the_readme_leads_to_every_page(self):
        readme = (ROOT / "README.md").read_text()
        reached, todo = set(), [ROOT / "README.md"]
        while todo:
            page = todo.pop()
            if page not in reached:
                reached.add(page)
                links = [link.partition("#")[0] for link in LINK.findall(page.read_text())]
                todo += [path for link in links if link.endswith(".md") and (path := (page.parent / link).resolve()).exists()]
        self.assertEqual([page.name for page in PAGES if page not in reached], [])
        self.assertLess(len(readme.splitlines()), 90, "the first page is for newcomers")

    def test_the_picture_is_drawn_from_the_template(self):
        self.assertEqual(picture.shown(), picture.draw(Deployed(expanded())), "python tests/template/picture.py draws it anew")


class Alarms(unittest.TestCase):
    def test_each_alarm_has_an_entry_in_the_runbook_and_each_entry_an_alarm(self):
        alarms = [logical for logical, resource in source()["Resources"].items() if resource["Type"] == "AWS::CloudWatch::Alarm"]
        self.assertEqual(sorted(re.findall(r"^## (\w+)$", RUNBOOK, re.M)), sorted(alarms))

    def test_each_entry_says_what_rang_what_it_means_where_to_look_and_what_to_do(self):
        for entry in re.split(r"^## ", RUNBOOK, flags=re.M)[1:]:
            with self.subTest(entry.splitlines()[0]):
                self.assertEqual(re.findall(r"^\*\*(What rang|What it means|Look at|Do)", entry, re.M), ["What rang", "What it means", "Look at", "Do"])

    def test_each_alarm_names_its_entry(self):
        for logical, alarm in Deployed(expanded()).of("AWS::CloudWatch::Alarm").items():
            with self.subTest(logical):
                self.assertTrue(alarm["AlarmDescription"].endswith(f"See infra/docs/runbook.md#{logical.lower()}"), alarm["AlarmDescription"])

    def test_the_entry_of_an_alarm_that_a_log_line_names_has_that_name(self):
        alarms = Deployed(expanded()).of("AWS::CloudWatch::Alarm").items()
        watched = {alarm["MetricName"]: logical for logical, alarm in alarms}
        for name, metric in logged_alarms().items():
            with self.subTest(name):
                [entry] = re.findall(rf"^## {watched[metric]}\n(.*?)(?=^## |\Z)", RUNBOOK, re.M | re.S)
                self.assertIn(f"`{name}`", entry)

    def test_the_table_of_metrics_is_the_list_of_the_code(self):
        page = (ROOT / "infra/docs/operate.md").read_text()
        units = {"Count": "count", "Percent": "percent", "None": "hours"}
        by = {"Nothing": "", "Function": "function", "Provider": "CRM"}
        wanted = [
            f"| `{name}` | {one['what']} | {units[one['unit']]} | {by[one['by']]} | {', '.join(one['functions'])} |" for name, one in metrics().items()
        ]
        self.assertGreater(len(wanted), 30, "functions/metrics/list.rs is read wrongly")
        told = re.search(r"^## What CloudWatch counts$.*?^\| --- .*?\n(.*?)\n\n", page, re.M | re.S)[1]
        self.assertEqual(told.splitlines(), wanted)


class Events(unittest.TestCase):
    def test_the_table_of_events_names_every_event_of_the_bus(self):
        kinds = re.findall(r"^    (\w+);$", (ROOT / "domain/src/words/order.rs").read_text(), re.M)
        page = (ROOT / "infra/docs/integrate.md").read_text()
        self.assertGreater(len(kinds), 5, "domain/src/words/order.rs is read wrongly")
        self.assertEqual(sorted(re.findall(r"^\| `(\w+)` \|", page, re.M)), sorted(kinds))


class Version(unittest.TestCase):
    def test_every_file_that_repeats_the_version_has_the_one_of_cargo_toml(self):
        for name, read in REPEATED.items():
            self.assertEqual(read((ROOT / name).read_text()), VERSION, name)

    def test_no_other_file_states_a_version_of_the_product(self):
        for manifest in tracked("*Cargo.toml"):
            with self.subTest(manifest.relative_to(ROOT)):
                package = re.search(r"^\[package\]\n(.*?)(?=^\[|\Z)", manifest.read_text(), re.M | re.S)
                if package:
                    self.assertRegex(package[1], r"(?m)^version\.workspace = true$")
        # A version in quotes or after "version", in whatever is not a lock file, a fixture or a dependency's.
        stated = re.compile(rf'(?i)version["\s:=]+v?{re.escape(VERSION)}\b')
        others = [
            str(path.relative_to(ROOT)) for path in tracked("*.rs", "*.py", "*.yaml", "*.toml", "*.md", "Makefile")
            if stated.search(path.read_text()) and str(path.relative_to(ROOT)) not in {"Cargo.toml", *REPEATED}
        ]
        self.assertEqual(others, [])

    def test_the_changelog_begins_with_what_is_not_released_or_with_this_version(self):
        [first, *_] = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
        self.assertIn(first, ("Unreleased", VERSION))

    def test_receipts_name_the_version(self):
        self.assertIn('software: env!("CARGO_PKG_VERSION")', (ROOT / "domain/src/use_cases/remove_integration/mod.rs").read_text())


class Parameters(unittest.TestCase):
    def test_every_parameter_is_described(self):
        self.assertEqual([name for name, parameter in source()["Parameters"].items() if not parameter.get("Description")], [])


if __name__ == "__main__":
    unittest.main()
