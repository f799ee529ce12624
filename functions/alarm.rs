//! Faults that an operator has to know at once. The log line of such a fault names its alarm, and filters in
//! `template.yaml` search for the names.
//!
//! # To add an alarm on a log line
//!
//! 1. A line in the table below: its name, and the functions in whose logs it may stand.
//! 2. The field `alarm` in that log line. If a run decides on the alarm, `domain::sync::Alarm` says so, and `of_run` translates.
//! 3. In `template.yaml` an alarm, and a metric filter for each of those functions. Tests compare them with the table.
//! 4. An entry in `infra/docs/runbook.md`, which a test asks for, and one in `CHANGELOG.md`, which none does.
//!
//! An alarm on a metric (errors, queues) needs nothing here: it begins in `template.yaml`.

use domain::{
    fault::{Code, Fault, Kind},
    import::Verdict,
    sync,
};

macro_rules! alarms {
    ($($(#[doc = $doc:literal])* $alarm:ident = $name:literal in $functions:expr;)*) => {
        /// What an operator has to know at once.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Alarm {
            $($(#[doc = $doc])* $alarm,)*
        }

        impl Alarm {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$alarm),*];

            /// Returns the name, as the field `alarm` of a log line has it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$alarm => $name,)*
                }
            }

            /// Returns the functions in whose logs the line may stand.
            pub fn rings_in(self) -> &'static [&'static str] {
                match self {
                    $(Self::$alarm => &$functions,)*
                }
            }
        }
    };
}

alarms! {
    /// The CRM refuses the operator's app.
    AppRefused = "app_refused" in ["sync", "api"];
    /// A run, or one of its objects, was given up: it made no progress for as long as a run may (`domain::sync::SyncLimits::patience`).
    GivenUp = "given_up" in ["sync"];
    /// A tenant's own key is missing, or is not the one whose check value is stored.
    TenantKeyLost = "tenant_key_lost" in ["sync", "api"];
    /// A company file was refused.
    FileRefused = "file_refused" in ["companies"];
}

/// Returns the name of a fault's alarm. `None` if it has no alarm.
pub fn of(fault: &Fault) -> Option<&'static str> {
    let is_app = fault.kind() == Kind::Operator;
    let refused = is_app.then(|| Alarm::AppRefused.name());
    refused.or_else(|| of_code(fault.code()))
}

/// Returns the name of the alarm of a fault of which only the code was kept. `None` if the code has no alarm.
pub fn of_code(code: &Code) -> Option<&'static str> {
    (*code == Code::KeysTenantLost).then(|| Alarm::TenantKeyLost.name())
}

/// Returns the name of the alarm that a run decided on.
pub fn of_run(alarm: sync::Alarm) -> &'static str {
    match alarm {
        sync::Alarm::AppRefused => Alarm::AppRefused,
        sync::Alarm::GivenUp => Alarm::GivenUp,
    }
    .name()
}

/// Returns the name of the alarm of a company file. `None` if the file was not refused. A refused file is no error of a function,
/// and nobody waits for its report. Without an alarm the copies would go on being matched with the edition before.
pub fn of_file(result: Verdict) -> Option<&'static str> {
    (result == Verdict::Refused).then(|| Alarm::FileRefused.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_and_the_alarm_name_the_time_after_which_a_run_is_given_up() {
        let hours = sync::SyncLimits::default().patience.as_hours();
        for (page, text) in [
            ("operate.md", include_str!("../infra/docs/operate.md")),
            ("runbook.md", include_str!("../infra/docs/runbook.md")),
            ("decisions.md", include_str!("../infra/docs/decisions.md")),
            ("template.yaml", include_str!("../template.yaml")),
        ] {
            let said = text.matches(" moved for ").count() + text.matches(" moves for ").count();
            let right = text.matches(&format!(" moved for {hours} hours")).count()
                + text.matches(&format!(" moves for {hours} hours")).count();
            assert!(said > 0 && said == right, "{page}: {hours} hours");
        }
    }

    #[test]
    fn each_alarm_may_stand_in_the_log_of_a_function_and_no_two_have_one_name() {
        for (at, alarm) in Alarm::ALL.iter().enumerate() {
            assert!(!alarm.rings_in().is_empty(), "{alarm:?}");
            let mut others = Alarm::ALL[..at].iter();
            assert!(others.all(|other| other.name() != alarm.name()));
        }
    }
}
