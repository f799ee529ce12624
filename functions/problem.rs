//! What the API answers when something is wrong: problem details, RFC 9457.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use domain::{
    fault::{Fault, Kind, public},
    ports::tenant_keys,
};
use serde::Serialize;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";
/// When to come back, where whoever is in trouble did not say it.
const SOON: Duration = Duration::from_secs(5);

/// A problem. Boxed, since it is the error of many small functions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

/// A problem, as the caller sees it. Codes and names of fields; never a value that was sent, never an inner message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Details {
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
    /// The field of the body that is meant, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The parameter that is meant: of the query, or a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What became of the record that was to be created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<serde_json::Value>,
    /// The request's id: what the operator finds the request by in the log.
    #[serde(rename = "requestId", skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// When the same request may succeed: goes into a header.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
    /// The methods that would fit: go into a header.
    #[serde(skip)]
    pub allow: Option<String>,
    /// The fault behind it: goes into the log.
    #[serde(skip)]
    pub cause: Option<Fault>,
}

impl Problem {
    /// A problem of the kind `code`, e.g. `not-found`.
    pub fn new(status: u16, code: &str, title: &'static str) -> Self {
        Self(Box::new(Details {
            kind: format!("urn:abgleich:problem:{code}"),
            title,
            status,
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

    /// There is nothing under this path, or nothing that the caller may know of.
    pub fn not_found() -> Self {
        Self::new(404, "not-found", "There is nothing here")
    }

    /// The path is known, the method is not one of `allowed`.
    pub fn method_not_allowed(allowed: &str) -> Self {
        let mut problem = Self::new(405, "method-not-allowed", "The method does not fit")
            .with_detail(format!("allowed: {allowed}"));
        problem.allow = Some(allowed.to_owned());
        problem
    }

    /// The request cannot be read: no JSON, an unknown parameter.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "bad-request", "The request cannot be read").with_detail(detail)
    }

    /// The request can be read, and what is in it does not fit.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(422, "invalid", "A field does not fit").with_detail(detail)
    }

    /// Something went wrong that is not the caller's doing. The reason is in the log, under the request's id.
    pub fn internal() -> Self {
        Self::new(500, "internal", "Something went wrong on our side")
    }

    /// The answer is larger than an answer can be.
    pub fn answer_too_large() -> Self {
        Self::new(500, "answer-too-large", "The answer would be too large")
            .with_detail("ask for fewer at a time")
    }

    /// Says more.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Names the field of the body that is meant, as a JSON pointer.
    #[must_use]
    pub fn with_field(mut self, pointer: impl Into<String>) -> Self {
        self.field = Some(pointer.into());
        self
    }

    /// Names the parameter that is meant.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>) -> Self {
        self.parameter = Some(name.into());
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

/// The one place where a fault becomes what a caller sees. Its code makes the problem's type, so codes are part of the
/// API; its detail is shown where the caller can do something about it, and is in the log in any case.
impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let mut problem = match fault.kind() {
            Kind::Passing => passing(&fault),
            Kind::Revoked => Self::new(
                409,
                "needs-reconnect",
                "The CRM no longer accepts the grant: connect again",
            )
            .with_detail(public(fault.code())),
            Kind::Operator => Self::new(
                503,
                "app-refused",
                "The CRM refuses the operator's app: the operator has to act",
            )
            .with_detail(fault.code()),
            Kind::Fenced => fenced(&fault),
            Kind::Lasting => lasting(&fault),
        };
        problem.cause = Some(fault);
        problem
    }
}

fn passing(fault: &Fault) -> Problem {
    let wait = fault.retry_after().unwrap_or(SOON);
    let mut problem = if fault.code() == "integration.changed_meanwhile" {
        Problem::new(409, "changed-meanwhile", "It was changed meanwhile")
    } else {
        Problem::new(
            503,
            "unavailable",
            "Not now: the same request may succeed later",
        )
        .with_detail(public(fault.code()))
    };
    problem.retry_after = Some(wait);
    problem
}

fn fenced(fault: &Fault) -> Problem {
    match fault.code() {
        "integration.unknown" => Problem::not_found(),
        "integration.removed" => Problem::new(410, "integration-removed", "It was removed"),
        code => Problem::new(409, &slug(code), "It is not in a state for that"),
    }
}

/// What a caller asked for and cannot have, where the code says so; everything else is our own trouble.
fn lasting(fault: &Fault) -> Problem {
    let code = fault.code();
    let problem = match code {
        "integration.unknown"
        | "integration.malformed"
        | "record.unknown"
        | "run.unknown"
        | "run.malformed"
        | "record.id_malformed" => return Problem::not_found(),
        "record.id_misspelt" => Problem::new(400, &slug(code), "It is no id of this CRM"),
        "record.withheld" => Problem::new(404, &slug(code), "It is there, and is not shown"),
        "record.vanished" => Problem::new(404, &slug(code), "It was deleted in the CRM")
            .with_detail(
                "its deletion waits for an administrator's answer; until then it is not shown",
            ),
        "held.nothing" => Problem::new(409, &slug(code), "No deletions are held back"),
        "held.other_run" => Problem::new(
            409,
            &slug(code),
            "A later run held back more: look at that run first",
        ),
        "held.run_open" => Problem::new(
            409,
            &slug(code),
            "The run has not ended: it may hold back more",
        ),
        "integration.connected_already"
        | "integration.not_connected"
        | "integration.removing"
        | "integration.other_organisation" => {
            Problem::new(409, &slug(code), "It is not in a state for that")
        }
        "integration.removed" => Problem::new(410, &slug(code), "It was removed"),
        "settings.changed_meanwhile" => Problem::new(
            412,
            "precondition-failed",
            "It is not that version any more",
        ),
        "create.too_large" => Problem::new(413, "too-large", "The body is too large"),
        tenant_keys::LOST => return key_lost(),
        _ if public(code) != code => return Problem::internal(),
        _ => Problem::new(422, &slug(code), "This cannot be done as it was asked for"),
    };
    match (fault.place(), fault.detail()) {
        (Some((pointer, Some(what))), _) => problem.with_field(pointer).with_detail(what),
        (Some((pointer, None)), _) => problem.with_field(pointer),
        (None, Some(detail)) => problem.with_detail(detail),
        (None, None) => problem,
    }
}

/// Told apart from other trouble of ours: whoever sees it has to call the operator, and must not take it for an answer.
fn key_lost() -> Problem {
    Problem::new(
        500,
        "tenant-key-lost",
        "The tenant's key is lost: nothing is checked, shown or created",
    )
    .with_detail("Only the operator can help. Until then nobody can tell who objected.")
}

/// A code as part of a type: `integration.connected_already` becomes `integration-connected-already`.
fn slug(code: &str) -> String {
    code.replace(['.', '_'], "-")
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
            .with_parameter("limit")
            .for_request("abc");
        assert_eq!(
            serde_json::from_str::<Value>(&problem.to_json()).unwrap(),
            json!({
                "type": "urn:abgleich:problem:malformed",
                "title": "A field does not fit",
                "status": 422,
                "detail": "3 to 40 of a-z, 0-9 and -",
                "field": "/tenant",
                "parameter": "limit",
                "requestId": "abc",
            })
        );
    }

