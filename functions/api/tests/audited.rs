//! Every request that changes something leaves an entry in the audit.

use infra::memory::{Faults, Mode};
use serde_json::{Value, json};
use tracing::Level;

use super::{
    removal::connected,
    world::{ALL_SCOPES, Answer, House, TENANT, by, event, with_claims},
};
use crate::{
    api::{
        caller::Needs,
        routes::{Handler, ROUTES},
    },
    telemetry::tests::with_log,
};

const CRM: &str = "/v1/integrations/crm-1";

/// Routes with a method other than GET that change nothing: they take what they look for in a body, since paths and queries are logged.
const READS: [&str; 7] = [
    "checkObjections",
    "findAssessments",
    "findCompanies",
    "getCompaniesStatus",
    "previewCreation",
    "searchRecords",
    "searchSubject",
];

fn asked(request: &str, method: &str, path: &str, body: &Value) -> Value {
    let mut event = event(method, path);
    event["requestContext"]["requestId"] = request.into();
    if !body.is_null() {
        event["body"] = body.to_string().into();
    }
    by(ALL_SCOPES, event)
}

async fn ask(house: &House, request: &str, method: &str, path: &str, body: Value) -> Answer {
    house.ask(asked(request, method, path, &body)).await
}

async fn audit(house: &House, query: &str) -> Value {
    let answer = ask(
        house,
        "look",
        "GET",
        &format!("/v1/audit{query}"),
        Value::Null,
    )
    .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

/// Returns some members of each entry.
fn told(audit: &Value, names: [&str; 3]) -> Vec<[Value; 3]> {
    let entries = audit["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| names.map(|name| entry[name].clone()))
        .collect()
}

#[test]
fn a_route_that_may_change_something_changes_it_with_an_entry() {
    for route in ROUTES {
        let is_change = matches!(route.handler, Handler::Change(_));
        let may_change = route.method != "GET" && !READS.contains(&route.operation);
        assert_eq!(is_change, may_change, "{}", route.operation);
        assert!(
            !is_change || route.needs != Needs::Read,
            "{}",
            route.operation
        );
    }
    for operation in READS {
        assert!(
            ROUTES.iter().any(|route| route.operation == operation),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn the_audit_says_who_changed_what_and_how_it_ended() {
    let (house, _) = connected(TENANT).await;
    let person = json!({"person": {"emails": ["mara@kunde.example"]}});
    for (request, method, path, body, status) in [
        ("r-1", "POST", "/v1/objections", person.clone(), 201),
        ("r-2", "POST", "/v1/objections/withdrawal", person, 200),
        ("r-3", "POST", &*format!("{CRM}/exports"), Value::Null, 202),
        (
            "r-4",
            "POST",
            "/v1/integrations/crm-2/exports",
            Value::Null,
            404,
        ),
        ("r-5", "DELETE", CRM, Value::Null, 202),
        // What is refused for itself, or only reads, leaves no entry.
        ("r-6", "POST", "/v1/objections", json!({"person": {}}), 422),
        ("r-7", "GET", CRM, Value::Null, 200),
    ] {
        let answer = ask(&house, request, method, path, body).await;
        assert_eq!(answer.status, status, "{request}: {answer:?}");
    }
    let all = audit(&house, "?day=2025-11-24").await;
    assert_eq!(all["cursor"], Value::Null);
    let entries = told(&all, ["what", "outcome", "requestId"]);
    for (what, outcome, request) in [
        ("recordObjection", "done", Some("r-1")),
        ("withdrawObjection", "done", Some("r-2")),
        ("beginExport", "done", Some("r-3")),
        ("beginExport", "refused", Some("r-4")),
        ("removeIntegration", "done", Some("r-5")),
        ("export_asked", "done", None),
        ("removal_asked", "done", None),
    ] {
        let entry = [json!(what), json!(outcome), json!(request)];
        assert!(entries.contains(&entry), "{entry:?} is not in {entries:?}");
    }
    assert_eq!(entries.len(), 7, "{entries:?}");
    let exports = audit(&house, "?what=beginExport").await;
    let of_exports = told(&exports, ["integration", "status", "problem"]);
    assert!(of_exports.contains(&[json!("crm-1"), json!(202), Value::Null]));
    assert!(of_exports.contains(&[json!("crm-2"), json!(404), json!("not-found")]));
    let text = all.to_string();
    assert!(!text.contains("user-1") && !text.contains("mara"), "{text}");
    let bys: Vec<&str> = all["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["by"].as_str().unwrap())
        .collect();
    assert!(
        bys.iter()
            .all(|by| by.starts_with("keyed:") && *by == bys[0]),
        "{bys:?}"
    );
}

#[tokio::test]
async fn the_audit_is_read_page_by_page_by_administrators_and_by_its_own_tenant() {
    let (house, _) = connected(TENANT).await;
    for n in 0..5 {
        let template = json!({
            "name": "outreach", "interest": "offers", "whoseInterest": "ours", "benefit": format!("offer {n}"), "legality": "recital 47",
            "necessity": "an address", "alternatives": "none",
        });
        let stored = ask(&house, &format!("t-{n}"), "POST", "/v1/templates", template).await;
        assert_eq!(stored.status, 201, "{stored:?}");
    }
    let (mut requests, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = audit(&house, &format!("?limit=2{cursor}")).await;
        requests.extend(
            told(&page, ["requestId", "what", "outcome"])
                .into_iter()
                .map(|[request, ..]| request),
        );
        let Some(next) = page["cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(requests, ["t-4", "t-3", "t-2", "t-1", "t-0"]);
    assert_eq!(audit(&house, "?day=2025-11-25").await["entries"], json!([]));
    let claims = json!({"tenant": "globex-1", "sub": "user-1", "scope": ALL_SCOPES});
    let other = house
        .ask(with_claims(event("GET", "/v1/audit"), claims))
        .await;
    assert_eq!(other.body["entries"], json!([]));
    for (query, parameter) in [
        ("?day=2025-11-24T00:00", "day"),
        ("?day=24.11.2025", "day"),
        ("?cursor=x", "cursor"),
        ("?limit=101", "limit"),
        ("?what=", "what"),
        (&*format!("?what={}", "x".repeat(101)), "what"),
        (&*format!("?day=2025-11-25{cursor}"), "cursor"),
    ] {
        let refused = ask(
            &house,
            "look",
            "GET",
            &format!("/v1/audit{query}"),
            Value::Null,
        )
        .await;
        assert_eq!(
            (refused.status, refused.body["parameter"].as_str()),
            (400, Some(parameter)),
            "{query}"
        );
    }
}

/// Breaks each call of a request in turn. Nothing may have been changed without an entry, and what was changed is said to have been.
#[tokio::test]
async fn no_change_is_without_an_entry_whichever_call_fails() {
    for mode in [Mode::FailsBefore, Mode::LosesReply] {
        let mut n = 0;
        loop {
            n += 1;
            let (mut house, scope) = connected(TENANT).await;
            let sound = house.ports.clone();
            let faults = Faults::at(n, mode);
            house.with_ports(|ports| *ports = faults.wrap(&sound));
            let asked = asked("r-1", "DELETE", CRM, &Value::Null);
            let (answer, lines) = with_log(Level::INFO, house.ask(asked)).await;
            house.with_ports(|ports| *ports = sound);
            let began = house.ports.store.removal(&scope).await.unwrap().is_some();
            let all = audit(&house, "?what=removeIntegration").await;
            let outcomes = told(&all, ["outcome", "status", "requestId"]);
            let (broke, logged) = (faults.broke(), format!("{lines:?}"));
            match outcomes.as_slice() {
                [] => assert!(!began && answer.status >= 500, "{broke:?}"),
                [[outcome, status, _]] if *outcome == "unknown" => {
                    assert_eq!(status, &Value::Null);
                    assert!(
                        began && logged.contains("the audit does not say"),
                        "{broke:?} {logged}"
                    );
                }
                [[_, status, _]] => assert_eq!(*status, answer.status, "{broke:?}"),
                more => unreachable!("{more:?}"),
            }
            if broke.is_none() {
                break;
            }
        }
        assert!(n > 5, "{n}");
    }
}
