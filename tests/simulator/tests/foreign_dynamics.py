#!/usr/bin/env python3
"""Uses the simulator of Dynamics 365 through powerplatform-dataverse-client (PyPI, powerplatform-dataverse-client==1.1.0), Microsoft's own
client for Python.

    python foreign_dynamics.py --url http://127.0.0.1:PORT [--rows 350]

The script loads its own rows through the control requests (clearing what is there), and compares everything that the client reads with
what was loaded. The client knows nothing of change tracking and of ids of one's own on a PATCH, so those requests go out through its HTTP
layer, with its own headers and errors. Exits with 1 and one line per disagreement.
"""

import argparse
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError, MetadataError
from PowerPlatform.Dataverse.models.upsert import UpsertItem

REFRESH_TOKEN = "0.simulated-refresh-token"
OWN = "c0ffee00-1234-4567-89ab-0123456789ab"
disagreements = []


def check(what, got, wanted):
    if got != wanted:
        disagreements.append(f"{what}: got {str(got)[:300]!r}, wanted {str(wanted)[:300]!r}")


def control(url, operation, body=b"{}"):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/control/{operation}", data=body, method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def token(url, **fields):
    """(status, body) of a request for a token."""
    form = urllib.parse.urlencode({"client_id": "app", "client_secret": "secret"} | fields).encode()
    try:
        with urllib.request.urlopen(f"{url}/organizations/oauth2/v2.0/token", data=form, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def refusal(what, call, exception=HttpError):
    """The error of a call that has to be refused."""
    try:
        call()
    except exception as error:
        return error
    disagreements.append(f"{what}: was not refused")
    return exception("", status_code=0) if exception is HttpError else exception("")


def of(error):
    """Status and code of a refusal."""
    return error.status_code, error.details.get("service_error_code")


class Credential:
    """A credential as azure-identity has them. It asks the simulator's own token endpoint, since azure-identity insists on https."""

    def __init__(self, url):
        self.url, self.scopes = url, []

    def get_token(self, *scopes, **_):
        self.scopes.append(scopes[0])
        status, body = token(self.url, grant_type="client_credentials", scope=f"{self.url}/.default")
        check("token", (status, body["token_type"], "refresh_token" in body), (200, "Bearer", False))
        return AccessToken(body["access_token"], 0)


def made(n):
    name = ["Müller & Söhne GmbH", 'Die "Guten" AG', "Komma, Punkt KG", "Zeile\nZwei OHG", "O'Neil\\Co"][n % 5] + f" {n}"
    return {"name": name, "numberofemployees": n, "address1_city": "Köln" if n % 2 else None, "modifiedon": f"2026-10-01T08:00:{n % 60:02}Z"}


def tokens(url):
    status, body = token(url, grant_type="refresh_token", refresh_token=REFRESH_TOKEN)
    check("refresh", (status, body.get("expires_in"), body.get("refresh_token") not in (None, REFRESH_TOKEN)), (200, 3599, True))
    status, body = token(url, grant_type="refresh_token", refresh_token="spent")
    check("refresh: refused", (status, body.get("error"), body.get("error_codes")), (400, "invalid_grant", [700082]))
    check("refresh: text", body.get("error_description", "").startswith("AADSTS700082: "), True)


def reads(client, rows):
    wanted = {row["name"]: row for row in rows}
    select = ["name", "numberofemployees", "address1_city", "modifiedon"]
    pages = list(client.records.list_pages("account", select=select, orderby=["modifiedon asc", "accountid asc"], page_size=100))
    check("pages", [len(page) for page in pages], [100] * (len(rows) // 100) + ([len(rows) % 100] if len(rows) % 100 else []))
    listed = [row for page in pages for row in page]
    check("list: each once", sorted(row["name"] for row in listed), sorted(wanted))
    check("list: in order", [row["modifiedon"] for row in listed], sorted(row["modifiedon"] for row in rows))
    for row in listed:
        source = wanted.get(row["name"], {})
        check("list: values", [row[name] for name in select], [source.get(name) for name in select])
    found = client.records.list("account", select=["name"], filter="numberofemployees ge 10 and (contains(name,'Guten') or endswith(name,' 12'))")
    check("filter", sorted(row["name"] for row in found), sorted(row["name"] for row in rows if row["numberofemployees"] >= 10 and ("Guten" in row["name"] or row["name"].endswith(" 12"))))
    check("top", len(client.records.list("account", select=["name"], top=7)), 7)
    quoted = next(row for row in rows if "'" in row["name"])["name"].replace("'", "''")
    check("quotes", len(client.records.list("account", select=["name"], filter=f"name eq '{quoted}'")), 1)
    one = client.records.retrieve("account", listed[0]["accountid"], select=["name", "statecode"], include_annotations="OData.Community.Display.V1.FormattedValue")
    check("get", (one["name"], one["statecode@OData.Community.Display.V1.FormattedValue"]), (listed[0]["name"], "Active"))
    check("get: unknown", client.records.retrieve("account", OWN), None)
    xml = "<fetch count='90'><entity name='account'><attribute name='name'/><order attribute='name'/></entity></fetch>"
    fetched = [row["name"] for row in client.query.fetchxml(xml).execute()]
    check("fetch: each once, in order", fetched, sorted(wanted, key=str.lower))
    check("column", of(refusal("column", lambda: client.records.list("account", select=["nope"]))), (400, "0x80060888"))
    return listed


def metadata(client):
    table = client.tables.get("lead")
    check("table", (table.entity_set_name, table.primary_id_attribute, table.primary_name_attribute), ("leads", "leadid", "fullname"))
    columns = {one["LogicalName"]: one for one in client.tables.list_columns("contact", select=["LogicalName", "AttributeType", "IsValidForCreate"])}
    check("columns", (columns["parentcustomerid"]["AttributeType"], columns["modifiedon"]["IsValidForCreate"]), ("Customer", False))
    texts = client.tables.list_columns("contact", select=["LogicalName"], filter="AttributeType eq 'Boolean'")
    check("columns: filter", "donotemail" in [one["LogicalName"] for one in texts], True)
    check("keys", [(one.key_attributes, one.status) for one in client.tables.get_alternate_keys("account")], [(["new_key"], "Active")])
    navigation = client.query.odata_bind("contact", "account", OWN)
    check("navigation", navigation, {"parentcustomerid_account@odata.bind": f"/accounts({OWN})"})
    refusal("no table", lambda: client.records.list("nope", select=["name"]), MetadataError)


def writes(client, account):
    contact = client.records.create("contact", {"firstname": "Zoë", "lastname": "Österreicher", "parentcustomerid_account@odata.bind": f"/accounts({account})"})
    read = client.records.retrieve("contact", contact, select=["fullname", "_parentcustomerid_value"], include_annotations="*")
    check("create", (read["fullname"], read["_parentcustomerid_value"]), ("Zoë Österreicher", account))
    check("create: type", read["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "account")
    check("own id", client.records.create("contact", {"lastname": "Own", "contactid": OWN}), OWN)
    check("own id: taken", of(refusal("taken", lambda: client.records.create("contact", {"lastname": "Other", "contactid": OWN}))), (412, "0x80040237"))
    check("own id: kept", client.records.retrieve("contact", OWN, select=["lastname"])["lastname"], "Own")
    check("wrong column", of(refusal("wrong", lambda: client.records.create("contact", {"nope": 1})))[0], 400)
    check("too long", of(refusal("long", lambda: client.records.create("account", {"name": "x" * 161}))), (400, "0x80044331"))

    ids = client.records.create("account", [{"name": "A"}, {"name": "B"}])
    check("several", (len(ids), [client.records.retrieve("account", one, select=["name"])["name"] for one in ids]), (2, ["A", "B"]))
    client.records.update("account", ids[0], {"telephone1": "1"})
    client.records.update("account", ids, {"telephone2": "2"})
    check("update", client.records.retrieve("account", ids[0], select=["telephone1", "telephone2"]).to_dict()["telephone2"], "2")
    label = client.records.create("lead", {"subject": "Pumpen", "lastname": "B", "leadqualitycode": "Warm"})
    check("label", client.records.retrieve("lead", label, select=["leadqualitycode"])["leadqualitycode"], 2)
    client.records.upsert("account", [UpsertItem(alternate_key={"new_key": "x"}, record={"name": "Keyed"})])
    client.records.upsert("account", [UpsertItem(alternate_key={"new_key": "x"}, record={"name": "Keyed again"})])
    check("upsert", [row["name"] for row in client.records.list("account", select=["name"], filter="new_key eq 'x'")], ["Keyed again"])
    client.records.upsert("account", [UpsertItem(alternate_key={"new_key": key}, record={"name": f"Keyed {key}"}) for key in "xy"])
    check("upsert: several", sorted(row["name"] for row in client.records.list("account", select=["name"], filter="new_key ne null")), ["Keyed x", "Keyed y"])
    client.records.delete("account", ids[1])
    check("delete", client.records.retrieve("account", ids[1]), None)
    check("update: gone", of(refusal("gone", lambda: client.records.update("account", ids[1], {"name": "C"}))), (404, "0x80040217"))

    batch = client.batch.new()
    with batch.changeset() as changes:
        first = changes.records.create("account", {"name": "in a change set"})
        changes.records.create("contact", {"lastname": "child", "parentcustomerid_account@odata.bind": first})
    batch.records.list("contact", select=["lastname"], filter="lastname eq 'child'")
    done = batch.execute()
    check("batch", [one.status_code for one in done.responses], [204, 204, 200])
    check("batch: read", [row["lastname"] for row in done.responses[-1].data["value"]], ["child"])
    batch = client.batch.new()
    with batch.changeset() as changes:
        changes.records.create("account", {"name": "rolled back"})
        changes.records.create("contact", {"lastname": "taken", "contactid": OWN})
    refused = batch.execute(continue_on_error=True)
    check("batch: refused", [(one.status_code, one.error_code) for one in refused.responses], [(412, "0x80040237")])
    check("batch: nothing stays", len(client.records.list("account", select=["name"], filter="name eq 'rolled back'")), 0)


def changes(client, listed):
    """Change tracking and conditional creation, which the client's HTTP layer carries."""
    with client._scoped_odata() as layer:
        def get(link, prefer="odata.track-changes,odata.maxpagesize=100"):
            return layer._request("get", link, headers={"Prefer": prefer}).json()

        page, rows = get(f"{layer.api}/accounts?$select=name"), []
        while True:
            rows += page["value"]
            if "@odata.deltaLink" in page:
                break
            page = get(page["@odata.nextLink"])
        check("tracking: all", len({row["accountid"] for row in rows}), len(rows))
        client.records.update("account", listed[0]["accountid"], {"name": "changed"})
        client.records.delete("account", listed[1]["accountid"])
        delta = get(page["@odata.deltaLink"])
        check("tracking: changes", [row.get("name") or (row["id"], row["reason"]) for row in delta["value"]], ["changed", (listed[1]["accountid"], "deleted")])
        check("tracking: nothing more", get(delta["@odata.deltaLink"])["value"], [])
        control(layer.base_url, "change_metadata")
        check("tracking: dead token", of(refusal("dead", lambda: get(delta["@odata.deltaLink"]))), (400, "0x80044352"))

        def put(body, **headers):
            return layer._request("patch", f"{layer.api}/leads({OWN})", json=body, headers=headers)

        check("conditional", put({"subject": "A", "lastname": "B"}, **{"If-None-Match": "*"}).status_code, 204)
        check("conditional: again", of(refusal("again", lambda: put({"subject": "C"}, **{"If-None-Match": "*"}))), (412, "0x80040237"))
        twin = lambda: layer._request("post", f"{layer.api}/accounts", json={"name": "changed"}, headers={"MSCRM.SuppressDuplicateDetection": "false"})
        check("duplicate", of(refusal("duplicate", twin)), (412, "0x80040333"))


def throttled(url, client, credential):
    for fault, code in (("limit_requests", "0x80072322"), ("limit_time", "0x80072321"), ("limit_concurrent", "0x80072326")):
        control(url, "add_fault", {"match": {"path": "/contacts"}, "fault": fault})
        error = refusal("throttle", lambda: client.records.list("contact", select=["lastname"], top=1))
        check(f"throttle: {fault}", (*of(error), error.is_transient, error.details.get("retry_after")), (429, code, True, 1))
    control(url, "add_fault", {"match": {"path": "/contacts"}, "times": 1, "fault": {"kind": "reset"}})
    check("cut: tried again", len(client.records.list("contact", select=["lastname"], top=1)), 1)
    control(url, "expire_access_tokens")
    before = len(credential.scopes)
    check("another token", len(client.records.list("contact", select=["lastname"], top=1)), 1)
    check("another token: asked", len(credential.scopes) > before, True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--rows", type=int, default=350)
    arguments = arguments.parse_args()
    url = arguments.url.rstrip("/")
    rows = [made(n) for n in range(arguments.rows)]
    control(url, "clear")
    control(url, "add_column", {"object": "account", "name": "new_key", "traits": ["unique"]})
    lines = "\n".join(json.dumps({"object": "accounts", "columns": row}) for row in rows)
    check("load", control(url, "load", lines.encode())["loaded"], len(rows))

    credential = Credential(url)
    # The client takes https addresses only. It looks at the scheme once, when it is made.
    client = DataverseClient(url.replace("http://", "https://"), credential)
    client._base_url = url
    tokens(url)
    listed = reads(client, rows)
    check("scope", credential.scopes[0], f"{url}/.default")
    metadata(client)
    writes(client, listed[2]["accountid"])
    changes(client, listed)
    throttled(url, client, credential)

    for line in disagreements[:50]:
        print(line, file=sys.stderr)
    print(f"{len(disagreements)} disagreements")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
