//! The line that each request leaves in the log.

use domain::{seal::CallerKey, tenant::TenantId};
use infra::memory::{Faults, Mode};
use serde_json::{Value, json};
use tracing::Level;

use super::world::{ALL_SCOPES, CALLER_SECRET, House, TENANT, event, with_claims};
use crate::telemetry::tests::with_log;

const SUBJECT: &str = "erika@kunde.example";

/// Returns the last line that a request leaves, and everything that it logs.
async fn line(house: &House, scope: &str, method: &str, path: &str) -> (Value, String) {
    let claims = json!({"tenant": TENANT, "sub": SUBJECT, "scope": scope});
    let asked = with_claims(event(method, path), claims);
    let (_, lines) = with_log(Level::INFO, house.ask(asked)).await;
    (
        lines.last().unwrap().clone(),
        serde_json::to_string(&lines).unwrap(),
    )
}

fn user() -> String {
    let key = CallerKey::of_secret(CALLER_SECRET).unwrap();
    let tenant = TenantId::parse(TENANT).unwrap();
    key.hash(&tenant, SUBJECT).to_string()
}

#[tokio::test]
async fn every_request_says_who_did_what_and_how_it_ended() {
    let (house, mut broken) = (House::new(), House::new());
    let down = Faults::at(1, Mode::FailsBefore);
    broken.with_ports(|ports| *ports = down.wrap(ports));
    let list = "/v1/integrations";
    for (house, scope, path, operation, status, problem) in [
        (&house, ALL_SCOPES, list, "listIntegrations", 200, None),
        (
            &house,
            "",
            list,
            "listIntegrations",
            403,
            Some("scope-missing"),
        ),
        (
            &house,
            ALL_SCOPES,
            "/v1/integrations?x=1",
            "listIntegrations",
            400,
            Some("bad-request"),
        ),
        (
            &house,
            ALL_SCOPES,
            "/v1/integrations/crm-1",
            "getIntegration",
            404,
            Some("not-found"),
        ),
        (
            &broken,
            ALL_SCOPES,
            list,
            "listIntegrations",
            503,
            Some("unavailable"),
        ),
    ] {
        let (line, all) = line(house, scope, "GET", path).await;
        assert_eq!(line["operation"], operation, "{line}");
        assert_eq!(line["status"], status, "{line}");
        assert_eq!(line["problem"].as_str(), problem, "{line}");
        assert_eq!(line["tenant"], TENANT, "{line}");
        assert_eq!(line["user"], user(), "{line}");
        assert!(
            line["ms"].is_u64() && line["requests"].is_string(),
            "{line}"
        );
        assert_eq!(line["level"], if status < 500 { "INFO" } else { "ERROR" });
        assert!(!all.contains(SUBJECT), "{all}");
    }
}

#[tokio::test]
async fn a_request_without_a_known_caller_is_logged_without_one() {
    let house = House::new();
    let (_, lines) = with_log(Level::INFO, house.ask(event("GET", "/v1/integrations"))).await;
    let line = lines.last().unwrap();
    assert_eq!(
        (&line["status"], &line["problem"]),
        (&json!(401), &json!("unauthorized"))
    );
    assert!(line["tenant"].is_null() && line["user"].is_null(), "{line}");
}
