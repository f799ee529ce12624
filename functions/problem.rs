//! The API's error responses: problem details, RFC 9457.

pub mod types;

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use domain::fault::{Code, Fault, Kind, ProblemType, Shown};
use serde::Serialize;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";
/// The prefix of every problem type's URI.
pub const URN: &str = "urn:abgleich:problem:";
/// The `Retry-After` of a transient fault that does not say when to come back.
const SOON: Duration = Duration::from_secs(5);

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

/// Converts a fault to what the caller sees. This is the only place that does so. The catalogue of faults names the
/// problem type. The fault's detail is shown if the caller can act on it, and it is in the log in any case.
impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let problem = Self::of(&fault.problem_type());
        let mut problem = match fault.kind() {
            Kind::Transient if *fault.code() == Code::IntegrationChangedMeanwhile => problem,
            Kind::Transient | Kind::Revoked | Kind::Operator => {
                problem.with_detail(fault.code().public())
            }
            Kind::Permanent | Kind::Fenced => explained(problem, &fault),
        };
        if fault.is_transient() {
            problem.retry_after = Some(fault.retry_after().unwrap_or(SOON));
        }
        problem.cause = Some(fault);
        problem
    }
}

/// Adds details that the caller may know.
fn explained(mut problem: Problem, fault: &Fault) -> Problem {
    match (fault.code(), fault.code().shown()) {
        (Code::KeysTenantLost, _) => problem
            .with_detail("Only the operator can help. Until then nobody can tell who objected."),
        (Code::RecordVanished, _) => problem.with_detail(
            "its deletion waits for an administrator's answer; until then it is not shown",
        ),
        (_, Shown::Internal | Shown::Reported) => problem,
        (_, Shown::Shared(shared)) if shared == ProblemType::NOT_FOUND => problem,
        (_, Shown::Own(..) | Shown::Shared(_)) => {
            problem.field = fault.field().map(str::to_owned);
            problem.detail = fault.detail().map(str::to_owned);
            problem
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use domain::fault::{AwsCode, CrmCode};

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

    #[test]
    fn each_kind_of_fault_has_its_status_and_a_type_made_of_its_code() {
        for (fault, status, kind) in [
            (
                Fault::aws("query", AwsCode::said("throttled")).with_kind(Kind::Transient),
                503,
                "unavailable",
            ),
            (
                Fault::of(Code::IntegrationChangedMeanwhile),
                409,
                "changed-meanwhile",
            ),
            (
                Fault::crm("salesforce", CrmCode::InvalidGrant),
                409,
                "needs-reconnect",
            ),
            (Fault::of(Code::KeysLost), 409, "needs-reconnect"),
            (
                Fault::crm("salesforce", CrmCode::InvalidClient),
                503,
                "app-refused",
            ),
            (Fault::of(Code::LeaseLost), 409, "lease-lost"),
            (
                Fault::of(Code::IntegrationUnknown).with_kind(Kind::Fenced),
                404,
                "not-found",
            ),
            (Fault::of(Code::IntegrationUnknown), 404, "not-found"),
            (Fault::of(Code::IntegrationMalformed), 404, "not-found"),
            (Fault::of(Code::RecordWithheld), 404, "record-withheld"),
            (Fault::of(Code::RecordVanished), 404, "record-vanished"),
            (Fault::of(Code::HeldNothing), 409, "held-nothing"),
            (Fault::of(Code::HeldOtherRun), 409, "held-other-run"),
            (Fault::of(Code::HeldRunOpen), 409, "held-run-open"),
            (Fault::of(Code::RecordIdMisspelt), 400, "record-id-misspelt"),
            (
                Fault::of(Code::IntegrationRemoving),
                409,
                "integration-removing",
            ),
            (
                Fault::of(Code::IntegrationRemoved),
                410,
                "integration-removed",
            ),
            (Fault::of(Code::CreateTooLarge), 413, "too-large"),
            (Fault::of(Code::ProviderUnknown), 422, "provider-unknown"),
            (
                Fault::crm("salesforce", CrmCode::Refused),
                422,
                "salesforce-refused",
            ),
            (
                Fault::aws("query", AwsCode::said("AccessDenied")),
                500,
                "internal",
            ),
            (Fault::of(Code::StoreItemMalformed), 500, "internal"),
            (Fault::of(Code::KeysTenantLost), 500, "tenant-key-lost"),
        ] {
            let problem = Problem::from(fault.clone());
            assert_eq!(problem.status, status, "{fault}");
            assert_eq!(problem.kind, format!("urn:abgleich:problem:{kind}"));
            assert_eq!(problem.cause, Some(fault));
        }
    }

    #[test]
    fn what_passes_says_when_to_come_back() {
        let problem = Problem::from(
            Fault::crm("salesforce", CrmCode::Throttled).after(Duration::from_secs(70)),
        );
        assert_eq!(problem.retry_after, Some(Duration::from_secs(70)));
        assert_eq!(
            Problem::from(Fault::of(Code::TestFailed)).retry_after,
            Some(SOON)
        );
    }

    #[test]
    fn our_own_trouble_is_not_told_apart() {
        let fault =
            Fault::aws("query", AwsCode::said("AccessDenied")).with_detail("arn:aws:iam::1:role/x");
        let problem = Problem::from(fault);
        assert!(!problem.to_json().contains("arn"), "{}", problem.to_json());
        let problem = Problem::from(
            Fault::aws("query", AwsCode::said("Throttling")).with_kind(Kind::Transient),
        );
        assert_eq!(problem.detail.as_deref(), Some("internal"));
        let problem = Problem::from(Fault::of(Code::KeysLost));
        assert_eq!(problem.detail.as_deref(), Some("internal"));
    }
}
