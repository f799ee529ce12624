//! Faults that an operator has to hear of at once: the line of the log that tells of one names its alarm, and filters in
//! `template.yaml` look for the names.
//!
//! To add one: a name here, or in `domain::sync::Alarm` where a run decides it; the field `alarm` in the line of the log; a
//! metric filter and an alarm in `template.yaml`; and an entry in `infra/docs/runbook.md`. A test compares all three.

use domain::{
    fault::{Code, Fault, Kind},
    import::Verdict,
    sync::Alarm,
};

/// The alarm that a fault rings; none: it rings none.
pub fn of(fault: &Fault) -> Option<&'static str> {
    let is_app = fault.kind() == Kind::Operator;
    let refused = is_app.then(|| Alarm::AppRefused.name());
    refused.or_else(|| of_code(fault.code()))
}

/// The alarm that a fault's code rings, where only the code was kept; none: the code rings none.
pub fn of_code(code: &Code) -> Option<&'static str> {
    (*code == Code::KeysTenantLost).then_some("tenant_key_lost")
}

/// The alarm that a file of companies rings; none: it rings none. A file that is refused is no error of a function, and nobody
/// waits for its report: without an alarm the copies go on being matched with the edition before.
pub fn of_file(result: Verdict) -> Option<&'static str> {
    (result == Verdict::Refused).then_some("file_refused")
}
