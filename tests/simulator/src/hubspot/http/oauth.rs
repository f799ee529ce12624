//! `/oauth`: the consent page, introspection, revocation. `tokens` has the token endpoint.

use serde_json::{Value, json};

use super::call::{Answer, Call, bytes, json as answer_json, nothing, refused, set};
use super::tokens::{Fields, client, refusal, text, token};
use crate::hubspot::auth::{APP_ID, Code, USER_ID};
use crate::hubspot::error::Refusal;
use crate::hubspot::state::{State, lock};
use crate::kit::answer::empty;

pub(super) fn answer(state: &State, call: &Call) -> Answer {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (call.method.as_str(), &path[..]) {
        ("GET", ["oauth", "authorize"]) => authorize(state, call),
        ("POST", ["oauth", "token"]) => token(state, &call.form()),
        ("POST", ["oauth", "token", "introspect"]) => introspect(state, &call.form()),
        ("POST", ["oauth", "token", "revoke"]) => revoke(state, &call.form()),
        ("GET", ["oauth", "access-tokens", token]) => about(state, token, "access_token"),
        ("GET", ["oauth", "refresh-tokens", token]) => about(state, token, "refresh_token"),
        ("DELETE", ["oauth", "refresh-tokens", token]) => {
            lock(&state.auth).refresh.remove(*token);
            nothing()
        }
        _ => refused(state, &Refusal::no_such_path()),
    }
}

/// Answers for an administrator who consents at once: redirects to the app with a code.
fn authorize(state: &State, call: &Call) -> Answer {
    let wrong = |message: &str| bytes(400, "text/html", message.as_bytes().to_vec());
    let mut auth = lock(&state.auth);
    let redirect = call.param("redirect_uri").unwrap_or_default();
    let registered = auth
        .redirect_uri
        .as_deref()
        .is_none_or(|one| one == redirect);
    let Ok(mut target) = url::Url::parse(redirect) else {
        return wrong("redirect_uri is missing");
    };
    let known = call
        .param("client_id")
        .is_some_and(|id| auth.client_id.as_deref().is_none_or(|one| one == id));
    if !known || !registered {
        return wrong("the app is unknown, or the redirect_uri is not registered");
    }
    let list = |name: &str| -> Vec<String> {
        let text = call.param(name).unwrap_or_default();
        text.split_whitespace().map(str::to_owned).collect()
    };
    let wanted = list("scope");
    let granted = auth.effective(&wanted);
    if granted.len() < wanted.len() {
        // A required scope that the account cannot grant ends the installation. Optional ones are left out.
        return wrong("the account has no access to the required scopes");
    }
    let mut scopes = granted;
    scopes.extend(auth.effective(&list("optional_scope")));
    scopes.dedup();
    let code = auth.consent(Code {
        redirect: redirect.to_owned(),
        challenge: call.param("code_challenge").map(str::to_owned),
        scopes,
    });
    target.query_pairs_mut().append_pair("code", &code);
    if let Some(given) = call.param("state") {
        target.query_pairs_mut().append_pair("state", given);
    }
    let mut answer = empty();
    *answer.status_mut() = axum::http::StatusCode::FOUND;
    set(&mut answer, "location", target.as_str());
    answer
}

/// Introspects a token. The client's id and secret are needed. An unknown or expired token is not active.
fn introspect(state: &State, form: &Fields) -> Answer {
    if let Err(no) = client(state, form) {
        return refusal(no);
    }
    answer_json(200, &information(state, text(form, "token"), None))
}

/// Revokes a refresh token. Issued access tokens stay valid. The answer for an unknown token is the same.
fn revoke(state: &State, form: &Fields) -> Answer {
    if let Err(no) = client(state, form) {
        return refusal(no);
    }
    lock(&state.auth).refresh.remove(text(form, "token"));
    bytes(200, "application/json;charset=utf-8", Vec::new())
}

/// Answers the endpoint of v1, which needs no client and answers 404 for an unknown token.
fn about(state: &State, token: &str, use_of: &str) -> Answer {
    let about = information(state, token, Some(use_of));
    if about["active"] == json!(true) {
        return answer_json(200, &about);
    }
    refused(
        state,
        &Refusal::new(404, "OBJECT_NOT_FOUND", "token not found"),
    )
}

fn information(state: &State, token: &str, use_of: Option<&str>) -> Value {
    let now = lock(&state.portal).clock.now();
    let auth = lock(&state.auth);
    let hub = state.config.hub_id;
    let common = |scopes: &[String], token_use: &str| {
        json!({
            "active": true, "token": token, "token_type": "bearer", "token_use": token_use, "user": "admin@example.com", "user_id": USER_ID,
            "hub_domain": "example.com", "hub_id": hub, "app_id": APP_ID.parse::<u64>().unwrap_or_default(), "scopes": scopes,
            "client_id": auth.client_id.clone().unwrap_or_default(),
        })
    };
    let is = |name: &str| use_of.is_none_or(|wanted| wanted == name);
    if let Some(access) = auth.access(token).filter(|_| is("access_token")) {
        let mut about = common(&auth.effective(&access.scopes), access.token_use);
        let left = access
            .ends
            .saturating_duration_since(std::time::Instant::now());
        about["expires_in"] = json!(left.as_secs());
        about["is_private_distribution"] = json!(false);
        about["signed_access_token"] = signed(hub, &about["scopes"], now, left.as_secs());
        return about;
    }
    match auth.refresh.get(token).filter(|_| is("refresh_token")) {
        Some(scopes) => common(&auth.effective(scopes), "refresh_token"),
        None => json!({ "active": false }),
    }
}

/// Returns the signed form of an access token, without signatures. The specification requires it, and no client here reads it.
fn signed(hub: u64, scopes: &Value, now: i64, seconds: u64) -> Value {
    let ends = now + i64::try_from(seconds).unwrap_or_default() * 1_000;
    json!({
        "expiresAt": ends, "scopes": scopes.to_string(), "hubId": hub, "userId": USER_ID, "installingUserId": USER_ID,
        "appId": APP_ID.parse::<u64>().unwrap_or_default(), "appInstallId": "1", "audience": "api", "hublet": "eu1", "signature": "", "newSignature": "",
        "scopeToScopeGroupPks": "", "trialScopes": "", "trialScopeToScopeGroupPks": "", "isPrivateDistribution": false, "isServiceAccount": false,
        "isUserLevel": false,
    })
}
