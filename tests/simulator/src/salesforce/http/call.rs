//! One request, taken apart, and the common forms of answers.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::salesforce::error::Refusal;
use crate::salesforce::fault::Fault;

/// An answer that is about to be sent.
pub(super) type Answer = Response<Body>;

/// A request whose body has been read.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// The path's parts, percent-decoded.
    pub(super) segments: Vec<String>,
    pub(super) query: HashMap<String, String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The fault that applies. Handlers that misbehave from inside need it.
    pub(super) fault: Option<Fault>,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// Returns the version in the path, such as `v60.0`.
    pub(super) fn version(&self) -> &str {
        self.segments.get(2).map_or("v60.0", String::as_str)
    }

    pub(super) fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Refusal::new(
                400,
                "JSON_PARSER_ERROR",
                format!("line {}, column {}", error.line(), error.column()),
            )
        })
    }

    pub(super) fn object(&self) -> Result<Map<String, Value>, Refusal> {
        match self.json()? {
            Value::Object(map) => Ok(map),
            _ => Err(Refusal::new(
                400,
                "JSON_PARSER_ERROR",
                "an object is expected",
            )),
        }
    }

    /// Parses a form body.
    pub(super) fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(&self.body)
            .into_owned()
            .collect()
    }
}

/// Makes an answer with a JSON body.
pub(super) fn json(status: u16, value: &Value) -> Answer {
    bytes(
        status,
        "application/json;charset=UTF-8",
        value.to_string().into_bytes(),
    )
}

/// Makes an answer with a body of bytes.
pub(super) fn bytes(status: u16, kind: &'static str, body: Vec<u8>) -> Answer {
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    answer
}

/// Makes an answer with status 204.
pub(super) fn nothing() -> Answer {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

/// Makes an error answer.
pub(super) fn refused(refusal: &Refusal) -> Answer {
    json(refusal.status, &refusal.body())
}

/// Sets a header if its value is valid.
pub(super) fn set(answer: &mut Answer, name: &'static str, value: &str) {
    if let Ok(value) = header::HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}
