#!/usr/bin/env python3
"""Uses the HubSpot simulator through hubspot-api-client (PyPI, hubspot-api-client==12.0.0), HubSpot's own client for Python.

    python foreign_hubspot.py --url http://127.0.0.1:PORT [--records 350]

Its generated models are strict: a field of another type, or one that is missing, raises. The script loads its own records through the
control requests (clearing what is there), and compares everything that the client reads with what was loaded. Exits with 1 and one line
per disagreement.
"""

import argparse
import json
import sys
import urllib.request

from hubspot import HubSpot
from hubspot.crm import associations, companies, contacts, deals, properties
from hubspot.crm.associations import v4
from hubspot.crm.associations.v4 import schema
from urllib3.util.retry import Retry

REFRESH_TOKEN = "na1-simulated-refresh-token"
disagreements = []


def check(what, got, wanted):
    if got != wanted:
        disagreements.append(f"{what}: got {str(got)[:200]!r}, wanted {str(wanted)[:200]!r}")


def control(url, operation, body=b"{}"):
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/control/{operation}", data=body, method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def refusal(what, exception, call):
    """(status, body) of a call that has to be refused."""
    try:
        call()
    except exception as error:
        return error.status, json.loads(error.body)
    disagreements.append(f"{what}: was not refused")
    return 0, {}


def made(n):
    name = ["Müller & Söhne GmbH", 'Die "Guten" AG', "Komma, Punkt KG", "Zeile\nZwei OHG", "O'Neil\\Co"][n % 5] + f" {n}"
    return {"name": name, "numberofemployees": str(n), "city": "Köln" if n % 2 else "", "hs_lastmodifieddate": f"2026-10-01T08:00:{n % 60:02}.000Z"}


def tokens(url, client):
    api = HubSpot(host=url).oauth.tokens_api
    given = {"grant_type": "refresh_token", "client_id": "app", "client_secret": "secret"}
    answer = api.create(refresh_token=REFRESH_TOKEN, **given)
    check("refresh: seconds", answer.expires_in, 1800)
    check("refresh: token", answer.refresh_token, REFRESH_TOKEN)
    status, body = refusal("refresh", Exception, lambda: api.create(refresh_token="spent", **given))
    check("refresh: refused", (status, body.get("status"), body.get("error")), (400, "BAD_REFRESH_TOKEN", "invalid_grant"))
    client.access_token = answer.access_token
    about = client.oauth.access_tokens_api.get(answer.access_token)
    check("token: hub", about.hub_id, 25700001)
    check("token: scopes", "crm.objects.contacts.read" in about.scopes, True)
    check("refresh token: hub", client.oauth.refresh_tokens_api.get(REFRESH_TOKEN).hub_id, 25700001)


def reads(client, records):
    wanted = {row["name"]: row for row in records}
    listed = client.crm.companies.get_all(properties=["name", "numberofemployees", "city", "nope"])
    check("list: each once", [int(row.id) for row in listed], list(range(101, 101 + len(records))))
    check("list: names", sorted(row.properties["name"] for row in listed), sorted(wanted))
    for row in listed:
        source = wanted.get(row.properties["name"], {})
        check("list: number is text", row.properties["numberofemployees"], source.get("numberofemployees"))
        check("list: empty is null", row.properties["city"], source.get("city") or None)
        check("list: unknown is dropped", "nope" in row.properties, False)
        check("list: time", (row.updated_at.tzinfo is not None, row.archived), (True, False))
    one = client.crm.companies.basic_api.get_by_id(listed[0].id, properties=["name"])
    check("get", one.properties["name"], records[0]["name"])
    status, body = refusal("get", companies.ApiException, lambda: client.crm.companies.basic_api.get_by_id("99"))
    check("get: unknown", (status, body.get("category")), (404, "OBJECT_NOT_FOUND"))

    described = {one.name: one for one in client.crm.properties.core_api.get_all("contacts").results}
    basis = described["hs_legal_basis"]
    check("describe: basis", (basis.type, basis.field_type, "Not applicable" in [one.value for one in basis.options]), ("enumeration", "checkbox", True))
    check("describe: read-only", described["createdate"].modification_metadata.read_only_value, True)
    status, _ = refusal("describe", properties.ApiException, lambda: client.crm.properties.core_api.get_by_name("contacts", "nope"))
    check("describe: unknown", status, 404)
    stages = client.crm.pipelines.pipelines_api.get_all("deals").results[0].stages
    check("pipeline", [(one.id, one.metadata["isClosed"]) for one in stages][-2:], [("closedwon", "true"), ("closedlost", "true")])
    return listed


