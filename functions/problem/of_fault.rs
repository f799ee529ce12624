//! Converts a fault to the problem that the caller sees. No other place does so.

use std::time::Duration;

use domain::fault::{Code, Fault, Kind, ProblemType, Shown};

use super::Problem;

/// The `Retry-After` of a transient fault that does not say when to come back.
const SOON: Duration = Duration::from_secs(5);

/// The catalogue of faults names the problem type. The fault's detail is shown if the caller can act on it, and it is in
/// the log in any case.
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
        problem.retry_after = fault.retry_after();
        if fault.is_transient() {
            problem.retry_after = problem.retry_after.or(Some(SOON));
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
mod tests {
    use domain::fault::{AwsCode, CrmCode};

    use super::*;

    #[test]
    fn each_kind_of_fault_has_its_status_and_a_type_made_of_its_code() {
        for (fault, status, kind) in [
            (
                Fault::aws("query", AwsCode::said("throttled")).with_kind(Kind::Transient),
                503,
                "unavailable",
            ),
            (
                Fault::crm("hubspot", CrmCode::Throttled),
                503,
                "unavailable",
            ),
            (
                Fault::crm("hubspot", CrmCode::said("locked")).with_kind(Kind::Transient),
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
            (Fault::of(Code::AllowanceUsedUp), 429, "allowance-used-up"),
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
    fn whoever_has_used_up_an_allowance_is_told_which_and_when_to_come_back() {
        let used_up = Fault::of(Code::AllowanceUsedUp).with_detail("runs_per_hour: 12");
        let problem = Problem::from(used_up.after(Duration::from_secs(70)));
        assert_eq!(problem.detail.as_deref(), Some("runs_per_hour: 12"));
        assert_eq!(problem.retry_after, Some(Duration::from_secs(70)));
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
