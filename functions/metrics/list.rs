//! The list of our metrics.
//!
//! # To add a metric
//!
//! 1. A line below: its name, its unit, how it is told apart, the functions that count it, and what it is.
//! 2. Count it with [`add`](super::add) or [`measure`](super::measure), where the log line of the same event is.
//! 3. Its row in the table of `infra/docs/operate.md`. A test compares the two, and finds every metric that an alarm or the dashboard
//!    of `template.yaml` names and this list does not have.

/// The unit of a metric, in CloudWatch's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// How often something happened, or how many there are.
    Count,
    /// A share of a whole.
    Percent,
    /// CloudWatch has no unit for it; the name says it.
    None,
}

/// How a metric is told apart. CloudWatch bills each value of a dimension as a metric of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Not at all.
    Nothing,
    /// By the function that counted it.
    Function,
    /// By the CRM. Its sum over all CRMs is kept, too, since an alarm cannot add.
    Provider,
}

macro_rules! metrics {
    ($($metric:ident, $unit:ident, $by:ident, [$($function:literal),*], $doc:literal;)*) => {
        /// A metric.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Metric {
            $(#[doc = $doc] $metric,)*
        }

        impl Metric {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$metric),*];

            /// Returns its name in CloudWatch.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$metric => stringify!($metric),)*
                }
            }

            /// Returns its unit.
            pub fn unit(self) -> Unit {
                match self {
                    $(Self::$metric => Unit::$unit,)*
                }
            }

            /// Returns how it is told apart.
            pub fn by(self) -> By {
                match self {
                    $(Self::$metric => By::$by,)*
                }
            }

            /// Returns the functions that count it.
            pub fn functions(self) -> &'static [&'static str] {
                match self {
                    $(Self::$metric => &[$($function),*],)*
                }
            }
        }
    };
}