    #[test]
    fn each_kind_of_fault_has_its_status_and_a_type_made_of_its_code() {
        for (fault, status, kind) in [
            (Fault::passing("aws.query.throttled"), 503, "unavailable"),
            (
                Fault::passing("integration.changed_meanwhile"),
                409,
                "changed-meanwhile",
            ),
            (
                Fault::revoked("salesforce.invalid_grant"),
                409,
                "needs-reconnect",
            ),
            (Fault::revoked("keys.lost"), 409, "needs-reconnect"),
            (
                Fault::operator("salesforce.invalid_client"),
                503,
                "app-refused",
            ),
            (Fault::fenced("lease.lost"), 409, "lease-lost"),
            (Fault::fenced("integration.unknown"), 404, "not-found"),
            (Fault::lasting("integration.unknown"), 404, "not-found"),
            (Fault::lasting("integration.malformed"), 404, "not-found"),
            (Fault::lasting("record.withheld"), 404, "record-withheld"),
            (Fault::lasting("record.vanished"), 404, "record-vanished"),
            (Fault::lasting("held.nothing"), 409, "held-nothing"),
            (Fault::lasting("held.other_run"), 409, "held-other-run"),
            (Fault::lasting("held.run_open"), 409, "held-run-open"),
            (
                Fault::lasting("record.id_misspelt"),
                400,
                "record-id-misspelt",
            ),
            (
                Fault::lasting("integration.removing"),
                409,
                "integration-removing",
            ),
            (
                Fault::lasting("integration.removed"),
                410,
                "integration-removed",
            ),
            (Fault::lasting("create.too_large"), 413, "too-large"),
            (Fault::lasting("provider.unknown"), 422, "provider-unknown"),
            (
                Fault::lasting("salesforce.refused"),
                422,
                "salesforce-refused",
            ),
            (Fault::lasting("aws.query.AccessDenied"), 500, "internal"),
            (Fault::lasting("store.item_malformed"), 500, "internal"),
            (Fault::lasting("keys.tenant_lost"), 500, "tenant-key-lost"),
        ] {
            let problem = Problem::from(fault.clone());
            assert_eq!(problem.status, status, "{fault}");
            assert_eq!(problem.kind, format!("urn:abgleich:problem:{kind}"));
            assert_eq!(problem.cause, Some(fault));
        }
    }

    #[test]
    fn what_passes_says_when_to_come_back() {
        let problem =
            Problem::from(Fault::passing("salesforce.throttled").after(Duration::from_secs(70)));
        assert_eq!(problem.retry_after, Some(Duration::from_secs(70)));
        assert_eq!(Problem::from(Fault::passing("x.y")).retry_after, Some(SOON));
    }

    #[test]
    fn our_own_trouble_is_not_told_apart() {
        let fault = Fault::lasting("aws.query.AccessDenied").with_detail("arn:aws:iam::1:role/x");
        let problem = Problem::from(fault);
        assert!(!problem.to_json().contains("arn"), "{}", problem.to_json());
        let problem = Problem::from(Fault::passing("aws.query.Throttling"));
        assert_eq!(problem.detail.as_deref(), Some("internal"));
        let problem = Problem::from(Fault::revoked("keys.lost"));
        assert_eq!(problem.detail.as_deref(), Some("internal"));
    }
}
