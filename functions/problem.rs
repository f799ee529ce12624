//! The API's error responses: problem details, RFC 9457.

mod of_fault;
pub mod types;

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use domain::fault::{Fault, ProblemType};
use serde::Serialize;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";
/// The prefix of every problem type's URI.
pub const URN: &str = "urn:abgleich:problem:";

/// A problem. It is boxed, since many small functions return it as their error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

/// A problem as the caller sees it. It has codes and names of fields, but no value that was sent and no internal message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Details {
    /// The problem type: a URI that stays the same.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type in a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time, and what would help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field of the body that is wrong, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The parameter that is wrong: a query parameter or a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What became of the record that was to be created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<serde_json::Value>,
    /// The request's id, by which the operator finds the request in the log.
    #[serde(rename = "requestId", skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// When the same request may succeed. It becomes the header `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
    /// The methods that the path supports. They become the header `Allow`.
    #[serde(skip)]
    pub allow: Option<String>,
    /// The fault behind the problem. It goes only into the log.
    #[serde(skip)]
    pub cause: Option<Fault>,
}

impl Problem {
    /// Makes a problem of a type.
    pub fn of(of: &ProblemType) -> Self {
        Self(Box::new(Details {
            kind: format!("{URN}{}", of.name),
            title: of.title,
            status: of.status,
            detail: None,
            field: None,
            parameter: None,
            outcome: None,
            request: None,
            retry_after: None,
            allow: None,
            cause: None,
        }))
    }

    /// Makes the problem for a path without a resource, or with one that the caller may not know of.
    pub fn not_found() -> Self {
        Self::of(ProblemType::NOT_FOUND)
    }

    /// Makes the problem for a known path with a method that is not in `allowed`.
    pub fn method_not_allowed(allowed: &str) -> Self {
        let mut problem =
            Self::of(types::METHOD_NOT_ALLOWED).with_detail(format!("allowed: {allowed}"));
        problem.allow = Some(allowed.to_owned());
        problem
    }

    /// Makes the problem for a request that cannot be read, such as one without JSON or with an unknown parameter.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::of(types::BAD_REQUEST).with_detail(detail)
    }

    /// Makes the problem for a request that can be read but has unacceptable content.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::of(types::INVALID).with_detail(detail)
    }

    /// Makes the problem for a failure that the caller did not cause. The log has the reason, under the request's id.
    pub fn internal() -> Self {
        Self::of(ProblemType::INTERNAL)
    }

    /// Makes the problem for an answer above the largest size.
    pub fn answer_too_large() -> Self {
        Self::of(types::ANSWER_TOO_LARGE).with_detail("ask for fewer at a time")
    }

    /// Returns the name of its type, without what all types begin with.
    pub fn name(&self) -> &str {
        self.kind.strip_prefix(URN).unwrap_or(&self.kind)
    }

    /// Adds a detail.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Names the field of the body that is wrong, as a JSON pointer.
    #[must_use]
    pub fn with_field(mut self, pointer: impl Into<String>) -> Self {
        self.field = Some(pointer.into());
        self
    }

    /// Names the parameter that is wrong.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>) -> Self {
        self.parameter = Some(name.into());
        self
    }

    /// Adds the request's id.
    #[must_use]
    pub fn for_request(mut self, id: impl Into<String>) -> Self {
        self.request = Some(id.into());
        self
    }

    /// Returns the problem as JSON.
    pub fn to_json(&self) -> String {
        // Strings and a number under fixed names always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Deref for Problem {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_problem_has_the_members_of_rfc_9457_and_leaves_out_the_empty_ones() {
        let problem = Problem::not_found();
        assert_eq!(
            serde_json::from_str::<Value>(&problem.to_json()).unwrap(),
            json!({"type": "urn:abgleich:problem:not-found", "title": "Not found", "status": 404})
        );
        let problem = Problem::of(types::INVALID)
            .with_detail("3 to 40 of a-z, 0-9 and -")
            .with_field("/tenant")
            .with_parameter("limit")
            .for_request("abc");
        assert_eq!(
            serde_json::from_str::<Value>(&problem.to_json()).unwrap(),
            json!({
                "type": "urn:abgleich:problem:invalid",
                "title": "A field is invalid",
                "status": 422,
                "detail": "3 to 40 of a-z, 0-9 and -",
                "field": "/tenant",
                "parameter": "limit",
                "requestId": "abc",
            })
        );
    }
}
