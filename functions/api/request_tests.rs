#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use serde_json::{Value, json};

use super::*;

fn request(path: &str, more: Value) -> Request {
    let mut event = json!({
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json; charset=utf-8"},
        "requestContext": {"http": {"method": "PUT", "path": path}, "timeEpoch": 0},
        "isBase64Encoded": false,
    });
    event
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    Request::of(serde_json::from_value(event).unwrap())
}

#[test]
fn a_path_is_held_against_a_pattern_part_by_part() {
    let pattern = "/v1/integrations/{integration}/runs/{run}";
    let mut request = request("/v1/integrations/crm%2D1/runs/a%20b", json!({}));
    assert!(request.is_at(pattern));
    assert_eq!(request.param("integration"), "crm-1");
    assert_eq!(request.param("run"), "a b");
    assert_eq!(request.param("other"), "");
    for path in [
        "",
        "v1/integrations/a/runs/b",
        "/v1/integrations/a/runs",
        "/v1/integrations/a/runs/b/",
        "/v1/integrations//runs/b",
        "/v1/integrations/a/runs/b/c",
        "/V1/integrations/a/runs/b",
        "/v1/integrations/a/runs/%ff",
    ] {
        assert!(!self::request(path, json!({})).is_at(pattern), "{path}");
    }
}

#[test]
fn an_integration_of_the_path_belongs_to_the_callers_tenant_or_is_unknown() {
    let tenant = TenantId::parse("acme-1").unwrap();
    let which = |id: &str| {
        let mut request = request(&format!("/v1/integrations/{id}"), json!({}));
        assert!(request.is_at("/v1/integrations/{integration}"));
        request.which(&tenant).map_err(|problem| problem.status)
    };
    assert_eq!(which("crm-1").unwrap().tenant, tenant);
    for id in ["a", "A-1", "crm%231", "globex-1%23crm-1", "..%2f.."] {
        assert_eq!(which(id), Err(404), "{id}");
    }
}

#[test]
fn a_body_has_to_be_said_to_be_json_and_to_be_of_a_bearable_size() {
    let read = |more: Value| {
        request("/", more)
            .json::<Value>()
            .map_err(|problem| problem.status)
    };
    assert_eq!(read(json!({"body": "{\"a\": 1}"})), Ok(json!({"a": 1})));
    assert_eq!(
        read(json!({"body": "eyJhIjogMX0=", "isBase64Encoded": true})),
        Ok(json!({"a": 1}))
    );
    assert_eq!(
        read(json!({"body": "%", "isBase64Encoded": true})),
        Err(400)
    );
    assert_eq!(read(json!({})), Err(400));
    assert_eq!(
        read(json!({"body": "{}", "headers": {"content-type": "text/plain"}})),
        Err(415)
    );
    assert_eq!(read(json!({"body": "{}", "headers": {}})), Err(415));
    let large = format!("\"{}\"", "x".repeat(MAX_BODY));
    assert_eq!(read(json!({"body": large})), Err(413));
}

#[test]
fn who_changes_something_says_which_version_they_saw() {
    let tag = |value: &str| {
        request("/", json!({"headers": {"if-match": value}}))
            .if_match()
            .map(str::to_owned)
            .map_err(|problem| problem.status)
    };
    assert_eq!(tag("\"g1-2\""), Ok("g1-2".to_owned()));
    for value in ["g1-2", "*", "W/\"g1-2\"", ""] {
        assert_eq!(tag(value), Err(428), "{value}");
    }
}

#[test]
fn a_required_header_is_visible_ascii_of_a_bounded_length() {
    let key = |value: &str| {
        request("/", json!({"headers": {"idempotency-key": value}}))
            .required_header("Idempotency-Key", 8)
            .map(str::to_owned)
            .map_err(|problem| problem.parameter.clone())
    };
    assert_eq!(key("a-1"), Ok("a-1".to_owned()));
    for value in ["", "a b", "123456789"] {
        assert_eq!(
            key(value),
            Err(Some("Idempotency-Key".to_owned())),
            "{value}"
        );
    }
}
