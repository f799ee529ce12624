"""What the frontend of a tenant's users does with the API: it looks, is refused, files an assessment, creates, and is refused again."""

import csv
from datetime import date, timedelta

from client import Client

INTEGRATION = "/v1/integrations/salesforce"
CREATIONS = f"{INTEGRATION}/creations"
# A person who is in none of the generated files, so that only the steps below create her.
EMAIL = "mara.beispiel@musterwerk.example"
# These strings must not be in clear anywhere.
STRINGS = {EMAIL, "Mara Beispiel"}
PERSON = {"emails": [EMAIL], "name": "Mara Beispiel", "company": "Musterwerk GmbH"}
CONTACT = {"object": "Contact", "purpose": "outreach", "fields": {"FirstName": "Mara", "LastName": "Beispiel", "Email": EMAIL}}
ACCOUNT = {"object": "Account", "fields": {"Name": "Musterwerk GmbH", "BillingCity": "Musterstadt"}}
# The text of a made-up assessment; a real one is about the very person.
TEST = {
    "kind": "legitimate_interest", "outcome": "interest_prevails", "vulnerable": False, "safeguards": ["the copy is sealed", "an objection blocks at once"],
    "interest": "Offering machine parts to those who buy them", "whoseInterest": "the tenant's", "benefit": "a fitting offer instead of many",
    "legality": "direct marketing to businesses, recital 47", "necessity": "name and business address only", "alternatives": "post to the company: reaches nobody in charge",
    "relationship": "head of purchasing of a company that asked for prices", "expectation": "offers are what the position is there for",
    "sensitivity": "business data, published by the company", "impact": "one message, answered or not", "optOut": "a word in reply",
}


def show(stack, tenant, organisation, truth, screen):
    """Goes through the steps. Returns (the results, for target/demo.json; what was not as it has to be)."""
    client = Client(stack.api_url(), stack.token(tenant))
    wrong, found = [], {"tenant": tenant}

    def expect(what, is_so, answer):
        if not is_so:
            wrong.append(f"API: {what}: {answer!r}")

    ids = _companies(truth)
    told = client.post(f"{INTEGRATION}/companies/status", {"companies": ids})
    expect("status of companies", told.status == 200 and len(told.body["companies"]) == len(ids), told)
    in_crm = [one for one in told.body["companies"] if one["inCrm"] == "yes"] if told.status == 200 else []
    expect("companies known to be in the CRM", in_crm, told)
    found |= {"companies_asked": len(ids), "companies_in_crm": len(in_crm)}
    screen.note(f"CRM status of {len(ids)} companies in one call: {len(in_crm)} are in the CRM, with {sum(one['openOpportunities'] for one in in_crm)} open opportunities")

    def people():
        return organisation.count(f"SELECT COUNT() FROM Contact WHERE Email = '{EMAIL}'")

    def create(key, body=CONTACT):
        return client.post(CREATIONS, body, idempotency_key=key)

    refused = create("demo-contact")
    missing = ((refused.body or {}).get("outcome") or {}).get("missing")
    expect("a contact without a basis is refused", refused.status == 403 and missing == ["basis"] and people() == 0, refused)
    screen.note(f"creating a contact without a legal basis: {refused.status}, missing: {missing}; contacts of that person in the CRM: {people()}")

    filed = client.post("/v1/assessments", _assessment())
    expect("the assessment is filed", filed.status == 201, filed)
    created = create("demo-contact")
    expect("the contact is created", created.status == 201 and created.body.get("inCopy") and people() == 1, created)
    screen.note(f"creating the contact after filing an assessment of that person: {created.status} {(created.body or {}).get('outcome')}; in the CRM: {people()}")
    again = create("demo-contact")
    expect("the same call makes no second record", again.body == created.body and people() == 1, again)
    screen.note(f"repeating the same call: the same answer; in the CRM: {people()}")

    organisation.control("add_fault", match={"method": "POST", "path": "/composite/sobjects"}, fault={"kind": "answer_lost"})
    lost = create("demo-account", ACCOUNT)
    accounts = organisation.count(f"SELECT COUNT() FROM Account WHERE Name = '{ACCOUNT['fields']['Name']}'")
    expect("a lost answer makes one record", lost.status == 201 and accounts == 1, lost)
    screen.note(f"creating an account while the CRM's answer gets lost: {lost.status} {(lost.body or {}).get('outcome')}; in the CRM: {accounts}")

    objected = client.post("/v1/objections", {"person": {"emails": [EMAIL]}})
    expect("the objection is noted", objected.status == 201, objected)
    blocked = create("demo-contact-2", CONTACT | {"allowDuplicate": True})
    missing = ((blocked.body or {}).get("outcome") or {}).get("missing")
    expect("an objection blocks", blocked.status == 403 and missing == ["objection"] and people() == 1, blocked)
    screen.note(f"creating the contact again after the person objected: {blocked.status}, because of: {missing}; in the CRM: {people()}")
    return found | {
        "without_basis": refused.status, "created": created.status, "repeated_same": again.body == created.body, "people_in_crm": people(),
        "lost_answer_records": accounts, "objection": blocked.status,
    }, wrong


def show_hubspot(stack, tenant, account, screen):
    """Creates a person in a HubSpot account. Returns what was not as it has to be."""
    client, wrong, before = Client(stack.api_url(), stack.token(tenant)), [], set(account.ids("Contact"))
    company = account.ids("Account")[0]
    body = {
        "object": "Contact", "purpose": "outreach", "links": [{"object": "Account", "id": company}],
        "fields": {"firstname": "Mara", "lastname": "Beispiel", "email": EMAIL},
    }

    def create():
        return client.post("/v1/integrations/hubspot/creations", body, idempotency_key="demo-contact")

    refused = create()
    filed = client.post("/v1/assessments", _assessment())
    created, again = create(), create()
    new = set(account.ids("Contact")) - before
    made = account.get("Contact", next(iter(new))) if new else {}
    for what, is_so, answer in (
        ("a contact without a basis is refused", refused.status == 403, refused), ("the assessment is filed", filed.status == 201, filed),
        ("the contact is created with its basis", created.status == 201 and created.body["basis"] == "written", created),
        ("the same call makes no second record", again.body == created.body and len(new) == 1, again),
        ("the contact belongs to its company", made.get("associatedcompanyid") == company, made.keys()),
    ):
        if not is_so:
            wrong.append(f"API, HubSpot: {what}: {answer!r}")
    screen.note(f"creating a contact at HubSpot without a legal basis: {refused.status}; with one: {created.status} {(created.body or {}).get('outcome')}, in the same call linked to its company")
    screen.note(f"its basis is in HubSpot's own field: {made.get('hs_legal_basis')!r}; repeating the same call: the same answer; new contacts in the CRM: {len(new)}")
    return wrong


def _companies(truth):
    """Up to 100 companies that the generated records belong to."""
    with open(truth, newline="", encoding="utf-8") as file:
        ids = dict.fromkeys(row["company_id"] for row in csv.DictReader(file) if row["company_id"])
    return list(ids)[:100]


def _assessment():
    today = date.today()
    return {
        "person": PERSON, "purpose": "outreach", "source": "the company's imprint", "reviewer": "data protection officer",
        "assessed": str(today - timedelta(days=1)), "reviewDate": str(today + timedelta(days=180)), "basis": TEST,
    }
