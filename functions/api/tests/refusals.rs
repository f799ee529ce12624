//! A refusal names what is wrong with a request, and no port is called for it, neither the store nor the CRM.

use std::collections::BTreeSet;

use infra::memory::Faults;
use serde_json::{Value, json};

use super::world::{ALL_SCOPES, Answer, House, by, event};
use crate::api::{caller::Needs, routes::ROUTES};

const HERE: &str = "/v1/integrations/crm-1";

/// The named place: a field of the body, or a parameter of the query.
enum Named {
    Field(&'static str),
    Parameter(&'static str),
}

use Named::{Field, Parameter};

/// Returns operations, each with a request that is wrong in one place, and the place.
#[rustfmt::skip] // one row per line
fn wrong() -> Vec<(&'static str, String, Value, Named)> {
    let interest = json!({
        "kind": "legitimate_interest", "outcome": "interest_prevails", "vulnerable": false, "safeguards": ["sealed"],
        "interest": "offers", "whoseInterest": "ours", "benefit": "a fitting offer", "legality": "recital 47",
        "necessity": "an address", "alternatives": "none", "relationship": "a buyer", "expectation": "offers",
        "sensitivity": "none", "impact": "one message", "optOut": "a word",
    });
    let assessment = json!({
        "person": {"emails": ["a@b.example"]}, "purpose": "outreach", "source": "the imprint", "reviewer": "the officer",
        "assessed": "2025-01-01", "reviewDate": "2035-01-01", "basis": interest,
    });
    let template = json!({
        "name": "outreach", "interest": "offers", "whoseInterest": "ours", "benefit": "a fitting offer",
        "legality": "recital 47", "necessity": "an address", "alternatives": "none",
    });
    let but = |whole: &Value, pointer: &str, value: Value| {
        let mut whole = whole.clone();
        *whole.pointer_mut(pointer).unwrap() = value;
        whole
    };
    let consent = json!({"kind": "consent", "given": "2099-01-01T00:00:00Z", "wording": "all of it", "evidence": "a letter"});
    let contract = json!({"kind": "contract", "reference": "", "necessity": "delivery"});
    let nobody = json!({"person": {"name": "Anna"}});
    let long = "x".repeat(600);
    let post = |path: &str| format!("POST {HERE}{path}");
    let get = |path: &str| format!("GET {HERE}{path}");
    let none = Value::Null;
    vec![
        ("beginConnection", post("/connection"), json!({"provider": "nobody"}), Field("/provider")),
        ("beginConnection", post("/connection"), json!({"provider": "salesforce", "loginUrl": "https://evil.example"}), Field("/loginUrl")),
        ("beginConnection", post("/connection"), json!({"provider": "salesforce", "environment": "https://org.example"}), Field("/environment")),
        ("completeConnection", "POST /v1/connections".to_owned(), json!({"state": "", "code": "c"}), Field("/state")),
        ("putSettings", format!("PUT {HERE}/settings"), json!({"objects": []}), Field("/objects")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/person/emails/0", "nobody".into()), Field("/person/emails/0")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/person", json!({})), Field("/person")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/purpose", "A".into()), Field("/purpose")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/source", " ".into()), Field("/source")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/assessed", "2099-01-01".into()), Field("/assessed")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/reviewDate", "2025-01-01".into()), Field("/reviewDate")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/basis/expectation", "".into()), Field("/basis/expectation")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/basis/safeguards", json!([])), Field("/basis/safeguards")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/basis/safeguards/0", "".into()), Field("/basis/safeguards/0")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/basis", consent), Field("/basis/given")),
        ("createAssessment", "POST /v1/assessments".to_owned(), but(&assessment, "/basis", contract), Field("/basis/reference")),
        ("findAssessments", "POST /v1/assessments/search".to_owned(), json!({"person": {"phones": ["12"]}}), Field("/person/phones/0")),
        ("findAssessments", "POST /v1/assessments/search".to_owned(), json!({"person": {"emails": ["a@b.example"]}, "cursor": "x"}), Field("/cursor")),
        ("listTemplates", "GET /v1/templates?cursor=x".to_owned(), none.clone(), Parameter("cursor")),
        ("listAudit", "GET /v1/audit?day=today".to_owned(), none.clone(), Parameter("day")),
        ("listReceipts", "GET /v1/receipts?cursor=x".to_owned(), none.clone(), Parameter("cursor")),
        ("verifyAssessments", "GET /v1/assessment-chain?number=1".to_owned(), none.clone(), Parameter("hash")),
        ("getRegisterHeads", "GET /v1/register-heads?assessments=1".to_owned(), none.clone(), Parameter("assessments")),
        ("getRegisterHeads", "GET /v1/register-heads?changes=x.y".to_owned(), none.clone(), Parameter("changes")),
        ("verifyAssessments", "GET /v1/assessment-chain?number=x".to_owned(), none.clone(), Parameter("number")),
        ("putTemplate", "POST /v1/templates".to_owned(), but(&template, "/benefit", "".into()), Field("/benefit")),
        ("recordObjection", "POST /v1/objections".to_owned(), nobody.clone(), Field("/person")),
        ("recordObjection", "POST /v1/objections".to_owned(), json!({"person": {"emails": ["a@b.example"]}, "reference": long}), Field("/reference")),
        ("recordObjection", "POST /v1/objections".to_owned(), json!({"person": {"name": long, "company": "x"}}), Field("/person/name")),
        ("withdrawObjection", "POST /v1/objections/withdrawal".to_owned(), nobody.clone(), Field("/person")),
        ("checkObjections", "POST /v1/objections/check".to_owned(), json!({"people": [{"emails": ["a@b.example"]}, {"phones": ["1"]}]}), Field("/people/1/phones/0")),
        ("checkObjections", "POST /v1/objections/check".to_owned(), json!({"people": []}), Field("/people")),
        ("createRecord", post("/creations"), json!({"object": "NoSuchObject"}), Field("/object")),
        ("createRecord", post("/creations"), json!({"object": "Account", "purpose": "A"}), Field("/purpose")),
        ("createRecord", post("/creations"), json!({"object": "Account", "fields": [1]}), Field("/fields")),
        ("createBatch", post("/creations/batch"), json!({"records": []}), Field("/records")),
        ("createBatch", post("/creations/batch"), json!({"records": [{"object": "Account"}, {"object": "Account", "more": 1}]}), Field("/records/1/more")),
        ("previewCreation", post("/creations/preview"), json!({"records": vec![json!({"object": "Account"}); 201]}), Field("/records")),
        ("findCompanies", "POST /v1/companies/search".to_owned(), json!({"companies": ["c", " "]}), Field("/companies/1")),
        ("getCompaniesStatus", post("/companies/status"), json!({"companies": ["c", ""]}), Field("/companies/1")),
        ("getCompany", get("/companies"), none.clone(), Parameter("company")),
        ("listFields", get("/fields"), none.clone(), Parameter("object")),
        ("listFields", get("/fields?object=Case"), none.clone(), Parameter("object")),
        ("listRecords", get("/records?limit=5"), none.clone(), Parameter("object")),
        ("listRecords", get("/records?object=Account&since=now"), none.clone(), Parameter("since")),
        ("listRuns", get("/runs?limit=0"), none.clone(), Parameter("limit")),
        ("listRuns", get("/runs?cursor=x"), none.clone(), Parameter("cursor")),
        ("listSuggested", get("/relations/suggested?limit=101"), none.clone(), Parameter("limit")),
        ("listIntegrations", "GET /v1/integrations?cursor=A".to_owned(), none.clone(), Parameter("cursor")),
        ("searchRecords", post("/records/search"), json!({"email": ""}), Field("/email")),
        ("searchRecords", post("/records/search"), json!({"domain": "b.example", "limit": 0}), Field("/limit")),
        ("decideHeldDeletions", post("/held"), json!({"run": "a/b", "decision": "confirm"}), Field("/run")),
        ("decideHeldDeletions", post("/held"), json!({"run": "018bcfe56800-00000000", "decision": "perhaps"}), Field("/decision")),
        ("decideRelation", post("/relations"), json!({"object": "Task", "record": "1", "company": "c", "decision": "approved"}), Field("/object")),
        ("decideRelation", post("/relations"), json!({"object": "Account", "record": "a/b", "company": "c", "decision": "approved"}), Field("/record")),
        ("putController", "PUT /v1/facts/controller".to_owned(), json!({"identity": {"status": "stated", "value": {"name": "", "contact": "x"}}}), Field("/identity/value/name")),
        ("searchSubject", "POST /v1/subjects/search".to_owned(), json!({"person": {}}), Field("/person")),
        ("searchSubject", "POST /v1/subjects/search".to_owned(), json!({"person": {"name": "Erika"}}), Field("/person")),
        ("eraseSubject", "POST /v1/subjects/erasures".to_owned(), json!({"person": {"emails": ["x"]}}), Field("/person/emails/0")),
        ("liftErasure", "POST /v1/subjects/erasures/lift".to_owned(), json!({"person": {"emails": ["x"]}, "records": [{"integration": "crm-1", "object": "Lead", "id": "1"}]}), Field("/person/emails/0")),
    ]
}