def searches(client, records):
    def pages(**asked):
        after, rows = "0", []
        while after:
            page = client.crm.companies.search_api.do_search(companies.PublicObjectSearchRequest(after=after, limit=200, properties=["name"], sorts=[], **asked))
            rows += page.results
            after = page.paging.next.after if page.paging and page.paging.next else None
        check("search: total", page.total, len(rows))
        return rows

    within = companies.Filter(property_name="hs_lastmodifieddate", operator="BETWEEN", value="2026-10-01T08:00:10Z", high_value="2026-10-01T08:00:20Z")
    found = pages(filter_groups=[companies.FilterGroup(filters=[within])])
    wanted = [row["name"] for n, row in enumerate(records) if 10 <= n % 60 <= 20]
    check("search: both ends", sorted(row.properties["name"] for row in found), sorted(wanted))
    check("search: all", len(pages(filter_groups=[])), len(records))
    for group in ([companies.Filter(property_name="nope", operator="EQ", value="1")], [within] * 7):
        request = companies.PublicObjectSearchRequest(filter_groups=[companies.FilterGroup(filters=group)], after="0", limit=10, properties=[], sorts=[])
        status, body = refusal("search", companies.ApiException, lambda: client.crm.companies.search_api.do_search(request))
        check("search: refused", (status, body.get("category")), (400, "VALIDATION_ERROR"))


def writes(client, company):
    to = contacts.PublicAssociationsForObject(to={"id": company}, types=[{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}])
    new = contacts.SimplePublicObjectInputForCreate(properties={"email": "zoe@example.com", "lastname": "Österreicher"}, associations=[to])
    created = client.crm.contacts.basic_api.create(new)
    read = client.crm.contacts.basic_api.get_by_id(created.id, properties=["associatedcompanyid"], associations=["companies"])
    check("create: mirrored", read.properties["associatedcompanyid"], company)
    ends = [(one.id, one.type) for one in read.associations["companies"].results]
    check("create: same id twice", ends, [(company, "contact_to_company"), (company, "contact_to_company_unlabeled")])
    status, body = refusal("conflict", contacts.ApiException, lambda: client.crm.contacts.basic_api.create(new))
    check("conflict", (status, body.get("message")), (409, f"Contact already exists. Existing ID: {created.id}"))
    asked = v4.BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": created.id}])
    answer = client.crm.associations.v4.batch_api.get_page("contacts", "companies", asked)
    types = [(one.type_id, one.label) for one in answer.results[0].to[0].association_types]
    check("associations", (answer.results[0].to[0].to_object_id, types), (company, [(1, "Primary"), (279, None)]))

    inputs = [{"objectWriteTraceId": str(n), "properties": {"dealname" if n else "nope": "A", "dealstage": "closedwon", "pipeline": "default"}, "associations": []} for n in range(5)]
    batch = client.crm.deals.batch_api.create(deals.BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs))
    check("batch: partly", (batch.num_errors, len(batch.results)), (1, 4))
    check("batch: which", batch.errors[0].context, {"objectWriteTraceId": ["0"]})
    ids = [row.id for row in batch.results]
    asked = deals.BatchReadInputSimplePublicObjectId(inputs=[{"id": one} for one in [*ids, "99"]], properties=["hs_is_closed"], properties_with_history=[])
    read = client.crm.deals.batch_api.read(asked)
    check("batch read", (sorted(row.id for row in read.results), read.errors[0].category), (sorted(ids), "OBJECT_NOT_FOUND"))
    client.crm.deals.basic_api.archive(ids[0])
    check("archived", [row.id for row in client.crm.deals.get_all(archived=True)], [ids[0]])
    other = client.crm.contacts.basic_api.create(contacts.SimplePublicObjectInputForCreate(properties={"email": "b@example.com"}, associations=[]))
    merged = client.crm.contacts.basic_api.merge(contacts.PublicMergeInput(primary_object_id=created.id, object_id_to_merge=other.id))
    check("merge", (merged.id, client.crm.contacts.basic_api.get_by_id(other.id).id), (created.id, created.id))


