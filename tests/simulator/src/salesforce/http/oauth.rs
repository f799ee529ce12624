//! `/services/oauth2`: authorize, token, revoke, userinfo. Also the identity URL.

use serde_json::{Value, json};

use super::call::{Answer, Call, bytes, json, set};
use crate::kit::answer::empty;
use crate::salesforce::error::Refusal;
use crate::salesforce::state::{State, lock};

pub(super) fn answer(state: &State, call: &Call, what: &str) -> Answer {
    match (call.method.as_str(), what) {
        ("POST", "token") => {
            let basic = call
                .header("authorization")
                .filter(|header| header.starts_with("Basic "));
            match lock(&state.auth).token(&call.form(), basic, &state.instance()) {
                Ok(tokens) => json(200, &tokens),
                Err((status, error, description)) => json(
                    status,
                    &json!({ "error": error, "error_description": description }),
                ),
            }
        }
        ("POST" | "GET", "revoke") => {
            let form = call.form();
            let token = form
                .get("token")
                .or_else(|| call.query.get("token"))
                .map(String::as_str)
                .unwrap_or_default();
            if lock(&state.auth).revoke(token) {
                return bytes(200, "application/x-www-form-urlencoded", Vec::new());
            }
            json(
                400,
                &json!({ "error": "invalid_token", "error_description": "invalid token" }),
            )
        }
        ("GET", "authorize") => authorize(state, call),
        ("GET" | "POST", "userinfo") => json(200, &userinfo(state)),
        _ => super::call::refused(&Refusal::not_found()),
    }
}

/// Answers for a user who consents at once: redirects to the app with a code.
fn authorize(state: &State, call: &Call) -> Answer {
    let redirect = call.param("redirect_uri").unwrap_or_default();
    let Ok(mut target) = url::Url::parse(redirect) else {
        return bytes(
            400,
            "text/html",
            b"error=redirect_uri_missing&error_description=missing required redirect_uri".to_vec(),
        );
    };
    let mut auth = lock(&state.auth);
    let known = call
        .param("client_id")
        .is_some_and(|client| auth.knows_client(client));
    let plain = call
        .param("code_challenge_method")
        .is_some_and(|method| method != "S256");
    let outcome = match (known, call.param("response_type"), plain) {
        (false, ..) => ("error", "invalid_client_id".to_owned()),
        (_, Some("code"), false) => (
            "code",
            auth.authorize(
                call.param("code_challenge").map(str::to_owned),
                redirect.to_owned(),
            ),
        ),
        _ => ("error", "invalid_request".to_owned()),
    };
    target.query_pairs_mut().append_pair(outcome.0, &outcome.1);
    if let Some(given) = call.param("state") {
        target.query_pairs_mut().append_pair("state", given);
    }
    let mut answer = empty();
    *answer.status_mut() = axum::http::StatusCode::FOUND;
    set(&mut answer, "location", target.as_str());
    answer
}

fn userinfo(state: &State) -> Value {
    let auth = lock(&state.auth);
    json!({
        "sub": format!("{}/id/{}/{}", state.url, auth.organization, auth.user), "user_id": auth.user.as_str(),
        "organization_id": auth.organization.as_str(), "preferred_username": "integration@example.com", "name": "Integration User",
        "email": "integration@example.com", "user_type": "STANDARD", "language": "en_US", "locale": "de_DE",
        "urls": { "rest": format!("{}/services/data/v{{version}}/", state.url) },
    })
}

/// `/id/{organization}/{user}`.
pub(super) fn identity(state: &State) -> Value {
    let auth = lock(&state.auth);
    let url = &state.url;
    json!({
        "id": format!("{url}/id/{}/{}", auth.organization, auth.user), "asserted_user": true, "user_id": auth.user.as_str(),
        "organization_id": auth.organization.as_str(), "username": "integration@example.com", "display_name": "Integration User",
        "email": "integration@example.com", "active": true, "user_type": "STANDARD",
        "urls": {
            "rest": format!("{url}/services/data/v{{version}}/"), "sobjects": format!("{url}/services/data/v{{version}}/sobjects/"),
            "query": format!("{url}/services/data/v{{version}}/query/"),
        },
    })
}