/// Returns whether the contract has a body for an operation.
fn takes_body(operation: &str) -> bool {
    let name = format!("operationId: {operation}");
    let mut lines = super::contract::CONTRACT.lines();
    assert!(lines.any(|line| line.trim() == name), "{operation}");
    // The operation ends where the next one, or the next path, begins.
    let own = lines.take_while(|line| {
        let depth = line.len() - line.trim_start().len();
        depth > 4 || line.trim().is_empty()
    });
    own.into_iter()
        .any(|line| line.trim().starts_with("requestBody:"))
}

async fn asked(house: &House, request: &str, body: &Value) -> Answer {
    let (method, path) = request.split_once(' ').unwrap();
    let mut event = event(method, path);
    event["headers"]["idempotency-key"] = "key-1".into();
    event["headers"]["if-match"] = "\"g1-0\"".into();
    if !body.is_null() {
        event["body"] = body.to_string().into();
    }
    house.ask(by(ALL_SCOPES, event)).await
}

fn watched() -> (House, Faults) {
    let (mut house, faults) = (House::with_app(), Faults::none());
    house.with_ports(|ports| *ports = faults.wrap(ports));
    (house, faults)
}

#[tokio::test]
async fn what_is_wrong_is_named_before_anything_is_done() {
    let (house, faults) = watched();
    let rows = wrong();
    for (n, (operation, request, body, named)) in (1..).zip(&rows) {
        let answer = asked(&house, request, body).await;
        assert!(
            [400, 422].contains(&answer.status),
            "{operation}: {answer:?}"
        );
        let (member, place) = match named {
            Field(pointer) => ("field", pointer),
            Parameter(name) => ("parameter", name),
        };
        assert_eq!(answer.body[member], **place, "{operation}: {answer:?}");
        // Each request looks once whether the tenant has ended.
        assert_eq!(faults.n_calls(), n, "{operation} {place}");
    }
    let tried: BTreeSet<&str> = rows.iter().map(|(operation, ..)| *operation).collect();
    // The operator's routes are tried in `tenants.rs`.
    for route in ROUTES.iter().filter(|route| route.needs != Needs::Operator) {
        let has_body = takes_body(route.operation);
        assert!(
            tried.contains(route.operation) || !has_body && route.query.is_empty(),
            "{}",
            route.operation
        );
    }
}

