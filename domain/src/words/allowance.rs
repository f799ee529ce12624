//! A tenant's allowance: what one tenant may use of this service, so that it takes nothing from the others. What a CRM lets us use
//! is something else: a [`Budget`](crate::progress::Budget).
//!
//! # To add a limit
//!
//! 1. A line in the table of [`Limit`]: its name, what it bounds ([`Bounds`]) and the usual number.
//! 2. `functions/settings/allowance.rs` and `template.yaml`: the operator's number for all tenants. Tests compare the three.
//! 3. The use case that keeps to it calls [`admission`](crate::admission).
//! 4. For people: the table in `infra/docs/operate.md`, which a test compares with this one, and `CHANGELOG.md`.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::named::named;
use crate::fault::{Code, Fault, Outcome};

named! {
    /// One number of an allowance.
    Limit;
    /// Runs that users begin. The schedule's own runs do not count.
    RunsPerHour = "runs_per_hour";
    /// Exports that users request.
    ExportsPerDay = "exports_per_day";
    /// Records in creations and previews. A repeated request does not count.
    CreationsPerHour = "creations_per_hour";
    /// Requests for the status of companies.
    StatusCallsPerMinute = "status_calls_per_minute";
    /// Questions about rights and fields that users ask a CRM.
    CrmQuestionsPerHour = "crm_questions_per_hour";
    /// Entries of the company database that users look at.
    CompanyEntriesPerDay = "company_entries_per_day";
    /// Requests for the signed heads of the register.
    HeadsPerHour = "heads_per_hour";
    /// Integrations that are not removed.
    Integrations = "integrations";
    /// Exports whose files may still lie in the bucket.
    ExportsKept = "exports_kept";
    /// Slices of runs at the same time.
    Slices = "slices";
    /// Records in one creation.
    BatchRecords = "batch_records";
    /// Records in one preview.
    PreviewRecords = "preview_records";
}

/// What a limit bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// What is begun in a window of this length. The windows follow each other without a gap, beginning at the full hour or day.
    Rate(SignedDuration),
    /// What is there at the same time.
    Places,
    /// The size of one request.
    Size,
}

impl Limit {
    /// Finds the limit of a name.
    ///
    /// # Errors
    /// Permanent, with the known names.
    pub fn parse(name: &str) -> Outcome<Self> {
        Self::find(name)
            .ok_or_else(|| Fault::of(Code::AllowanceMalformed).with_detail(Self::one_of()))
    }

    /// Returns what it bounds, and the usual number.
    const fn of(self) -> (Bounds, u32) {
        use Bounds::{Places, Rate, Size};
        match self {
            Self::RunsPerHour => (Rate(SignedDuration::from_hours(1)), 12),
            Self::ExportsPerDay => (Rate(SignedDuration::from_hours(24)), 10),
            Self::CreationsPerHour => (Rate(SignedDuration::from_hours(1)), 2_000),
            Self::StatusCallsPerMinute => (Rate(SignedDuration::from_mins(1)), 600),
            Self::CrmQuestionsPerHour => (Rate(SignedDuration::from_hours(1)), 120),
            Self::CompanyEntriesPerDay => (Rate(SignedDuration::from_hours(24)), 20_000),
            Self::HeadsPerHour => (Rate(SignedDuration::from_hours(1)), 60),
            Self::Integrations => (Places, 20),
            Self::ExportsKept => (Places, 20),
            Self::Slices => (Places, 10),
            Self::BatchRecords | Self::PreviewRecords => (Size, 200),
        }
    }

    /// Returns what it bounds.
    pub const fn bounds(self) -> Bounds {
        self.of().0
    }

    /// Returns the number that applies where neither the operator nor a tenant's own allowance says another one.
    pub const fn usual(self) -> u32 {
        self.of().1
    }

    /// Returns the beginning of the window in which `now` lies. `None` if it is no rate.
    pub fn window(self, now: Timestamp) -> Option<Window> {
        let Bounds::Rate(length) = self.bounds() else {
            return None;
        };
        let seconds = length.as_secs().max(1);
        let begin = now.as_second().div_euclid(seconds) * seconds;
        Some(Window {
            begin: Timestamp::from_second(begin).ok()?,
            end: Timestamp::from_second(begin + seconds).ok()?,
        })
    }
}

/// A window of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first moment.
    pub begin: Timestamp,
    /// The first moment after it.
    pub end: Timestamp,
}

/// Numbers by limit: the operator's for all tenants, or one tenant's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Allowance(pub BTreeMap<Limit, u32>);

impl Allowance {
    /// Returns the number that applies to a tenant. `self` is the operator's, for all tenants.
    pub fn most(&self, limit: Limit, own: &Self) -> u32 {
        let said = own.0.get(&limit).or_else(|| self.0.get(&limit));
        said.copied().unwrap_or_else(|| limit.usual())
    }
}

/// What is stored about a tenant's allowance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredAllowance {
    /// The tenant's own numbers, which the operator stated for it.
    pub own: Allowance,
    /// What is left of each rate in its last window.
    pub rates: BTreeMap<Limit, Rate>,
    /// The places that are taken.
    pub places: BTreeMap<Limit, Places>,
}

/// What is left of a rate in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The beginning of the window.
    pub window: Timestamp,
    /// What is left.
    pub left: u32,
    /// The id of what was counted last. It tells a repeated call from another one.
    pub last: String,
}

/// Places that are taken: who has each, and until when. A place whose time is over is free.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Places(pub BTreeMap<String, Timestamp>);

impl Places {
    /// Returns the places that are still taken at `now`.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        let taken = self.0.iter().filter(|(_, until)| **until > now);
        Self(taken.map(|(id, until)| (id.clone(), *until)).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_without_a_gap() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let hour = |second| Limit::RunsPerHour.window(at(second)).unwrap();
        assert_eq!(hour(3_599), hour(0));
        assert_eq!(hour(3_599).end, hour(3_600).begin);
        assert_eq!(hour(-1).end, at(0));
        assert_eq!(Limit::Slices.window(at(0)), None);
    }

    #[test]
    fn a_tenants_own_number_comes_before_the_operators_and_that_before_the_usual_one() {
        let said = |n| Allowance(BTreeMap::from([(Limit::Slices, n)]));
        let none = Allowance::default();
        assert_eq!(said(3).most(Limit::Slices, &said(5)), 5);
        assert_eq!(said(3).most(Limit::Slices, &none), 3);
        assert_eq!(none.most(Limit::Slices, &none), Limit::Slices.usual());
        assert_eq!(said(3).most(Limit::Slices, &said(0)), 0, "nothing at all");
    }

    #[test]
    fn a_limit_is_found_by_its_name() {
        for limit in Limit::ALL {
            assert_eq!(Limit::parse(limit.name()).unwrap(), limit);
        }
        let fault = Limit::parse("runs").unwrap_err();
        assert!(fault.detail().unwrap().contains("runs_per_hour"));
    }
}
