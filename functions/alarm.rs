//! Faults that an operator has to know at once. The log line of such a fault names its alarm, and filters in
//! `template.yaml` search for the names.
//!
//! To add one: a name here, or in `domain::sync::Alarm` if a run decides it. Then the field `alarm` in the log line, a
//! metric filter and an alarm in `template.yaml`, and an entry in `infra/docs/runbook.md`. A test compares all three.

use domain::{
    fault::{Code, Fault, Kind},
    import::Verdict,
    sync::Alarm,
};

/// Returns the alarm of a fault. `None` if it has no alarm.
pub fn of(fault: &Fault) -> Option<&'static str> {
    let is_app = fault.kind() == Kind::Operator;
    let refused = is_app.then(|| Alarm::AppRefused.name());
    refused.or_else(|| of_code(fault.code()))
}

/// Returns the alarm of a fault of which only the code was kept. `None` if the code has no alarm.
pub fn of_code(code: &Code) -> Option<&'static str> {
    (*code == Code::KeysTenantLost).then_some("tenant_key_lost")
}

/// Returns the alarm of a company file. `None` if the file was not refused. A refused file is no error of a function,
/// and nobody waits for its report. Without an alarm the copies would go on being matched with the edition before.
pub fn of_file(result: Verdict) -> Option<&'static str> {
    (result == Verdict::Refused).then_some("file_refused")
}
