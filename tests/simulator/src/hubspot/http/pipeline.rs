//! The steps of every request: length, token, limit, fault, answer, damage, compression, log.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State as Extract};
use serde_json::json;

use super::call::{Answer, Call, bytes, refused, set};
use super::{oauth, route};
use crate::hubspot::auth::Session;
use crate::hubspot::control::Control;
use crate::hubspot::error::Refusal;
use crate::hubspot::fault::{Fault, NO_CREDENTIALS};
use crate::hubspot::kind::Kind;
use crate::hubspot::limits::Left;
use crate::hubspot::state::{State, lock};
use crate::hubspot::time;
use crate::kit::answer::segments;
use crate::kit::control::answer;
use crate::kit::damage;

/// The limit of a body, in bytes. Larger ones are refused.
const BODY_LIMIT: usize = 20 << 20;

/// Answers one request.
pub(crate) async fn serve(Extract(state): Extract<Arc<State>>, request: Request) -> Answer {
    if request.uri().path().starts_with("/control/") {
        return answer(Control { state }, request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return refused(&state, &Refusal::new(413, "", "the body is too large"));
    };
    let (segments, version) = route::canonical(segments(&parts.uri));
    let mut call = Call {
        method: parts.method,
        segments,
        version,
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        headers: parts.headers,
        body,
        scopes: Vec::new(),
        fault: None,
    };
    let object = route::object(&call.segments).map(Kind::plural);
    let mut template = route::template(&call.segments);
    if call.flag("archived") {
        // The recycle bin has the same path as the list of live records.
        template.push_str("?archived=true");
    }
    let short = format!("/{}", call.segments.join("/"));
    let fault =
        lock(&state.faults).strike(call.method.as_str(), &[parts.uri.path(), &short], object);
    if let Some(Fault::Slow { delay_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    call.fault = fault.clone();
    let length = parts
        .uri
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    let mut answer = if length > state.config.url_limit {
        too_long()
    } else {
        answered(&state, &mut call, fault.as_ref())
    };
    // Clients read the CRM's clock here, so it has to be the one that stamps records.
    let now = lock(&state.portal).clock.now();
    set(&mut answer, "date", &time::http_text(now));
    let gzip = call
        .header("accept-encoding")
        .is_some_and(|accepted| accepted.contains("gzip"));
    let key = (
        call.method.to_string(),
        template,
        object.map(str::to_owned),
        answer.status().as_u16(),
    );
    damage::finish(&state, answer, fault.as_ref(), gzip, key).await
}

/// Answers a request. Token and limits are checked before the fault, which stands for trouble behind them.
fn answered(state: &Arc<State>, call: &mut Call, fault: Option<&Fault>) -> Answer {
    if call.segments.first().is_some_and(|first| first == "oauth") {
        return fault
            .and_then(|fault| instead(state, fault))
            .unwrap_or_else(|| oauth::answer(state, call));
    }
    let left = match let_in(state, call) {
        Ok(left) => left,
        Err(refusal) => return refused(state, &refusal),
    };
    let mut answer = fault
        .and_then(|fault| instead(state, fault))
        .unwrap_or_else(|| {
            route::answer(state, call).unwrap_or_else(|refusal| refused(state, &refusal))
        });
    if let Some(left) = left {
        rate_headers(&mut answer, left);
    }
    answer
}

/// Checks the token and the limits.
fn let_in(state: &State, call: &mut Call) -> Result<Option<Left>, Refusal> {
    let session = lock(&state.auth).check(call.header("authorization"));
    let private = match session {
        Session::Good { scopes, private } => {
            call.scopes = scopes;
            private
        }
        Session::Bad => {
            return Err(Refusal::new(401, "INVALID_AUTHENTICATION", NO_CREDENTIALS));
        }
        Session::Expired(seconds) => {
            let message =
                format!("The OAuth token used to make this call expired {seconds} second(s) ago.");
            return Err(Refusal::new(401, "EXPIRED_AUTHENTICATION", message));
        }
    };
    let search = call.segments.last().is_some_and(|last| last == "search");
    let limits = *lock(&state.limits);
    lock(&state.usage).take(limits, search, private)
}

fn rate_headers(answer: &mut Answer, left: Left) {
    set(answer, "x-hubspot-ratelimit-interval-milliseconds", "10000");
    set(answer, "x-hubspot-ratelimit-max", &left.max.to_string());
    let remaining = left.remaining.to_string();
    set(answer, "x-hubspot-ratelimit-remaining", &remaining);
    if let Some((daily, remaining)) = left.daily {
        set(answer, "x-hubspot-ratelimit-daily", &daily.to_string());
        let remaining = remaining.to_string();
        set(answer, "x-hubspot-ratelimit-daily-remaining", &remaining);
    }
}

fn too_long() -> Answer {
    let body = b"<html><head><title>414 Request-URI Too Large</title></head></html>";
    bytes(414, "text/html", body.to_vec())
}

/// Returns the answer of a fault that prevents the request from being handled.
fn instead(state: &State, fault: &Fault) -> Option<Answer> {
    let Fault::Error {
        status,
        code,
        message,
        retry_after,
    } = fault
    else {
        return damage::odd(fault);
    };
    let refusal = if *status == 429 {
        Refusal::new(429, "", message.clone())
            .with("errorType", json!("RATE_LIMIT"))
            .with("policyName", json!(code))
    } else {
        Refusal::new(*status, code, message.clone())
    };
    let mut answer = refused(state, &refusal);
    if let Some(seconds) = retry_after {
        set(&mut answer, "retry-after", &seconds.to_string());
    }
    Some(answer)
}