def labels(client, company):
    """Labels that the account makes, and the associations of v3."""
    api, new = client.crm.associations.v4.schema.definitions_api, schema.PublicAssociationDefinitionCreateRequest
    made = api.create("deals", "companies", new(name="builds", label="Builder", inverse_label="Builds")).results
    there, back = ([(one.category, one.label) for one in api.get_all(*sides).results] for sides in (("deals", "companies"), ("companies", "deals")))
    check("label: there", (there, back[-1]), ([("HUBSPOT_DEFINED", "Primary"), ("HUBSPOT_DEFINED", None), ("USER_DEFINED", "Builder")], ("USER_DEFINED", "Builds")))
    api.update("deals", "companies", schema.PublicAssociationDefinitionUpdateRequest(association_type_id=made[0].type_id, label="Bauherr"))
    to = deals.PublicAssociationsForObject(to={"id": company}, types=[{"associationCategory": "USER_DEFINED", "associationTypeId": made[0].type_id}])
    new = deals.SimplePublicObjectInputForCreate(properties={"dealname": "B", "dealstage": "closedwon", "pipeline": "default"}, associations=[to])
    deal = client.crm.deals.basic_api.create(new).id
    asked = v4.BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": deal}])
    types = client.crm.associations.v4.batch_api.get_page("deals", "companies", asked).results[0].to[0].association_types
    check("label: used", [(one.category, one.label) for one in types], [("HUBSPOT_DEFINED", None), ("USER_DEFINED", "Bauherr")])
    v3 = client.crm.associations
    names = [one.name for one in v3.schema.types_api.get_all("deals", "companies").results]
    check("v3: types", names, ["deal_to_company", "deal_to_company_unlabeled", "builds"])
    link = associations.PublicAssociation(_from={"id": deal}, to={"id": company}, type="deal_to_company")
    done = v3.batch_api.create("deals", "companies", associations.BatchInputPublicAssociation(inputs=[link]))
    check("v3: created", [(one._from.id, one.to.id, one.type) for one in done.results], [(deal, company, "deal_to_company")])
    asked = associations.BatchInputPublicObjectId(inputs=[{"id": deal}])
    read = lambda: [(one.id, one.type) for one in v3.batch_api.read("deals", "companies", asked).results[0].to]
    check("v3: read", read(), [(company, name) for name in names])
    v3.batch_api.archive("deals", "companies", associations.BatchInputPublicAssociation(inputs=[link]))
    api.remove("deals", "companies", made[0].type_id)
    check("label: removed", read(), [(company, "deal_to_company_unlabeled")])


def history(client, company):
    client.crm.companies.basic_api.update(company, companies.SimplePublicObjectInput(properties={"city": "Hafenstadt"}))
    record = client.crm.companies.basic_api.get_by_id(company, properties_with_history=["city", "name"])
    told = record.properties_with_history
    check("history: value", [(one.value, one.source_type) for one in told["city"]], [("Hafenstadt", "INTEGRATION")])
    check("history: time", told["city"][0].timestamp == record.updated_at, True)
    check("history: unchanged", (len(told["name"]), told["name"][0].value), (1, record.properties["name"]))
    asked = companies.BatchReadInputSimplePublicObjectId(inputs=[{"id": company}], properties=[], properties_with_history=["city"])
    batch = client.crm.companies.batch_api.read(asked).results[0]
    check("history: batch", [one.value for one in batch.properties_with_history["city"]], ["Hafenstadt"])
    page = client.crm.companies.basic_api.get_page(limit=50, properties_with_history=["city"])
    check("history: list", len(page.results[0].properties_with_history["city"]), 1)


def throttled(url, client):
    fault = {"match": {"path": "/crm/objects/contacts"}, "times": 2, "fault": "limit_secondly"}
    status, body = 0, {}
    control(url, "add_fault", fault)
    status, body = refusal("throttle", contacts.ApiException, lambda: client.crm.contacts.basic_api.get_page())
    check("throttle", (status, body.get("policyName")), (429, "SECONDLY"))
    patient = HubSpot(host=url, access_token=client.access_token, retry=Retry(total=3, status_forcelist=(429,), allowed_methods=None))
    check("throttle: tried again", len(patient.crm.contacts.basic_api.get_page().results) > 0, True)
    control(url, "expire_access_tokens")
    status, body = refusal("expired", contacts.ApiException, lambda: client.crm.contacts.basic_api.get_page())
    check("expired", (status, body.get("category")), (401, "EXPIRED_AUTHENTICATION"))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--records", type=int, default=350)
    arguments = arguments.parse_args()
    url = arguments.url.rstrip("/")
    records = [made(n) for n in range(arguments.records)]
    control(url, "clear")
    lines = "\n".join(json.dumps({"object": "companies", "properties": row}) for row in records)
    check("load", control(url, "load", lines.encode())["loaded"], len(records))

    client = HubSpot(host=url)
    tokens(url, client)
    listed = reads(client, records)
    searches(client, records)
    writes(client, listed[0].id)
    labels(client, listed[0].id)
    history(client, listed[0].id)
    throttled(url, client)

    for line in disagreements[:50]:
        print(line, file=sys.stderr)
    print(f"{len(disagreements)} disagreements")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