#[tokio::test]
async fn no_route_takes_a_parameter_that_it_does_not_know() {
    let (house, faults) = watched();
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/v1")) {
        let path = super::callers::path(route);
        let request = format!("{} {path}?dryRun=true", route.method);
        let answer = asked(&house, &request, &json!({})).await;
        assert_eq!(answer.status, 400, "{}: {answer:?}", route.operation);
        assert_eq!(faults.n_calls(), 0, "{}", route.operation);
    }
}

#[tokio::test]
async fn without_its_header_a_request_is_refused_before_anything_is_done() {
    let (house, faults) = watched();
    let rows = [
        ("POST", "/creations", "Idempotency-Key", 400),
        ("POST", "/creations/batch", "Idempotency-Key", 400),
        ("GET", "/creations", "Idempotency-Key", 400),
        ("PUT", "/settings", "If-Match", 428),
    ];
    for (n, (method, path, header, status)) in (1..).zip(rows) {
        let mut event = event(method, &format!("{HERE}{path}"));
        event["body"] = "{}".into();
        let answer = house.ask(by(ALL_SCOPES, event)).await;
        assert_eq!(
            (answer.status, &answer.body["parameter"]),
            (status, &header.into()),
            "{path}"
        );
        // Each request looks once whether the tenant has ended.
        assert_eq!(faults.n_calls(), n, "{path}");
    }
}
