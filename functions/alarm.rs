//! Faults that an operator has to know at once. The log line of such a fault names its alarm, and the alarm's metric counts it.
//!
//! # To add an alarm on a fault
//!
//! 1. A line in the table below, and one of the same name in `functions/metrics/list.rs`.
//! 2. The field `alarm` in that log line, from one of the functions `ring`. If a run decides on the alarm, `domain::sync::Alarm`
//!    says so, and `ring_for_run` translates.
//! 3. In `template.yaml` an alarm on the metric. A test looks for it.
//! 4. An entry in `infra/docs/runbook.md`, which a test asks for, and one in `CHANGELOG.md`, which none does.
//!
//! An alarm on another metric needs nothing here: it begins in `template.yaml`.

use domain::{
    fault::{AwsCode, Code, Fault, Kind},
    import::Verdict,
    sync,
};

use crate::metrics::{self, Metric};

macro_rules! alarms {
    ($($(#[doc = $doc:literal])* $alarm:ident = $name:literal;)*) => {
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

            /// Returns the metric that rings it.
            pub fn metric(self) -> Metric {
                match self {
                    $(Self::$alarm => Metric::$alarm,)*
                }
            }
        }
    };
}

alarms! {
    /// AWS refuses a right, or the use of a key.
    AccessDenied = "access_denied";
    /// The CRM refuses the operator's app.
    AppRefused = "app_refused";
    /// A run, or one of its objects, was given up: it made no progress for as long as a run may (`domain::sync::SyncLimits::patience`).
    GivenUp = "given_up";
    /// A tenant's own key is missing, or is not the one whose check value is stored.
    TenantKeyLost = "tenant_key_lost";
    /// A company file was refused.
    FileRefused = "file_refused";
}

impl Alarm {
    /// Counts it. Returns its name for the log line.
    fn rung(self) -> &'static str {
        metrics::add(self.metric(), 1);
        self.name()
    }
}

/// Counts a fault's alarm. Returns its name for the log line, or `None` if the fault has no alarm.
pub fn ring(fault: &Fault) -> Option<&'static str> {
    match fault.kind() {
        Kind::Operator => Some(Alarm::AppRefused.rung()),
        _ => ring_for_code(fault.code()),
    }
}

/// The same for a fault of which only the code was kept.
pub fn ring_for_code(code: &Code) -> Option<&'static str> {
    of_code(code).map(Alarm::rung)
}

/// The same for the alarm that a run decided on.
pub fn ring_for_run(alarm: sync::Alarm) -> &'static str {
    match alarm {
        sync::Alarm::AppRefused => Alarm::AppRefused,
        sync::Alarm::GivenUp => Alarm::GivenUp,
    }
    .rung()
}

/// The same for a company file. A refused file is no error of a function, and nobody waits for its report. Without an alarm the
/// copies would go on being matched with the edition before.
pub fn ring_for_file(result: Verdict) -> Option<&'static str> {
    (result == Verdict::Refused).then(|| Alarm::FileRefused.rung())
}

fn of_code(code: &Code) -> Option<Alarm> {
    match code {
        Code::KeysTenantLost => Some(Alarm::TenantKeyLost),
        Code::Aws(_, said) if is_about_rights(said) => Some(Alarm::AccessDenied),
        _ => None,
    }
}

/// Returns whether AWS refused a right or the use of a key. The words are those of DynamoDB, S3, KMS, SQS and EventBridge. KMS's
/// internal errors pass by themselves.
fn is_about_rights(said: &AwsCode) -> bool {
    let word = said.to_string();
    let is_key = word.starts_with("KMS") && word != "KMSInternalException";
    let others = [
        "DisabledException",
        "ExpiredTokenException",
        "IncorrectKeyException",
        "InvalidClientTokenId",
        "InvalidKeyUsageException",
        "NotFoundException",
        "UnrecognizedClientException",
    ];
    is_key
        || *said == AwsCode::InvalidCiphertext
        || word.contains("AccessDenied")
        || others.contains(&&*word)
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
    fn each_alarm_has_a_name_and_a_metric_of_its_own() {
        for (at, alarm) in Alarm::ALL.iter().enumerate() {
            let mut others = Alarm::ALL[..at].iter();
            assert!(
                others.all(|other| {
                    other.name() != alarm.name() && other.metric() != alarm.metric()
                })
            );
        }
    }

    #[test]
    fn faults_about_rights_and_keys_ring_and_those_that_pass_do_not() {
        let of = |said: &'static str| of_code(&Code::Aws("query".into(), AwsCode::said(said)));
        for said in [
            "AccessDenied",
            "AccessDeniedException",
            "DisabledException",
            "InvalidCiphertextException",
            "KMSInvalidStateException",
            "UnrecognizedClientException",
        ] {
            assert_eq!(of(said), Some(Alarm::AccessDenied), "{said}");
        }
        for said in ["KMSInternalException", "ThrottlingException", "timeout"] {
            assert_eq!(of(said), None, "{said}");
        }
        let kept = "aws.query.AccessDeniedException";
        assert_eq!(of_code(&Code::parse(kept)), Some(Alarm::AccessDenied));
        assert_eq!(of_code(&Code::KeysTenantLost), Some(Alarm::TenantKeyLost));
    }

    #[tokio::test]
    async fn what_a_line_names_is_counted() {
        let refused = Fault::of(Code::TestFailed).with_kind(Kind::Operator);
        let (name, sheet) = metrics::gather(async { ring(&refused) }).await;
        assert_eq!(name, Some("app_refused"));
        assert_eq!(sheet.get(Metric::AppRefused), Some(1));
        let (name, sheet) = metrics::gather(async { ring(&Fault::of(Code::TestFailed)) }).await;
        assert_eq!((name, sheet), (None, metrics::Sheet::default()));
    }
}
