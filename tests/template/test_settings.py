"""The settings, bounds and indices that the code reads and those that the template gives are the same."""

import json
import re

from breaking import Promises, broken_by, put, without
from deployed import ACCOUNT, ROOT, Deployed, expanded, source

SETTINGS = "\n".join(file.read_text() for file in sorted((ROOT / "functions/settings").glob("*.rs")))
# The bounds between which the code reads a setting as a number.
BOUNDS = re.compile(r'number\(get, "(\w+)", (\w+), ([\w:]+)\)')


def read_by_code():
    """{function: the names of its settings}, read from functions/settings and from the connectors' own."""
    listed = re.search(r"pub const ALL: .*?= &\[(.*?)\n\];", SETTINGS, re.S).group(1)
    found = {}
    for function, owner, work in re.findall(r'\("(\w+)", (\w+)::NAMES, Work::(\w+)\)', listed):
        names = re.search(rf"impl {owner} \{{.*?pub const NAMES: [^=]*=\s*&\[(.*?)\];", SETTINGS, re.S).group(1)
        found[function] = set(re.findall(r'"(\w+)"', names)) | of_apps(work)
    return found


def of_apps(work):
    """The names of the apps' settings that a function reads, as functions/settings/app.rs says it."""
    if work == "Nothing":
        return set()
    names = {"OAUTH_REDIRECT_URL"} if work == "Answers" else set()
    providers = (ROOT / "domain/src/words/provider.rs").read_text()
    for provider in re.findall(r'^ +\w+ = "([\w-]+)";', providers, re.M):
        folder = ROOT / "infra/src/crm" / provider.replace("-", "_")
        own = (folder / "settings.rs").read_text()
        spelt = dict(re.findall(r'^const (\w+): &str = "(\w+)";', own, re.M))
        mine = {spelt[name] for name, users in re.findall(r"name: (\w+),\s+users: Users::(\w+),", own) if users == "All" or work == "Answers"}
        if work != "Revokes" or "by_client: true" in (folder / "provider.rs").read_text():
            mine |= {"CLIENT_ID", "CLIENT_SECRET", "PREVIOUS_CLIENT_ID", "PREVIOUS_CLIENT_SECRET"}
        if work == "Answers":
            mine.add("LOGIN_URLS")
        names |= {f"{provider.upper().replace('-', '_')}_{name}" for name in mine}
    return names


def body(file, function):
    """The text of a Rust function."""
    return re.search(rf"fn {function}\(.*?\n}}\n", (ROOT / file).read_text(), re.S).group(0)


def limits():
    """{limit: (setting, usual number)}, read from domain/src/words/allowance.rs."""
    text = (ROOT / "domain/src/words/allowance.rs").read_text()
    names = dict(re.findall(r'^    (\w+) = "(\w+)";', text, re.M))
    usual = {}
    for variants, number in re.findall(r"^            ((?:Self::\w+(?: \| )?)+) => \(.*?, ([\d_]+)\),$", text, re.M):
        usual |= {name: int(number.replace("_", "")) for name in re.findall(r"Self::(\w+)", variants)}
    return {names[variant]: (f"TENANT_{names[variant].upper()}", usual[variant]) for variant in names}


