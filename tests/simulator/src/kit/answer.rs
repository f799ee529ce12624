//! The common forms of answers, and the parts of a path.

use axum::body::Body;
use axum::http::{Response, StatusCode, Uri, header};
use serde_json::Value;

/// An answer that is about to be sent.
pub(crate) type Answer = Response<Body>;

/// Makes an answer with a JSON body.
pub(crate) fn json(status: u16, value: &Value) -> Answer {
    bytes(
        status,
        "application/json;charset=UTF-8",
        value.to_string().into_bytes(),
    )
}

/// Makes an answer with a body of bytes.
pub(crate) fn bytes(status: u16, kind: &'static str, body: Vec<u8>) -> Answer {
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    answer
}

/// Makes an answer with status 204.
pub(crate) fn nothing() -> Answer {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

/// Sets a header if its value is valid.
pub(crate) fn set(answer: &mut Answer, name: &'static str, value: &str) {
    if let Ok(value) = header::HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

/// Makes an answer with an empty body, for cases in which the body does not matter.
pub(crate) fn empty() -> Answer {
    Answer::new(Body::empty())
}

/// Returns the decoded parts of the path. One trailing slash is ignored. An empty part in the middle stays and matches no route.
pub(crate) fn segments(uri: &Uri) -> Vec<String> {
    let path = uri.path().strip_prefix('/').unwrap_or(uri.path());
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').map(decoded).collect()
}

fn decoded(segment: &str) -> String {
    // A plus sign in a path stands for itself. The form decoder would make it a space.
    let escaped = format!("s={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}
