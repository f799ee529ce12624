//! `POST /oauth/{version}/token`, and its refusals.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::call::{Answer, json as answer_json};
use crate::hubspot::auth::{Auth, USER_ID, is_verifier_of};
use crate::hubspot::state::{State, lock};

/// The fields of a form.
pub(super) type Fields = HashMap<String, String>;

/// A refusal: OAuth's error, HubSpot's status, the message.
pub(super) type No = (&'static str, &'static str, &'static str);

const BAD_REFRESH_TOKEN: No = (
    "invalid_grant",
    "BAD_REFRESH_TOKEN",
    "refresh token is invalid, expired or revoked",
);
const BAD_HUB: No = ("access_denied", "BAD_HUB", "missing or unknown hub id");
const BAD_AUTH_CODE: No = (
    "invalid_grant",
    "BAD_AUTH_CODE",
    "missing or unknown auth code",
);
const BAD_REDIRECT_URI: No = (
    "invalid_grant",
    "BAD_REDIRECT_URI",
    "missing or invalid redirect uri",
);
const BAD_CODE_VERIFIER: No = (
    "invalid_grant",
    "BAD_CODE_VERIFIER",
    "missing or invalid code verifier",
);
const BAD_GRANT_TYPE: No = (
    "unsupported_grant_type",
    "BAD_GRANT_TYPE",
    "missing or unknown grant type",
);
const BAD_CLIENT_ID: No = (
    "invalid_client",
    "BAD_CLIENT_ID",
    "missing or unknown client id",
);
const BAD_CLIENT_SECRET: No = (
    "invalid_client",
    "BAD_CLIENT_SECRET",
    "missing or invalid client secret",
);

pub(super) fn token(state: &State, form: &Fields) -> Answer {
    if let Err(no) = client(state, form) {
        return refusal(no);
    }
    let mut auth = lock(&state.auth);
    let outcome = match text(form, "grant_type") {
        "authorization_code" => by_code(state, &mut auth, form),
        "refresh_token" => by_refresh_token(state, &mut auth, form),
        "client_credentials" => Ok(by_credentials(state, &mut auth, form)),
        _ => Err(BAD_GRANT_TYPE),
    };
    match outcome {
        Ok(tokens) => answer_json(200, &tokens),
        Err(no) => refusal(no),
    }
}

fn by_code(state: &State, auth: &mut Auth, form: &Fields) -> Result<Value, No> {
    let code = auth.redeem(text(form, "code")).ok_or(BAD_AUTH_CODE)?;
    if code.redirect != text(form, "redirect_uri") {
        return Err(BAD_REDIRECT_URI);
    }
    let verifier = text(form, "code_verifier");
    let proven = code
        .challenge
        .is_none_or(|challenge| is_verifier_of(verifier, &challenge));
    if state.config.enforce_pkce && !proven {
        return Err(BAD_CODE_VERIFIER);
    }
    // The app is installed in the account from now on.
    auth.hub_known = true;
    let refresh = auth.grant(code.scopes.clone());
    Ok(tokens(state, auth, code.scopes, Some(refresh)))
}

fn by_refresh_token(state: &State, auth: &mut Auth, form: &Fields) -> Result<Value, No> {
    if !auth.hub_known {
        return Err(BAD_HUB);
    }
    let given = text(form, "refresh_token");
    let scopes = auth.refresh.get(given).cloned().ok_or(BAD_REFRESH_TOKEN)?;
    let refresh = if state.config.rotate_refresh_tokens {
        auth.refresh.remove(given);
        auth.grant(scopes.clone())
    } else {
        given.to_owned()
    };
    Ok(tokens(state, auth, scopes, Some(refresh)))
}

/// Issues a token of the app itself, not of an account.
fn by_credentials(state: &State, auth: &mut Auth, form: &Fields) -> Value {
    let scopes = text(form, "scope").split_whitespace();
    let scopes: Vec<String> = scopes.map(str::to_owned).collect();
    let mut answer = tokens(state, auth, scopes, None);
    answer["token_use"] = json!("client_credentials");
    answer
}

fn tokens(state: &State, auth: &mut Auth, scopes: Vec<String>, refresh: Option<String>) -> Value {
    let shown = auth.effective(&scopes);
    let token_use = if refresh.is_some() {
        "access_token"
    } else {
        "client_credentials"
    };
    let access = auth.issue(scopes, token_use);
    let mut answer = json!({
        "token_type": "bearer", "access_token": access, "expires_in": auth.ttl.as_secs(), "hub_id": state.config.hub_id, "user_id": USER_ID,
        "scopes": shown, "token_use": token_use,
    });
    if let Some(refresh) = refresh {
        answer["refresh_token"] = json!(refresh);
    }
    answer
}

/// Checks the app's id and secret in the form.
pub(super) fn client(state: &State, form: &Fields) -> Result<(), No> {
    let auth = lock(&state.auth);
    let fits = |wanted: Option<&str>, name: &str| {
        let given = text(form, name);
        !given.is_empty() && wanted.is_none_or(|wanted| wanted == given)
    };
    if !fits(auth.client_id.as_deref(), "client_id") {
        return Err(BAD_CLIENT_ID);
    }
    if !fits(auth.client_secret.as_deref(), "client_secret") {
        return Err(BAD_CLIENT_SECRET);
    }
    Ok(())
}

pub(super) fn text<'a>(form: &'a Fields, name: &str) -> &'a str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

pub(super) fn refusal((error, status, message): No) -> Answer {
    answer_json(
        400,
        &json!({ "error": error, "error_description": message, "status": status, "message": message }),
    )
}
