#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod addresses;
mod audited;
mod callers;
mod consents;
mod contract;
mod creating;
mod database;
mod ended;
mod exports;
mod held;
mod inner_codes;
mod logged;
mod lost_key;
mod refusals;
mod removal;
mod showing;
mod spelt;
mod tenants;
mod world;

use serde_json::{Value, json};

use self::world::{House, event};

#[tokio::test]
async fn health_says_stage_and_version() {
    let answer = House::new().ask(event("GET", "/health")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(
        answer.body,
        json!({"status": "ok", "stage": "test", "version": env!("CARGO_PKG_VERSION")})
    );
}

#[tokio::test]
async fn an_unknown_path_is_a_problem_that_names_the_request() {
    for path in [
        "/",
        "/healthy",
        "/health/",
        "/tenants/acme",
        "/v1",
        "/v1/integrations/a/b/c",
    ] {
        let answer = House::new().ask(event("GET", path)).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.body["status"], 404);
        assert_eq!(answer.body["requestId"], "gateway-1");
        assert!(
            !answer.body.to_string().contains("tenants"),
            "the path is not sent back"
        );
    }
}

#[tokio::test]
async fn a_method_that_does_not_fit_is_told_what_does() {
    let answer = House::new().ask(event("DELETE", "/health")).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.body["detail"], "allowed: GET");
    assert_eq!(answer.headers["allow"], "GET");
}

#[tokio::test]
async fn every_answer_names_its_request_and_is_kept_by_no_cache() {
    for path in ["/health", "/nowhere", "/v1/integrations/crm-1"] {
        let answer = House::new().ask(event("GET", path)).await;
        assert_eq!(answer.headers["x-request-id"], "gateway-1", "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert_eq!(
            answer.headers["x-content-type-options"], "nosniff",
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_event_that_is_no_request_still_gets_an_answer() {
    for event in [
        json!({}),
        json!({"rawPath": 1}),
        json!("x"),
        json!({"Records": []}),
        json!({"requestContext": 7}),
    ] {
        let answer = House::new().ask(event).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.body["requestId"], "lambda-1");
    }
}

#[tokio::test]
async fn nothing_is_asked_of_aws_for_a_caller_who_may_have_no_answer() {
    let house = House::new();
    for claims in [
        Value::Null,
        json!({"tenant": "acme-1", "sub": "u", "scope": "abgleich/write"}),
    ] {
        let event = world::with_claims(event("GET", "/v1/integrations/crm-1"), claims);
        assert!(house.ask_without_world(event).await.status >= 401);
    }
}
