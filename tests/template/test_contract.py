"""infra/openapi.yaml and the table of routes in functions/api/routes.rs agree in both directions."""

import re
import tempfile
import unittest
from pathlib import Path

import yaml
from openapi_spec_validator import validate

from deployed import ROOT, source
from linter import lint

CONTRACT = yaml.safe_load((ROOT / "infra/openapi.yaml").read_text())
ROUTES = (ROOT / "functions/api/routes.rs").read_text()
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
ROW = re.compile(r'route!\(\s*(?:reads|changes) (\w+) "([^"]+)",\s*"(\w+)",\s*(\w+),\s*[\w:]+(?:,\s*\[([^\]]*)\])?,?\s*\)')
OPEN = re.compile(r'Route \{ method: "(\w+)", path: "([^"]+)", operation: "(\w+)", needs: Needs::(Nothing), query: &\[([^\]]*)\],')


def table():
    """{(method, path): (operation, scope, parameters of the query)} of the code."""
    scopes = {"Nothing": None, "Operator": "operator", "Read": "abgleich/read", "Write": "abgleich/write", "Admin": "abgleich/admin"}
    rows = ROW.findall(ROUTES) + OPEN.findall(ROUTES)
    return {(method, path): (operation, scopes[needs], set(re.findall(r'"(\w+)"', query))) for method, path, operation, needs, query in rows}


def operations():
    """(method, path, operation) of the contract."""
    for path, item in CONTRACT["paths"].items():
        for method in METHODS & set(item):
            yield method.upper(), path, item[method]


def scope(operation):
    """The one scope that an operation needs, `operator` for one that IAM decides about, or None."""
    security = operation.get("security", CONTRACT["security"])
    if not security:
        return None
    [requirement] = security
    if requirement == {"operator": []}:
        return "operator"
    [scope] = requirement["tokens"]
    return scope


def query(path, operation):
    """The names of the parameters that the query may have."""
    given = [_resolved(parameter) for parameter in CONTRACT["paths"][path].get("parameters", []) + operation.get("parameters", [])]
    return {parameter["name"] for parameter in given if parameter["in"] == "query"}


def headers(path, operation):
    """The names of the headers that an operation reads."""
    given = [_resolved(parameter) for parameter in CONTRACT["paths"][path].get("parameters", []) + operation.get("parameters", [])]
    return {parameter["name"] for parameter in given if parameter["in"] == "header"}


class Contract(unittest.TestCase):
    maxDiff = None

    def test_a_page_may_send_every_header_that_an_operation_reads(self):
        read = {name.lower() for _, path, operation in operations() for name in headers(path, operation)}
        self.assertLessEqual({"if-match", "idempotency-key"}, read)
        cors = source()["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"][1]
        self.assertEqual(set(cors["AllowHeaders"]), read | {"authorization", "content-type"})

    def test_it_is_valid_openapi_3_1(self):
        self.assertEqual(CONTRACT["openapi"], "3.1.0")
        validate(CONTRACT)

    def test_other_peoples_tools_find_nothing_to_complain_of(self):
        self.assertEqual(lint(ROOT / "infra/openapi.yaml"), "")

    def test_the_linter_complains_of_a_comma_that_makes_a_key_of_half_a_description(self):
        text = (ROOT / "infra/openapi.yaml").read_text()
        broken = re.sub(r'description: "(The invalid field of the body, as a JSON pointer)"', r"description: \1", text)
        self.assertNotEqual(broken, text)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "openapi.yaml"
            file.write_text(broken)
            self.assertIn("as a JSON pointer", lint(file))

    def test_no_comma_makes_a_key_of_half_a_description(self):
        # The linter does not look beside a reference.
        def keys(part):
            if isinstance(part, dict):
                yield from part
            for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
                yield from keys(one)

        self.assertEqual([key for key in keys(CONTRACT) if " " in str(key)], [])

    def test_every_operation_lists_the_refusals_that_its_route_can_answer(self):
        for method, path, operation in operations():
            with self.subTest(operation["operationId"]):
                listed = {int(status) for status in operation["responses"] if status.startswith("4")}
                # The gateway itself can answer this to any request.
                needed = {429}
                if scope(operation):
                    # An unknown parameter, no valid token, a token without the scope.
                    needed |= {400, 401, 403}
                if "{" in path:
                    needed.add(404)
                if "requestBody" in operation:
                    needed |= {413, 415, 422}
                if "If-Match" in headers(path, operation):
                    needed |= {412, 428}
                # Refusals that depend on the state; tests of the API compare its answers with the list.
                state = {404, 409, 410, 422} if scope(operation) else set()
                self.assertLessEqual(needed, listed)
                self.assertLessEqual(listed, needed | state)

    def test_a_browser_may_read_every_header_that_an_answer_has(self):
        answers = [_resolved(answer) for _, _, operation in operations() for answer in operation["responses"].values()]
        answered = {name.lower() for answer in answers for name in answer.get("headers", {})}
        cors = source()["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"][1]
        self.assertEqual({name.lower() for name in cors["ExposeHeaders"]}, answered)

    def test_every_route_is_in_the_contract_and_everything_in_the_contract_is_a_route(self):
        rows = ROUTES.count("\n    route!(") + ROUTES.count("\n    Route { method:")
        self.assertEqual(len(table()), rows, "functions/api/routes.rs is read wrongly")
        contract = {(method, path): (operation["operationId"], scope(operation), query(path, operation)) for method, path, operation in operations()}
        self.assertEqual(contract, table())

    def test_every_operation_says_what_it_is_and_what_it_answers_when_something_is_wrong(self):
        tags = {tag["name"] for tag in CONTRACT["tags"]}
        for method, path, operation in operations():
            with self.subTest(operation["operationId"]):
                self.assertTrue(operation["summary"])
                self.assertLessEqual(set(operation["tags"]), tags)
                self.assertTrue(any(status.startswith("2") for status in operation["responses"]))
                if scope(operation):
                    self.assertEqual(operation["responses"]["default"], {"$ref": "#/components/responses/Problem"})

    def test_every_name_in_a_path_is_a_parameter(self):
        for path, item in CONTRACT["paths"].items():
            for method in METHODS & set(item):
                given = [_resolved(parameter) for parameter in item.get("parameters", []) + item[method].get("parameters", [])]
                names = {parameter["name"] for parameter in given if parameter["in"] == "path"}
                self.assertEqual(names, set(re.findall(r"{(\w+)}", path)), path)

    def test_bodies_deny_what_they_do_not_know(self):
        for method, path, operation in operations():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if body:
                schema = _resolved(body)
                closed = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
                self.assertIs(closed, False, operation["operationId"])


def _resolved(part):
    if "$ref" not in part:
        return part
    place = CONTRACT
    for step in part["$ref"].removeprefix("#/").split("/"):
        place = place[step]
    return _resolved(place)


if __name__ == "__main__":
    unittest.main()
