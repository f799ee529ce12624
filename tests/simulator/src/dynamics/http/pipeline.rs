//! The steps of every request: token, limits, fault, answer, damage, compression, log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State as Extract};
use axum::http::request::Parts;
use bytes::Bytes;

use super::call::{Call, Reply};
use super::prefer::Prefer;
use super::{batch, oauth, route};
use crate::dynamics::auth::Session;
use crate::dynamics::control::Control;
use crate::dynamics::error::Refusal;
use crate::dynamics::fault::Fault;
use crate::dynamics::kind::Kind;
use crate::dynamics::known::user;
use crate::dynamics::limits::Left;
use crate::dynamics::state::{State, lock};
use crate::dynamics::time;
use crate::kit::answer::{Answer, segments, set};
use crate::kit::control::answer;
use crate::kit::damage;

/// The limit of a body, in bytes. Larger ones are refused.
const BODY_LIMIT: usize = 128 << 20;

/// A request that was let in. It counts as running until it is dropped, even if the client went away.
struct Running {
    state: Arc<State>,
    begun: Instant,
}

impl Drop for Running {
    fn drop(&mut self) {
        lock(&self.state.usage).leave(self.begun);
    }
}

/// Answers one request.
pub(crate) async fn serve(Extract(state): Extract<Arc<State>>, request: Request) -> Answer {
    if request.uri().path().starts_with("/control/") {
        return answer(Control { state }, request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return Reply::refused(&Refusal::new(413, "", "Request Entity Too Large")).answer();
    };
    let gzip = parts
        .headers
        .get("accept-encoding")
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("gzip"));
    let mut call = taken_apart(&state, &parts, body);
    let below = route::below_root(&segments(&parts.uri));
    let is_api = below.is_some();
    call.segments = below.unwrap_or_else(|| segments(&parts.uri));
    let object = route::object(&call.segments)
        .filter(|_| is_api)
        .map(Kind::set);
    let template = match is_api {
        true => route::template(&call),
        false => oauth::template(&call.segments),
    };
    let short = format!("/{}", call.segments.join("/"));
    let fault =
        lock(&state.faults).strike(call.method.as_str(), &[parts.uri.path(), &short], object);
    call.fault = fault.clone();
    let length = parts
        .uri
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    let is_long = length > state.config.url_limit;
    let (mut answer, running) = match is_api {
        false => {
            delay(fault.as_ref()).await;
            let instead = fault.as_ref().and_then(instead);
            (
                instead.unwrap_or_else(|| oauth::answer(&state, &call)),
                None,
            )
        }
        true => match let_in(&state, &call) {
            Err(reply) => (reply.answer(), None),
            Ok((left, running)) => {
                delay(fault.as_ref()).await;
                let instead = fault.as_ref().and_then(instead);
                let mut answer = instead.unwrap_or_else(|| api(&state, &call, is_long));
                rate_headers(&mut answer, left);
                (answer, Some(running))
            }
        },
    };
    // Clients read the CRM's clock here, so it has to be the one that stamps rows.
    let now = lock(&state.org).clock.now();
    set(&mut answer, "date", &time::http_text(now));
    set(&mut answer, "x-ms-service-request-id", &state.request_id());
    if is_api {
        set(&mut answer, "odata-version", "4.0");
    }
    drop(running);
    let key = (
        call.method.to_string(),
        template,
        object.map(str::to_owned),
        answer.status().as_u16(),
    );
    damage::finish(&state, answer, fault.as_ref(), gzip, key).await
}

fn taken_apart(state: &State, parts: &Parts, body: Bytes) -> Call {
    let query = parts.uri.query().unwrap_or_default();
    let prefer: Vec<&str> = parts
        .headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    Call {
        method: parts.method.clone(),
        segments: Vec::new(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: parts.headers.clone(),
        body,
        prefer: Prefer::parse(&prefer.join(",")),
        root: state.root(),
        fault: None,
    }
}

async fn delay(fault: Option<&Fault>) {
    if let Some(Fault::Slow { delay_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(*delay_ms)).await;
    }
}

/// Checks the token and the limits.
fn let_in(state: &Arc<State>, call: &Call) -> Result<(Left, Running), Reply> {
    let session = lock(&state.auth).check(call.header("authorization"));
    let refusal = match session {
        Session::Good => None,
        Session::NoMember => Some(Refusal::no_member(user())),
        Session::Expired => Some(Refusal::new(
            401,
            "0x80048306",
            "The access token has expired.",
        )),
        Session::Bad => Some(Refusal::new(401, "", "")),
    };
    if let Some(refusal) = refusal {
        let reply = match refusal.message.is_empty() {
            // A request without any good token gets no body.
            true => Reply::json(401, Vec::new()),
            false => Reply::refused(&refusal),
        };
        let challenge = format!(
            "Bearer authorization_uri={}/{}/oauth2/authorize, resource_id={}/",
            state.url,
            lock(&state.auth).tenant,
            state.environment()
        );
        return Err(match refusal.status {
            401 => reply.with("www-authenticate", challenge),
            _ => reply,
        });
    }
    let limits = *lock(&state.limits);
    let left = lock(&state.usage).enter(limits);
    let left = left.map_err(|refusal| Reply::refused(&refusal))?;
    let running = Running {
        state: Arc::clone(state),
        begun: Instant::now(),
    };
    Ok((left, running))
}

fn api(state: &State, call: &Call, is_long: bool) -> Answer {
    if is_long {
        let refusal = Refusal::new(414, "", "The request URI is too long.");
        return Reply::refused(&refusal).answer();
    }
    let creates = call.method == "PATCH" || call.method == "POST";
    if creates {
        *lock(&state.sent) = call.body.clone();
    }
    let is_batch = call.method == "POST" && call.segments.iter().eq(["$batch"]);
    let org = &mut state.org();
    let outcome = match is_batch {
        true => batch::answer(org, call),
        false => route::answer(org, call),
    };
    outcome
        .unwrap_or_else(|refusal| Reply::refused(&refusal))
        .answer()
}

fn rate_headers(answer: &mut Answer, left: Left) {
    let requests = left.requests.to_string();
    set(
        answer,
        "x-ms-ratelimit-burst-remaining-xrm-requests",
        &requests,
    );
    let seconds = left.seconds.to_string();
    set(
        answer,
        "x-ms-ratelimit-time-remaining-xrm-requests",
        &seconds,
    );
}

/// Returns the answer of a fault that prevents the request from being handled.
fn instead(fault: &Fault) -> Option<Answer> {
    let Fault::Error {
        status,
        code,
        message,
        retry_after,
    } = fault
    else {
        return damage::odd(fault);
    };
    let mut refusal = Refusal::new(*status, code, message.clone());
    refusal.retry_after = retry_after.map(u64::from);
    Some(Reply::refused(&refusal).answer())
}