class Settings(Promises):
    def test_a_limit_has_the_same_usual_number_in_the_code_in_the_template_and_on_the_page(self):
        self.assertGreater(len(limits()), 8)
        parameters = source()["Parameters"]
        page = (ROOT / "infra/docs/operate.md").read_text()
        for name, (setting, usual) in limits().items():
            parameter = "".join(part.capitalize() for part in setting.split("_"))
            self.assertEqual(parameters[parameter]["Default"], usual, name)
            self.assertIn(f"| `{name}` | `{parameter}` | {usual} |", page)

    @broken_by(
        without("SyncFunction", "Properties", "Environment", "Variables", "KMS_KEY"),
        put("DispatchFunction", "Properties", "Environment", "Variables", "TABLE_COPIES", {"Ref": "Copies"}),
        without("RemoveFunction", "Properties", "Environment", "Variables", "HUBSPOT_CLIENT_SECRET"),
        put("RemoveFunction", "Properties", "Environment", "Variables", "SALESFORCE_CLIENT_SECRET", {"Ref": "SalesforceClientSecret"}),
        put("SyncFunction", "Properties", "Environment", "Variables", "HUBSPOT_SCOPES", {"Ref": "HubSpotScopes"}),
    )
    def test_every_function_is_given_what_its_code_reads_and_no_more(self, stack):
        given = {
            function["FunctionName"].removeprefix("abgleich-"): set(function["Environment"]["Variables"])
            for function in stack.of("AWS::Lambda::Function").values()
        }
        self.assertEqual(given, read_by_code())
        self.assertGreater(len(given["sync"]), 5, "functions/settings is read wrongly")

    def test_a_parameter_of_a_crm_has_the_default_of_its_connector(self):
        def text(path):
            return (ROOT / "infra/src/crm" / path).read_text()

        default = {name: parameter.get("Default") for name, parameter in source()["Parameters"].items()}
        self.assertIn(f'"{default["HubSpotLoginUrls"]}"', text("hubspot/provider.rs"))
        self.assertIn(f'"{default["HubSpotApiVersion"]}"', text("hubspot/settings.rs"))
        self.assertIn(f'"{default["DynamicsLoginUrls"]}"', text("dynamics/provider.rs"))
        self.assertIn(f'"{default["DynamicsApiVersion"]}"', text("dynamics/settings.rs"))
        self.assertIn(f'"{default["SalesforceLoginUrls"].split(",")[0]}"', text("salesforce/settings.rs"))

    def test_the_bench_starts_functions_with_every_setting_that_they_read(self):
        text = (ROOT / "tests/bench/src/cold_start.rs").read_text()
        self.assertLessEqual(set().union(*read_by_code().values()), set(re.findall(r'"([A-Z_]+)"', text)))
        self.assertIn(f'"{source()["Parameters"]["HubSpotScopes"]["Default"]}"', text)

    @broken_by(
        put("SyncFunction", "Properties", "Environment", "Variables", "TABLE_COPIES", {"Ref": "Ledger"}),
        put("CompaniesFunction", "Properties", "Environment", "Variables", "BUCKET_REFERENCE", {"Ref": "Pages"}),
        put("DispatchFunction", "Properties", "Environment", "Variables", "EVENT_BUS", "default"),
    )
    def test_each_place_is_the_one_that_its_setting_names(self, stack):
        places = {
            "TABLE_LEDGER": "Ledger", "TABLE_COPIES": "Copies", "TABLE_KEYS": "Keys", "TABLE_TENANT_KEYS": "TenantKeys", "TABLE_COMPANIES": "Companies",
            "BUCKET_PAGES": "Pages", "BUCKET_REFERENCE": "Reference", "EVENT_BUS": "Bus", "QUEUE_SYNC": "SyncQueue", "QUEUE_REMOVE": "RemoveQueue",
        }
        for logical, function in stack.of("AWS::Lambda::Function").items():
            for name, value in function["Environment"]["Variables"].items():
                if name in places:
                    self.assertEqual(value, stack.name(places[name]), f"{logical} {name}")
                for setting, key in (("KMS_KEY", "Key"), ("KMS_RECEIPT_KEY", "ReceiptKey"), ("KMS_HEADS_KEY", "HeadsKey")):
                    if name == setting:
                        self.assertEqual(value, stack.arn(key), logical)

    @broken_by(
        without("ApiFunction", "Properties", "KmsKeyArn"),
        put("ApiFunction", "Properties", "KmsKeyArn", "alias/aws/lambda"),
        put("ApiFunction", "Properties", "KmsKeyArn", {"Fn::GetAtt": ["Key", "Arn"]}),
        without("SyncFunction", "Properties", "KmsKeyArn"),
        without("RemoveFunction", "Properties", "KmsKeyArn"),
        put("DispatchFunction", "Properties", "Environment", "Variables", "SALESFORCE_PREVIOUS_CLIENT_SECRET", {"Ref": "SalesforcePreviousClientSecret"}),
    )
    def test_a_secret_is_not_echoed_and_not_shown_with_a_functions_configuration(self, stack):
        secret = [name for name, parameter in source()["Parameters"].items() if "Secret" in name]
        self.assertEqual(secret, [
            "SalesforceClientSecret", "SalesforcePreviousClientSecret", "HubSpotClientSecret", "HubSpotPreviousClientSecret",
            "DynamicsClientSecret", "DynamicsPreviousClientSecret",
        ])
        for name in secret:
            self.assertTrue(source()["Parameters"][name]["NoEcho"], name)
        for logical, function in stack.of("AWS::Lambda::Function").items():
            if any("SECRET" in name for name in function["Environment"]["Variables"]):
                self.assertEqual(function.get("KmsKeyArn"), stack.arn("StorageKey"), logical)

    def test_no_number_can_be_chosen_that_the_code_would_refuse(self):
        parameters, checked = source()["Parameters"], set()
        for resource in source()["Resources"].values():
            variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
            for name, least, most in BOUNDS.findall(SETTINGS):
                if name not in variables:
                    continue
                parameter = parameters[variables[name]["Ref"]]
                chosen = parameter.get("AllowedValues", [parameter.get("MinValue"), parameter.get("MaxValue")])
                self.assertGreaterEqual(chosen[0], int(least.replace("_", "")), name)
                if not most.endswith("MAX"):
                    self.assertLessEqual(chosen[-1], int(most.replace("_", "")), name)
                checked.add(name)
        self.assertEqual(checked, {"COMPANIES_MAX_SHRINK_PERCENT", "CRM_RESERVE_PERCENT", "CRM_SHARE_PERCENT", "PAGE_RETENTION_DAYS", "REMOVAL_DELETES_PER_SECOND", "REMOVAL_SETTLE_SECONDS", "SPREAD_FROM_HOUR", "SPREAD_HOURS", "SYNC_INTERVAL_MINUTES", "SYNC_RESERVE_SECONDS", "SYNC_TIMEOUT_SECONDS", "SYNC_BULK_THRESHOLD", "UNVERIFIED_ALARM_HOURS"} | {variable for variable, _ in limits().values()})

    def test_a_pattern_takes_what_the_code_reads_and_nothing_else(self):
        parameters, variables = source()["Parameters"], source()["Resources"]["ApiFunction"]["Properties"]["Environment"]["Variables"]
        samples = json.loads((ROOT / "tests/template/stated.json").read_text())
        for name, values in samples.items():
            parameter = parameters[variables[name]["Ref"]]
            for value, taken in (values | {parameter["Default"]: True}).items():
                self.assertEqual(bool(re.fullmatch(parameter["AllowedPattern"], value)), taken, f"{name}: {value}")

    def test_a_crm_on_this_machine_is_connected_only_where_it_is_asked_for(self):
        self.assertEqual(source()["Parameters"]["CrmLoopback"]["Default"], "no")

    def test_no_account_of_aws_has_a_crm_on_its_own_machine_whatever_the_parameter_says(self):
        for account, asked, given in ((ACCOUNT, "yes", "no"), ("000000000000", "yes", "yes"), ("000000000000", "no", "no"), (ACCOUNT, "no", "no")):
            functions = Deployed(expanded(), account=account, CrmLoopback=asked).of("AWS::Lambda::Function").values()
            told = [variables["CRM_LOOPBACK"] for one in functions if "CRM_LOOPBACK" in (variables := one["Environment"]["Variables"])]
            self.assertEqual(told, [given] * 3, (account, asked))