metrics! {
    ColdStarts, Count, Function, ["api", "companies", "console", "dispatch", "remove", "sync"], "Processes that were started.";
    RunsBegun, Count, Nothing, ["api", "dispatch"], "Runs that began.";
    RunsResumed, Count, Nothing, ["dispatch"], "Open runs that dispatch ordered again.";
    RunsFinished, Count, Provider, ["sync"], "Runs that ended, whatever they came to.";
    RunsFailed, Count, Provider, ["sync"], "Runs that failed as a whole.";
    RunsPaused, Count, Provider, ["sync"], "Slices that ended because the CRM asked for quiet, or because nothing was left of the share of its budget.";
    ReconnectsNeeded, Count, Provider, ["sync"], "Runs that failed because the CRM revoked the grant.";
    Slices, Count, Provider, ["sync"], "Slices of runs.";
    VerdictVerified, Count, Provider, ["sync"], "Objects with the verdict `VERIFIED`.";
    VerdictDrift, Count, Provider, ["sync"], "Objects with the verdict `DRIFT`.";
    VerdictHeld, Count, Provider, ["sync"], "Objects with the verdict `HELD`.";
    VerdictFailed, Count, Provider, ["sync"], "Objects with the verdict `FAILED`.";
    VerdictAbsent, Count, Provider, ["sync"], "Objects with the verdict `ABSENT`.";
    VerdictUnproven, Count, Provider, ["sync"], "Objects with the verdict `UNPROVEN`.";
    OldestUnverifiedHours, None, Nothing, ["dispatch"], "Full hours since the integration that has waited longest was in order.";
    UnverifiedIntegrations, Count, Nothing, ["dispatch"], "Integrations that have not been in order for `UnverifiedAlarmHours`.";
    NewlyUnverified, Count, Nothing, ["dispatch"], "Those among them that became so since dispatch looked last.";
    DispatchIncomplete, Count, Nothing, ["dispatch"], "Firings of dispatch that handed over a list on which it has worked for nearly an hour.";
    RecordsSeen, Count, Provider, ["sync"], "Records that the CRM sent.";
    RecordsWritten, Count, Provider, ["sync"], "Records written to the copy.";
    RecordsDeleted, Count, Provider, ["sync"], "Records deleted from the copy.";
    RecordsRepaired, Count, Provider, ["sync"], "Records that a comparison found different, and repaired.";
    RecordsQuarantined, Count, Provider, ["sync"], "Records that could not be kept.";
    HiddenFields, Count, Provider, ["sync"], "Fields that the CRM has and does not show, or showed until the run before.";
    CrmRequests, Count, Provider, ["api", "remove", "sync"], "Requests to CRMs.";
    CrmThrottles, Count, Provider, ["api", "remove", "sync"], "Answers of CRMs that we ask too much.";
    CrmQuotaUsed, Percent, Provider, ["sync"], "How much of a CRM's fullest budget is used, at the end of a run.";
    CreationsMade, Count, Provider, ["api"], "Records of creations that were created. Each counts once, when it becomes known.";
    CreationsRefused, Count, Provider, ["api"], "Records of creations that were not created, whatever the reason. A request of which nothing came is tried anew, and counts anew.";
    CreationsUnknown, Count, Provider, ["api"], "Records of creations of which it was not known at first.";
    ExportsFinished, Count, Nothing, ["sync"], "Exports that are complete.";
    ExportsFailed, Count, Nothing, ["sync"], "Exports that were given up.";
    RemovalsFinished, Count, Nothing, ["remove"], "Removals that ended with a receipt.";
    OldestRemovalHours, None, Nothing, ["dispatch"], "Full hours since the oldest open removal was asked for, in the part of the list of due integrations that an invocation reads. An invocation that goes on with a list measures the rest of it, so take the maximum.";
    RemovalHoursRevoking, None, Nothing, ["dispatch"], "Full hours for which a removal has been in the stage `revoking`, at most.";
    RemovalHoursDestroying, None, Nothing, ["dispatch"], "Full hours for which a removal has been in the stage `destroying`, at most.";
    RemovalHoursSweeping, None, Nothing, ["dispatch"], "Full hours for which a removal has been in the stage `sweeping`, at most.";
    RemovalHoursWaiting, None, Nothing, ["dispatch"], "Full hours for which a removal has been in the stage `waiting`, at most.";
    RemovalHoursSweepingAgain, None, Nothing, ["dispatch"], "Full hours for which a removal has been in the stage `sweeping_again`, at most.";
    RemovalHoursVerifying, None, Nothing, ["dispatch"], "Full hours for which a removal has been in the stage `verifying`, at most.";
    RemovalHoursSigning, None, Nothing, ["dispatch"], "Full hours for which a removal has been in the stage `signing`, at most.";
    OldestOffboardingHours, None, Nothing, ["dispatch"], "Full hours since the oldest end of a tenant that is not over was asked for.";
    OffboardingHoursRemoving, None, Nothing, ["dispatch"], "Full hours for which the end of a tenant has been in the stage `removing`, at most.";
    OffboardingHoursDeleting, None, Nothing, ["dispatch"], "Full hours for which the end of a tenant has been in the stage `deleting`, at most.";
    ImportsPublished, Count, Nothing, ["companies"], "Company files that were published.";
    TableThrottles, Count, Nothing, ["api", "companies", "dispatch", "remove", "sync"], "Answers of DynamoDB that a table is asked too much. Such requests are repeated.";
    AccessDenied, Count, Nothing, ["api", "companies", "dispatch", "remove", "sync"], "Faults of AWS about rights or keys.";
    AppRefused, Count, Nothing, ["api", "sync"], "Refusals of the operator's app by a CRM.";
    FileRefused, Count, Nothing, ["companies"], "Company files that were refused.";
    GivenUp, Count, Nothing, ["sync"], "Runs or objects that were given up.";
    TenantKeyLost, Count, Nothing, ["api", "sync"], "Faults about a tenant's missing key.";
}
