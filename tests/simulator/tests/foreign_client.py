#!/usr/bin/env python3
"""Uses the Salesforce simulator through simple-salesforce (PyPI, simple-salesforce==1.12.10), a client that nobody here wrote.

    python foreign_client.py --url http://127.0.0.1:PORT [--records 2500]

Loads its own records through the control requests (clearing what is there), then compares everything that the client reads with what was
loaded. Exits with 1 and one line per disagreement.
"""

import argparse
import base64
import csv
import datetime
import io
import json
import sys
import urllib.request

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce, SalesforceExpiredSession, SalesforceLogin, SalesforceMalformedRequest, SalesforceResourceNotFound

VERSION = "60.0"
disagreements = []


class WithoutTls(HTTPAdapter):
    """The client insists on https; the simulator has no TLS."""

    def send(self, request, **kwargs):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **kwargs)


def check(what, got, wanted):
    if got != wanted:
        disagreements.append(f"{what}: got {str(got)[:200]!r}, wanted {str(wanted)[:200]!r}")


def control(url, operation, body=b"{}"):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/control/{operation}", data=body, method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def made(n):
    """The n-th account: quotes, commas, line breaks and umlauts in turn."""
    name = ["Müller & Söhne GmbH", 'Die "Guten" AG', "Komma, Punkt KG", "Zeile\nZwei OHG", "O'Neil\\Co"][n % 5] + f" {n}"
    fields = {"Name": name, "NumberOfEmployees": n, "AnnualRevenue": n * 100_000.0, "BillingCity": "Köln" if n % 2 else None}
    if n % 3 == 0:
        fields["External_Id__c"] = f"ext-{n}"
    return fields


