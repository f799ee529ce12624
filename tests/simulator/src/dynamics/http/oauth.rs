//! Entra's endpoints below `/{tenant}/oauth2/v2.0/`: the consent page. `tokens` has the token endpoint.

use super::call::{Call, Reply};
use super::tokens::token;
use super::troubles::Trouble;
use crate::dynamics::auth::Code;
use crate::dynamics::error::Refusal;
use crate::dynamics::state::{State, lock};
use crate::kit::answer::Answer;

/// Returns the path with its variable parts replaced by their names.
pub(super) fn template(segments: &[String]) -> String {
    match segments {
        [_, oauth, version, name] if oauth == "oauth2" => {
            format!("/{{tenant}}/oauth2/{version}/{name}")
        }
        _ => "/".to_owned(),
    }
}

pub(super) fn answer(state: &State, call: &Call) -> Answer {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let reply = match (call.method.as_str(), &path[..]) {
        ("GET", [tenant, "oauth2", "v2.0", "authorize"]) => authorize(state, call, tenant),
        ("POST", [tenant, "oauth2", "v2.0", "token"]) => token(state, tenant, &call.form()),
        _ => Reply::refused(&Refusal::new(404, "", "The resource cannot be found.")),
    };
    reply.answer()
}

/// Answers for an administrator who consents at once: redirects to the app with a code, or with an error.
fn authorize(state: &State, call: &Call, tenant: &str) -> Reply {
    let wrong = |trouble: Trouble| Reply {
        status: 400,
        ..Reply::text("text/html", trouble.text().into_bytes())
    };
    let mut auth = lock(&state.auth);
    if !auth.is_tenant(tenant) {
        return wrong(Trouble::TENANT);
    }
    let redirect = call.param("redirect_uri").unwrap_or_default();
    let is_registered = auth
        .redirect_uri
        .as_deref()
        .is_none_or(|one| one == redirect);
    let Ok(mut target) = url::Url::parse(redirect) else {
        return wrong(Trouble::REDIRECT);
    };
    if !is_registered {
        return wrong(Trouble::REDIRECT);
    }
    let known = call
        .param("client_id")
        .is_some_and(|id| auth.client_id.as_deref().is_none_or(|one| one == id));
    if !known || call.param("response_type") != Some("code") {
        return wrong(Trouble::APP);
    }
    let scopes: Vec<&str> = call
        .param("scope")
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let is_of = |scope: &&str| {
        auth.is_of_environment(scope, "/user_impersonation")
            || auth.is_of_environment(scope, "/.default")
    };
    if scopes.iter().any(is_of) {
        let offline = scopes.contains(&"offline_access");
        let code = auth.consent(Code {
            redirect: redirect.to_owned(),
            challenge: call.param("code_challenge").map(str::to_owned),
            offline,
        });
        target.query_pairs_mut().append_pair("code", &code);
    } else {
        // The environment is unknown to the directory.
        let trouble = Trouble::RESOURCE;
        let mut pairs = target.query_pairs_mut();
        pairs.append_pair("error", trouble.error);
        pairs.append_pair("error_description", &trouble.text());
    }
    if let Some(given) = call.param("state") {
        target.query_pairs_mut().append_pair("state", given);
    }
    Reply::json(302, Vec::new()).with("location", target.as_str())
}
