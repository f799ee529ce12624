//! What the API answers when something is wrong: problem details, RFC 9457.

use serde::Serialize;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// A problem, as the caller sees it. Codes and names of fields; never a value that was sent, never an inner message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which kind of problem: a URI that stays the same.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time, and what would help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The field that is meant, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The request's id: what the operator finds the request by in the log.
    #[serde(rename = "requestId", skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl Problem {
    /// A problem of the kind `code`, e.g. `not-found`.
    pub fn new(status: u16, code: &str, title: &'static str) -> Self {
        Self {
            kind: format!("urn:abgleich:problem:{code}"),
            title,
            status,
            detail: None,
            field: None,
            request: None,
        }
    }

    /// There is nothing under this path.
    pub fn not_found() -> Self {
        Self::new(404, "not-found", "There is nothing here")
    }

    /// The path is known, the method is not one of `allowed`.
    pub fn method_not_allowed(allowed: &str) -> Self {
        Self::new(405, "method-not-allowed", "The method does not fit")
            .with_detail(format!("allowed: {allowed}"))
    }

    /// Something went wrong that is not the caller's doing. The reason is in the log, under the request's id.
    pub fn internal() -> Self {
        Self::new(500, "internal", "Something went wrong on our side")
    }

    /// Says more.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Names the field that is meant, as a JSON pointer.
    #[must_use]
    pub fn with_field(mut self, pointer: impl Into<String>) -> Self {
        self.field = Some(pointer.into());
        self
    }

    /// Names the request.
    #[must_use]
    pub fn for_request(mut self, id: impl Into<String>) -> Self {
        self.request = Some(id.into());
        self
    }

    /// The problem as JSON.
    pub fn to_json(&self) -> String {
        // Strings and a number under fixed names cannot fail to become JSON.
        serde_json::to_string(self).unwrap_or_default()
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
            json!({"type": "urn:abgleich:problem:not-found", "title": "There is nothing here", "status": 404})
        );
        let problem = Problem::new(422, "malformed", "A field does not fit")
            .with_detail("3 to 40 of a-z, 0-9 and -")
            .with_field("/tenant")
            .for_request("abc");
        assert_eq!(
            serde_json::from_str::<Value>(&problem.to_json()).unwrap(),
            json!({
                "type": "urn:abgleich:problem:malformed",
                "title": "A field does not fit",
                "status": 422,
                "detail": "3 to 40 of a-z, 0-9 and -",
                "field": "/tenant",
                "requestId": "abc",
            })
        );
    }
}