def reads(client, records):
    described = {field["name"]: field for field in client.Account.describe()["fields"]}
    check("describe: name", (described["Name"]["type"], described["Name"]["length"], described["Name"]["nillable"]), ("string", 255, False))
    check("describe: part of an address", described["BillingCity"]["compoundFieldName"], "BillingAddress")
    check("describe: custom", described["External_Id__c"]["externalId"], True)
    check("objects", {"Account", "Contact", "Lead", "Task", "Opportunity"} <= {one["name"] for one in client.describe()["sobjects"]}, True)

    wanted = {row["Name"]: row for row in records}
    answer = client.query_all("SELECT Id, Name, NumberOfEmployees, AnnualRevenue, BillingCity, BillingAddress FROM Account")
    check("query_all: totalSize", answer["totalSize"], len(records))
    check("query_all: done", answer["done"], True)
    check("query_all: names", sorted(row["Name"] for row in answer["records"]), sorted(wanted))
    for row in answer["records"]:
        source = wanted[row["Name"]]
        check("query_all: number", row["NumberOfEmployees"], source["NumberOfEmployees"])
        check("query_all: revenue", row["AnnualRevenue"], source["AnnualRevenue"])
        check("query_all: city", row["BillingCity"], source["BillingCity"])
        check("query_all: address", (row["BillingAddress"] or {}).get("city"), source["BillingCity"])
    ordered = [row["Id"] for row in client.query_all_iter("SELECT Id FROM Account ORDER BY SystemModstamp, Id")]
    check("query_all_iter: each id once", len(set(ordered)), len(records))
    check("count()", client.query("SELECT COUNT() FROM Account")["totalSize"], len(records))

    keyset, after = [], None
    while True:
        where = "" if after is None else "WHERE (SystemModstamp = {0} AND Id > '{1}') OR SystemModstamp > {0}".format(*after)
        page = client.query(f"SELECT Id, SystemModstamp FROM Account {where} ORDER BY SystemModstamp, Id LIMIT 700")["records"]
        if not page:
            break
        keyset += [row["Id"] for row in page]
        after = (page[-1]["SystemModstamp"].replace("+0000", "Z"), page[-1]["Id"])
    check("keyset: the same ids in the same order", keyset, ordered)

    first = client.Account.get(ordered[0])
    check("get: attributes", first["attributes"]["type"], "Account")
    check("get by external id", client.Account.get_by_custom_id("External_Id__c", "ext-3")["Name"], made(3)["Name"])
    odd = "O\\'Neil\\\\Co 4"
    check("quotes and backslashes in a query", client.query(f"SELECT Id FROM Account WHERE Name = '{odd}'")["totalSize"], 1)
    check("like", client.query("SELECT Id FROM Account WHERE Name LIKE 'die \"guten\"%'")["totalSize"], len(records) // 5)
    return ordered


def bulk(client, records):
    wanted = {row["Name"]: row for row in records}
    rows = []
    for text in client.bulk2.Account.query("SELECT Id, Name, NumberOfEmployees, BillingCity, SystemModstamp FROM Account", max_records=1000, wait=0.1):
        page = list(csv.DictReader(io.StringIO(text)))
        check("bulk: page length", len(page) <= 1000, True)
        rows += page
    check("bulk: names", sorted(row["Name"] for row in rows), sorted(wanted))
    for row in rows:
        source = wanted.get(row["Name"], {})
        check("bulk: number", row["NumberOfEmployees"], str(source.get("NumberOfEmployees")))
        check("bulk: null is empty", row["BillingCity"], source.get("BillingCity") or "")
        check("bulk: time", row["SystemModstamp"].endswith("Z"), True)
    try:
        list(client.bulk2.Account.query("SELECT Id, BillingAddress FROM Account"))
        disagreements.append("bulk: a compound field was not refused")
    except SalesforceMalformedRequest as error:
        check("bulk: compound", "Selecting compound data not supported in Bulk Query" in str(error.content), True)


def writes(client, url):
    created = client.Contact.create({"LastName": "Österreicher", "FirstName": "Zoë", "Email": "zoe@example.com"})
    check("create", (created["success"], created["errors"], len(created["id"])), (True, [], 18))
    check("name is computed", client.Contact.get(created["id"])["Name"], "Zoë Österreicher")
    for fields, code in [({"FirstName": "A"}, "REQUIRED_FIELD_MISSING"), ({"LastName": "x" * 81}, "STRING_TOO_LONG"), ({"LastName": "x", "Nope": 1}, "INVALID_FIELD")]:
        try:
            client.Contact.create(fields)
            disagreements.append(f"create: {code} expected")
        except SalesforceMalformedRequest as error:
            check("create: code", error.content[0]["errorCode"], code)
    check("update", client.Contact.update(created["id"], {"Title": "Chefin"}), 204)
    check("update: read back", client.Contact.get(created["id"])["Title"], "Chefin")
    check("upsert: new", client.Contact.upsert("External_Id__c/a b+ü", {"LastName": "Neu"}), 201)
    check("upsert: old", client.Contact.upsert("External_Id__c/a b+ü", {"LastName": "Alt"}), 200)
    check("upsert: one", client.query("SELECT Id FROM Contact WHERE External_Id__c = 'a b+ü' AND LastName = 'Alt'")["totalSize"], 1)

    control(url, "duplicate_rules", {"rules": [{"object": "Contact", "fields": ["Email"]}]})
    twin = {"LastName": "Zwilling", "Email": "ZOE@example.com"}
    try:
        client.Contact.create(twin)
        disagreements.append("create: DUPLICATES_DETECTED expected")
    except SalesforceMalformedRequest as error:
        check("duplicate: code", error.content[0]["errorCode"], "DUPLICATES_DETECTED")
    allowed = client.Contact.create(twin, headers={"Sforce-Duplicate-Rule-Header": "allowSave=true"})
    check("duplicate: allowed", allowed["success"], True)

    check("delete", client.Contact.delete(created["id"]), 204)
    try:
        client.Contact.get(created["id"])
        disagreements.append("get: a deleted record is there")
    except SalesforceResourceNotFound as error:
        check("get: deleted", error.content[0]["errorCode"], "ENTITY_IS_DELETED")
    check("queryAll: deleted", client.query_all(f"SELECT IsDeleted FROM Contact WHERE Id = '{created['id']}'", include_deleted=True)["records"][0]["IsDeleted"], True)
    now = datetime.datetime.now(datetime.timezone.utc)
    window = (now - datetime.timedelta(days=1), now + datetime.timedelta(minutes=2))
    check("deleted", [one["id"] for one in client.Contact.deleted(*window)["deletedRecords"]], [created["id"]])
    check("updated", allowed["id"] in client.Contact.updated(*window)["ids"], True)


def errors(client, url):
    for soql, code in [("SELECT FROM Account", "MALFORMED_QUERY"), ("SELECT Nope FROM Account", "INVALID_FIELD"), ("SELECT Id FROM Nope", "INVALID_TYPE")]:
        try:
            client.query(soql)
            disagreements.append(f"query: {code} expected")
        except SalesforceMalformedRequest as error:
            check("query: code", error.content[0]["errorCode"], code)
    try:
        client.query_more("01g000000000000AAA-2000")
        disagreements.append("query_more: an unknown locator was answered")
    except SalesforceMalformedRequest as error:
        check("query_more: code", error.content[0]["errorCode"], "INVALID_QUERY_LOCATOR")
    left = client.limits()["DailyApiRequests"]
    check("limits", 0 < left["Remaining"] < left["Max"], True)
    check("limit header", client.api_usage["api-usage"].total, left["Max"])
    control(url, "expire_access_tokens")
    try:
        client.query("SELECT Id FROM Account LIMIT 1")
        disagreements.append("query: an expired session was answered")
    except SalesforceExpiredSession as error:
        check("expired: code", error.content[0]["errorCode"], "INVALID_SESSION_ID")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--records", type=int, default=2500)
    arguments = arguments.parse_args()
    url = arguments.url.rstrip("/")
    host = url.split("://", 1)[1]

    session = requests.Session()
    session.mount("https://", WithoutTls())
    records = [made(n) for n in range(arguments.records)]
    control(url, "clear")
    lines = "\n".join(json.dumps({"object": "Account", "fields": fields}) for fields in records)
    check("load", control(url, "load", lines.encode())["loaded"], len(records))

    session_id, instance = SalesforceLogin(
        username="integration@example.com", password="pass<&>word", security_token="token", sf_version=VERSION, session=session, scratch_url=url
    )
    check("login: instance", instance, host)
    client = Salesforce(instance=host, session_id=session_id, version=VERSION, session=session)

    ordered = reads(client, records)
    check("each id has a right checksum", all(len(base64.b64encode(one.encode())) == 24 for one in ordered), True)
    bulk(client, records)
    writes(client, url)
    errors(client, url)

    for line in disagreements[:50]:
        print(line, file=sys.stderr)
    print(f"{len(disagreements)} disagreements")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
