//! One request, taken apart.

use std::collections::HashMap;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde_json::{Map, Value};

pub(super) use crate::kit::answer::{Answer, bytes, json, nothing, set};
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::Fault;

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

/// Makes an error answer.
pub(super) fn refused(refusal: &Refusal) -> Answer {
    json(refusal.status, &refusal.body())
}
