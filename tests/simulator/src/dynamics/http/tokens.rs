//! The token endpoint.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::call::Reply;
use super::troubles::Trouble;
use crate::dynamics::auth::{Auth, is_verifier_of};
use crate::dynamics::state::{State, lock};

/// The fields of a form.
pub(super) type Fields = HashMap<String, String>;

fn text<'a>(form: &'a Fields, name: &str) -> &'a str {
    form.get(name).map_or("", String::as_str)
}

/// Answers `POST /{tenant}/oauth2/v2.0/token`.
pub(super) fn token(state: &State, tenant: &str, form: &Fields) -> Reply {
    let outcome = issued(&mut lock(&state.auth), tenant, form);
    match outcome {
        Ok(body) => Reply::text("application/json; charset=utf-8", body.to_string()),
        Err(trouble) => trouble.reply(state),
    }
}

fn issued(auth: &mut Auth, tenant: &str, form: &Fields) -> Result<Value, Trouble> {
    if let Some(code) = auth.trouble {
        return Err(Trouble::numbered(code));
    }
    if !auth.is_tenant(tenant) {
        return Err(Trouble::TENANT);
    }
    let is = |known: &Option<String>, name: &str| {
        known.as_deref().is_none_or(|one| one == text(form, name))
    };
    if !is(&auth.client_id, "client_id") || text(form, "client_id").is_empty() {
        return Err(Trouble::APP);
    }
    if !is(&auth.client_secret, "client_secret") {
        return Err(Trouble::SECRET);
    }
    let (is_app, refresh) = match text(form, "grant_type") {
        "client_credentials" => {
            scoped(auth, text(form, "scope"), &["/.default"])?;
            (true, None)
        }
        "authorization_code" => (false, coded(auth, form)?),
        "refresh_token" => {
            let token = text(form, "refresh_token");
            if token.is_empty() {
                return Err(Trouble::MALFORMED);
            }
            let scope = text(form, "scope");
            if !scope.is_empty() {
                scoped(auth, scope, &["/user_impersonation", "/.default"])?;
            }
            (false, Some(auth.refreshed(token).ok_or(Trouble::IDLE)?))
        }
        _ => return Err(Trouble::GRANT_TYPE),
    };
    let seconds = auth.ttl.as_secs();
    let mut body = json!({
        "token_type": "Bearer", "scope": text(form, "scope"), "expires_in": seconds, "ext_expires_in": seconds,
        "access_token": auth.issue(is_app),
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = json!(refresh);
    }
    Ok(body)
}

/// Refuses a scope that does not name the environment with one of these permissions.
fn scoped(auth: &Auth, scope: &str, permissions: &[&str]) -> Result<(), Trouble> {
    let of_resources = scope.split_whitespace().filter(|one| one.contains("://"));
    let mut named = of_resources.peekable();
    if named.peek().is_none() {
        return Err(Trouble::SCOPE);
    }
    let is_of = |one: &str| {
        permissions
            .iter()
            .any(|permission| auth.is_of_environment(one, permission))
    };
    match named.all(is_of) {
        true => Ok(()),
        false => Err(Trouble::RESOURCE),
    }
}

/// Redeems a code. Returns a refresh token if offline access was asked for.
fn coded(auth: &mut Auth, form: &Fields) -> Result<Option<String>, Trouble> {
    let code = auth.redeem(text(form, "code")).ok_or(Trouble::SPENT)?;
    if code.redirect != text(form, "redirect_uri") {
        return Err(Trouble::REDIRECT);
    }
    let verifier = text(form, "code_verifier");
    if code
        .challenge
        .is_some_and(|challenge| !is_verifier_of(verifier, &challenge))
    {
        return Err(Trouble::VERIFIER);
    }
    Ok(code.offline.then(|| auth.grant()))
}
