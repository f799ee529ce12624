#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

fn of(claims: &Value) -> Result<Caller, u16> {
    Caller::of(claims.as_object()).map_err(|problem| problem.status)
}

#[test]
fn a_caller_is_who_the_claims_say() {
    let caller = of(&json!({
        "tenant": "acme-1", "sub": "u-1", "scope": "openid abgleich/read  abgleich/admin",
        "exp": 1, "iss": "https://issuer",
    }))
    .unwrap();
    assert_eq!(
        (caller.tenant.as_str(), caller.user.as_str()),
        ("acme-1", "u-1")
    );
    assert!(caller.may(Needs::Read).is_ok());
    assert!(caller.may(Needs::Admin).is_ok());
    assert_eq!(
        caller.may(Needs::Write).unwrap_err().status,
        403,
        "admin implies nothing"
    );
}

#[test]
fn claims_that_name_no_tenant_or_no_user_are_refused() {
    for claims in [
        json!({}),
        json!({"sub": "u"}),
        json!({"tenant": "acme-1"}),
        json!({"tenant": "acme-1", "sub": ""}),
        json!({"tenant": "acme-1", "sub": "a\nb"}),
        json!({"tenant": "acme-1", "sub": "x".repeat(129)}),
        json!({"tenant": "Acme#1", "sub": "u"}),
        json!({"tenant": ["acme-1"], "sub": "u"}),
        json!({"tenant": "acme-1", "sub": 7}),
    ] {
        assert_eq!(of(&claims).unwrap_err(), 403, "{claims}");
    }
    assert_eq!(of(&json!(null)).unwrap_err(), 401);
}

#[test]
fn scopes_come_as_a_text_or_as_a_list() {
    for scope in [
        json!("abgleich/read abgleich/write"),
        json!(["abgleich/read", "abgleich/write"]),
        json!("[abgleich/read abgleich/write]"),
        json!("[abgleich/read, abgleich/write]"),
    ] {
        let caller = of(&json!({"tenant": "acme-1", "sub": "u", "scope": scope})).unwrap();
        assert!(caller.may(Needs::Read).is_ok(), "{scope}");
        assert!(caller.may(Needs::Write).is_ok(), "{scope}");
        assert!(caller.may(Needs::Admin).is_err(), "{scope}");
    }
    for scope in [
        json!(null),
        json!(7),
        json!({"abgleich/read": true}),
        json!([["abgleich/read"], 7]),
        json!(["abgleich/read abgleich/write"]),
        json!("abgleich/read,abgleich/write"),
    ] {
        let caller = of(&json!({"tenant": "acme-1", "sub": "u", "scope": scope})).unwrap();
        assert!(caller.may(Needs::Read).is_err(), "{scope}");
    }
}

#[test]
fn only_iam_proves_the_operator_and_only_a_token_a_user() {
    let iam = |account: &str| {
        let arn = format!("arn:aws:sts::{account}:assumed-role/operator/x");
        json!({"iam": {"accountId": account, "userArn": arn}})
    };
    let (iam, foreign) = (iam("1"), iam("2"));
    let jwt =
        json!({"jwt": {"claims": {"tenant": "acme-1", "sub": "u", "scope": "abgleich/admin"}}});
    let behind = |needs, proof: &Value, tenant: &str| {
        Caller::behind(needs, Some(proof), tenant, "1").map_err(|problem| problem.status)
    };
    let operator = behind(Needs::Operator, &iam, "globex").unwrap();
    assert!(operator.is_operator() && operator.tenant.as_str() == "globex");
    assert!(operator.may(Needs::Operator).is_ok());
    assert!(operator.may(Needs::Read).is_err());
    assert_eq!(behind(Needs::Operator, &iam, "Globex#").unwrap_err(), 404);
    for proof in [
        &jwt,
        &json!({}),
        &json!({"iam": null}),
        &json!({"iam": {"accountId": "1", "userArn": ""}}),
    ] {
        assert_eq!(behind(Needs::Operator, proof, "acme-1").unwrap_err(), 401);
    }
    for proof in [
        &foreign,
        &json!({"iam": {"userArn": "arn:aws:sts::1:assumed-role/operator/x"}}),
        &json!({"iam": {"accountId": null, "userArn": "arn:aws:sts::1:assumed-role/operator/x"}}),
    ] {
        assert_eq!(behind(Needs::Operator, proof, "acme-1").unwrap_err(), 403);
    }
    // The path names no tenant of a user, and IAM proves none.
    let user = behind(Needs::Admin, &jwt, "globex").unwrap();
    assert!(!user.is_operator() && user.tenant.as_str() == "acme-1");
    assert_eq!(behind(Needs::Admin, &iam, "acme-1").unwrap_err(), 401);
}

#[test]
fn a_scope_is_a_whole_word() {
    let caller =
        of(&json!({"tenant": "acme-1", "sub": "u", "scope": "abgleich/readers xabgleich/read"}))
            .unwrap();
    assert!(caller.may(Needs::Read).is_err());
    assert!(caller.may(Needs::Nothing).is_ok());
}
