//! One request, taken apart.

use std::collections::HashMap;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::hubspot::error::Refusal;
use crate::hubspot::fault::Fault;
use crate::hubspot::kind::Kind;
use crate::hubspot::state::State;
pub(super) use crate::kit::answer::{Answer, bytes, json, nothing, set};

/// A request whose body has been read.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// The path's parts, percent-decoded.
    pub(super) segments: Vec<String>,
    /// The version in the path, such as `2026-03` or `v3`.
    pub(super) version: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The scopes of the request's token.
    pub(super) scopes: Vec<String>,
    /// The fault that applies. Handlers that misbehave from inside need it.
    pub(super) fault: Option<Fault>,
}

/// A JSON body.
pub(super) type Body = Map<String, Value>;

impl Call {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(super) fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(given, _)| given == name)?;
        Some(found.1.as_str())
    }

    /// Returns a parameter that may occur several times, or once with commas.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(given, _)| given == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.param(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Returns whether administrators' rules apply to writes by this version.
    pub(super) fn has_rules(&self) -> bool {
        self.version.starts_with("20") && self.version.as_str() >= "2026-09"
    }

    pub(super) fn object(&self) -> Result<Body, Refusal> {
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Err(bad_json("an object is expected")),
            Err(error) => Err(bad_json(&format!(
                "line {}, column {}",
                error.line(),
                error.column()
            ))),
        }
    }

    /// Parses a form body.
    pub(super) fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(&self.body)
            .into_owned()
            .collect()
    }

    /// Refuses the request if the token lacks the scope of an object.
    pub(super) fn needs(&self, kind: Kind, write: bool) -> Result<(), Refusal> {
        self.needs_one(&[kind.scope(write)])
    }

    /// Refuses the request unless the token has one of the scopes.
    pub(super) fn needs_one(&self, scopes: &[String]) -> Result<(), Refusal> {
        if scopes.iter().any(|scope| self.scopes.contains(scope)) {
            Ok(())
        } else {
            Err(Refusal::missing_scopes(scopes))
        }
    }

    /// Returns whether the token may read an object's sensitive properties.
    pub(super) fn reads_sensitive(&self, kind: Kind) -> bool {
        self.scopes.contains(&kind.sensitive_scope())
    }
}

pub(super) fn bad_json(what: &str) -> Refusal {
    Refusal::invalid(format!("Invalid input JSON on {what}"))
}

/// Returns the object that a path names.
pub(super) fn kind(name: &str) -> Result<Kind, Refusal> {
    Kind::parse(name).ok_or_else(|| Refusal::unknown_object(name))
}

/// Makes an error answer.
pub(super) fn refused(state: &State, refusal: &Refusal) -> Answer {
    json(refusal.status, &refusal.body(&state.correlation()))
}