class Indices(Promises):
    @broken_by(
        put("Ledger", "Properties", "GlobalSecondaryIndexes", 0, "IndexName", "overdue"),
        put("Ledger", "Properties", "GlobalSecondaryIndexes", 0, "Projection", "NonKeyAttributes", ["tenant", "integration", "generation"]),
        put("Ledger", "Properties", "GlobalSecondaryIndexes", 1, "Projection", "NonKeyAttributes", ["tenant", "integration"]),
    )
    def test_the_indexes_of_what_is_synced_hold_what_dispatch_reads_from_them(self, stack):
        ledger = stack.properties("Ledger")
        indices = {index["IndexName"]: index for index in ledger["GlobalSecondaryIndexes"]}
        asked = re.findall(r'index_name\("(\w+)"\)', (ROOT / "infra/src/aws/dynamodb/schedule.rs").read_text())
        self.assertEqual(set(asked), set(indices))
        rows = "infra/src/aws/dynamodb/rows.rs"
        read = set()
        for function in ("due", "hour", "scope", "open_run"):
            read |= set(re.findall(r'row\.\w+\("(\w+)"\)', body(rows, function)))
        held = set(indices["due"]["Projection"]["NonKeyAttributes"]) | {"pk", "sk", "due_bucket", "due_at"}
        self.assertTrue({"tenant", "due_at", "run_id"} <= read, f"{rows} is read wrongly")
        self.assertLessEqual(read, held)
        read = {name for function in ("unverified", "scope") for name in re.findall(r'row\.\w+\("(\w+)"\)', body(rows, function))}
        held = set(indices["unverified"]["Projection"]["NonKeyAttributes"]) | {"pk", "sk", "due_bucket", "verified_at"}
        self.assertTrue({"tenant", "verified_at"} <= read, f"{rows} is read wrongly")
        self.assertLessEqual(read, held)

    @broken_by(put("Copies", "Properties", "GlobalSecondaryIndexes", 0, "KeySchema", 0, "AttributeName", "email"))
    def test_the_lookups_of_copies_are_those_that_the_code_writes(self, stack):
        text = (ROOT / "infra/src/aws/dynamodb/copy_rows.rs").read_text()
        written = set(re.findall(r'"(h[a-z])"', text))
        indexed = {index["KeySchema"][0]["AttributeName"] for index in stack.properties("Copies")["GlobalSecondaryIndexes"]}
        self.assertEqual(indexed, written)
