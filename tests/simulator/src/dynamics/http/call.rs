//! One request, taken apart, and its answer before it is sent.

use std::collections::HashMap;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::prefer::Prefer;
use crate::dynamics::error::Refusal;
use crate::dynamics::fault::Fault;
use crate::kit::answer::{Answer, bytes, set};

const JSON: &str = "application/json; odata.metadata=minimal";

/// A request whose body has been read.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// The path's parts below the root of the API, percent-decoded.
    pub(super) segments: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) prefer: Prefer,
    /// The root of the API in links.
    pub(super) root: String,
    /// The fault that applies. Handlers that misbehave from inside need it.
    pub(super) fault: Option<Fault>,
}

/// A JSON body.
pub(super) type Body = Map<String, Value>;

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(given, _)| given == name)?;
        Some(found.1.as_str())
    }

    /// Refuses options of a query that are not known here.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let unknown = self
            .query
            .iter()
            .find(|(name, _)| name.starts_with('$') && !known.contains(&name.as_str()));
        match unknown {
            None => Ok(()),
            Some((name, _)) if name == "$skip" => {
                Err(Refusal::query("Skip Clause is not supported in CRM"))
            }
            Some((name, _)) => Err(Refusal::query(format!(
                "The query parameter {name} is not supported."
            ))),
        }
    }

    /// Returns the columns of `$select`.
    pub(super) fn select(&self) -> Vec<&str> {
        let text = self.param("$select").unwrap_or_default();
        let names = text.split(',').map(str::trim);
        names.filter(|name| !name.is_empty()).collect()
    }

    pub(super) fn object(&self) -> Result<Body, Refusal> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(map)) => Ok(map),
            _ => Err(Refusal::new(
                400,
                "0x80048d19",
                "Error identified in Payload provided by the user: Invalid JSON.",
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

impl Reply {
    pub(super) fn json(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            kind: JSON,
            body,
        }
    }

    pub(super) fn value(value: &Value) -> Self {
        Self::json(200, value.to_string().into_bytes())
    }

    pub(super) fn text(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            kind,
            ..Self::json(200, body.into())
        }
    }

    /// Makes the answer of a bare number. It begins with a byte order mark.
    pub(super) fn number(number: usize) -> Self {
        Self::text("text/plain", format!("\u{feff}{number}"))
    }

    pub(super) fn nothing() -> Self {
        Self::json(204, Vec::new())
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        let reply = Self::json(refusal.status, refusal.body().to_string().into_bytes());
        match refusal.retry_after {
            Some(seconds) => reply.with("retry-after", seconds.to_string()),
            None => reply,
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn answer(self) -> Answer {
        let has_body = !self.body.is_empty();
        let mut answer = bytes(self.status, self.kind, self.body);
        if !has_body {
            answer.headers_mut().remove("content-type");
        }
        for (name, value) in self.headers {
            set(&mut answer, name, &value);
        }
        answer
    }
}
