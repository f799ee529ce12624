//! The steps of every request: size, session, limit, fault, answer, damage, compression, log.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State as Extract};
use axum::http::{HeaderMap, Method, Uri};

use super::call::{Answer, Call, json, refused, set};
use super::{damage, oauth, route, soap};
use crate::kit::answer::segments;
use crate::kit::control::answer;
use crate::salesforce::auth::Session;
use crate::salesforce::control::Control;
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::Fault;
use crate::salesforce::log::template;
use crate::salesforce::soql;
use crate::salesforce::state::{State, lock};
use crate::salesforce::time;

/// The limit of a URI with headers, in bytes. Salesforce refuses longer ones.
const HEAD_LIMIT: usize = 16_384;
/// The limit of a body (REST: 50 MB). Salesforce refuses larger ones.
const BODY_LIMIT: usize = 50 << 20;

/// Answers one request.
pub(crate) async fn serve(Extract(state): Extract<Arc<State>>, request: Request) -> Answer {
    if request.uri().path().starts_with("/control/") {
        return answer(Control { state }, request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return refused(&Refusal::new(
            413,
            "REQUEST_ENTITY_TOO_LARGE",
            "the body is too large",
        ));
    };
    let mut call = Call {
        method: parts.method,
        segments: segments(&parts.uri),
        query: url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        headers: parts.headers,
        body,
        fault: None,
    };
    let object = object(&state, &call);
    let kind = template(&call.segments);
    let at_old_host = state
        .at_old_host(call.header("host"))
        .filter(|_| is_api(&call));
    let fault = at_old_host.or_else(|| {
        let path = parts.uri.path();
        // Tests write paths without the version prefix.
        let short = path
            .strip_prefix("/services/data/")
            .and_then(|rest| rest.find('/').map(|at| &rest[at..]));
        let paths: Vec<&str> = [path].into_iter().chain(short).collect();
        lock(&state.faults).strike(call.method.as_str(), &paths, object.as_deref())
    });
    if let Some(Fault::Slow { delay_ms }) = fault {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    }
    call.fault = fault.clone();
    let mut answer = match too_large(&parts.uri, &call.headers).or_else(|| refusal(&state, &call)) {
        Some(answer) => answer,
        None => match fault.as_ref().and_then(damage::instead) {
            Some(answer) => answer,
            None => handled(&state, &call),
        },
    };
    // Clients read the CRM's clock here, so it has to be the one that stamps records.
    let now = lock(&state.org).clock.now();
    set(&mut answer, "date", &time::http_text(now));
    if is_api(&call) {
        set(
            &mut answer,
            "sforce-limit-info",
            &lock(&state.usage).header(),
        );
    }
    let gzip = call
        .header("accept-encoding")
        .is_some_and(|accepted| accepted.contains("gzip"));
    let key = (
        call.method.to_string(),
        kind,
        object,
        answer.status().as_u16(),
    );
    damage::finish(&state, answer, fault.as_ref(), gzip, key).await
}

fn handled(state: &Arc<State>, call: &Call) -> Answer {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (&call.method, &path[..]) {
        (_, ["services", "oauth2", what]) => oauth::answer(state, call, what),
        (&Method::POST, ["services", "Soap", ..]) => soap::answer(state, call),
        (&Method::GET, ["id", _, _]) => json(200, &oauth::identity(state)),
        (&Method::GET, ["services", "data"]) => json(200, &route::versions()),
        (_, ["services", "data", _, rest @ ..]) => {
            route::answer(state, call, rest).unwrap_or_else(|refusal| refused(&refusal))
        }
        _ => refused(&Refusal::not_found()),
    }
}

/// Returns an answer that needs no handler: missing session, unknown version, exhausted limit.
fn refusal(state: &State, call: &Call) -> Option<Answer> {
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let guarded =
        is_api(call) || matches!(path[..], ["services", "oauth2", "userinfo"] | ["id", ..]);
    if !guarded {
        return None;
    }
    let session = lock(&state.auth).check(call.header("authorization"));
    match session {
        Session::Good => {}
        Session::Bad => {
            return Some(refused(&Refusal::new(
                401,
                "INVALID_SESSION_ID",
                "Session expired or invalid",
            )));
        }
        Session::NoHeader => {
            return Some(refused(&Refusal::new(
                401,
                "INVALID_AUTH_HEADER",
                "INVALID_HEADER_TYPE",
            )));
        }
    }
    if !is_api(call) {
        return None;
    }
    if !lock(&state.usage).take() {
        return Some(refused(&Refusal::new(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        )));
    }
    let number = call
        .version()
        .strip_prefix('v')
        .and_then(|version| version.strip_suffix(".0"))
        .and_then(|n| n.parse::<u32>().ok());
    if number.is_none_or(|number| !(20..=99).contains(&number)) {
        return Some(refused(&Refusal::not_found()));
    }
    None
}

/// Returns whether a request goes to the API proper, which needs a session and counts against the limit.
fn is_api(call: &Call) -> bool {
    matches!(
        call.segments.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["services", "data", _, ..]
    )
}

fn too_large(uri: &Uri, headers: &HeaderMap) -> Option<Answer> {
    let line = uri.path_and_query().map_or(0, |path| path.as_str().len());
    let head: usize = line
        + headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 4)
            .sum::<usize>();
    let (status, message) = if line > HEAD_LIMIT {
        (414, "URI Too Long")
    } else {
        (431, "Request Header Fields Too Large")
    };
    (head > HEAD_LIMIT).then(|| {
        super::call::bytes(
            status,
            "text/html",
            format!("<h1>Bad Message {status}</h1><pre>reason: {message}</pre>").into_bytes(),
        )
    })
}

/// Returns the object of a request, as far as it is known without running it.
fn object(state: &State, call: &Call) -> Option<String> {
    let named = || {
        call.segments
            .iter()
            .skip_while(|segment| *segment != "sobjects")
            .nth(1)
            .cloned()
    };
    let queried = || {
        let text = match call.param("q") {
            Some(text) => text.to_owned(),
            None if call.segments.iter().any(|segment| segment == "jobs") => {
                let body: serde_json::Value = serde_json::from_slice(&call.body).ok()?;
                body["query"].as_str()?.to_owned()
            }
            None => return None,
        };
        Some(soql::parse(&text).ok()?.object)
    };
    let held = || {
        let locator = call
            .segments
            .iter()
            .skip_while(|segment| !segment.starts_with("query"))
            .nth(1)?;
        lock(&state.cursors)
            .object(locator)
            .or_else(|| lock(&state.jobs).object(locator))
    };
    let name = named().or_else(queried).or_else(held)?;
    let org = lock(&state.org);
    org.table(&name)
        .ok()
        .map(|table| table.schema.object.to_owned())
}
