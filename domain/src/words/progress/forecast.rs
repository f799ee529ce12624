//! How much of a CRM's daily budget the next run will use.

use serde::Serialize;

use super::{Budget, Per, RunReport};

/// What the next run will presumably use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// About so many requests.
    pub requests: u64,
    /// So many percent of what is left of the daily budget, rounded up. `None` if the CRM reports no daily budget of requests.
    pub percent_of_left: Option<u64>,
    /// What it goes by.
    pub basis: Basis,
}

/// What a forecast goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The requests of the last run that was a success.
    LastRun,
    /// The CRM's own numbers of records. The first run reads them all.
    Records,
}

/// How many requests an object takes that is read for the first time.
#[derive(Clone, Copy, Debug)]
pub struct FirstReading {
    /// The number of its records.
    pub records: u64,
    /// About how many records one request brings.
    pub per_request: u64,
    /// How many ids one request for their parents may have, if parents are asked for.
    pub parents_per_request: Option<u64>,
    /// Whether all ids are listed, too.
    pub lists_ids: bool,
}

/// The requests of an object's run beside those for its records: its description, its count, its deletions.
const BESIDE: u64 = 3;

impl FirstReading {
    /// Returns about how many requests it takes.
    pub fn requests(&self) -> u64 {
        let pages = self.records.div_ceil(self.per_request.max(1)).max(1);
        let parents = self
            .parents_per_request
            .map_or(0, |most| self.records.div_ceil(most.max(1)));
        let ids = if self.lists_ids { pages } else { 0 };
        [pages, parents, ids, BESIDE]
            .into_iter()
            .fold(0, u64::saturating_add)
    }
}

impl Forecast {
    /// How many of the last reports [`Self::of`] should be given, so that one of them is likely a success.
    pub const REPORTS: u32 = 5;

    /// Returns the forecast by the last run that was a success. `reports` are those of the last runs, the newest first. `None` if
    /// there is none: a first run reads everything, and only the CRM knows how much that is.
    pub fn of(reports: &[RunReport], budgets: &[Budget]) -> Option<Self> {
        let last = reports.iter().find(|report| report.had_success())?;
        Some(Self::with(last.requests(), budgets, Basis::LastRun))
    }

    /// Returns the forecast of a first run by what it has to read.
    pub fn first(readings: &[FirstReading], budgets: &[Budget]) -> Self {
        let requests = readings.iter().map(FirstReading::requests);
        Self::with(
            requests.fold(0, u64::saturating_add),
            budgets,
            Basis::Records,
        )
    }

    fn with(requests: u64, budgets: &[Budget], basis: Basis) -> Self {
        let daily = budgets.iter().filter(|budget| budget.per == Per::Day);
        let left = daily.filter(|budget| budget.total > 0).map(Budget::left);
        let percent = |left: u64| requests.saturating_mul(100).div_ceil(left.max(1));
        Self {
            requests,
            percent_of_left: left.min().map(percent),
            basis,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::{
        super::{Summary, Verdict},
        *,
    };
    use crate::{record::Object, tenant::RunId};

    fn report(requests: &[u64], verdict: &Verdict) -> RunReport {
        let summary = |requests: &u64| {
            let summary = Summary {
                requests: *requests,
                verdict: Some(verdict.clone()),
                ..Summary::default()
            };
            (Object::Account, summary)
        };
        RunReport {
            run: RunId::begin(Timestamp::UNIX_EPOCH, 1),
            begun: Timestamp::UNIX_EPOCH,
            ended: Timestamp::UNIX_EPOCH,
            objects: requests.iter().map(summary).collect(),
            failure: None,
        }
    }

    #[test]
    fn a_first_run_takes_a_request_for_each_page_of_records_parents_and_ids() {
        let reading = |records, parents_per_request, lists_ids| FirstReading {
            records,
            per_request: 100,
            parents_per_request,
            lists_ids,
        };
        for (of, requests) in [
            (reading(0, None, false), 4),
            (reading(100, None, false), 4),
            (reading(101, None, false), 5),
            (reading(2_500, Some(1_000), false), 31),
            (reading(2_500, Some(1_000), true), 56),
        ] {
            assert_eq!(of.requests(), requests, "{of:?}");
        }
        let both = [reading(100, None, false), reading(101, None, false)];
        let forecast = Forecast::first(&both, &[]);
        assert_eq!((forecast.requests, forecast.basis), (9, Basis::Records));
        assert_eq!(Forecast::first(&[], &[]).requests, 0);
        let huge = reading(u64::MAX, Some(0), true);
        assert_eq!(Forecast::first(&[huge, huge], &[]).requests, u64::MAX);
    }

    #[test]
    fn the_last_run_with_success_says_how_much_and_the_tightest_budget_how_much_of_it() {
        let budget = |used, total, per| Budget {
            name: "a-budget".into(),
            used,
            total,
            per,
            is_ours: false,
        };
        let failed = report(&[9], &Verdict::Failed("x".to_owned()));
        let good = report(&[20, 11], &Verdict::Verified);
        let day = budget(0, 15_000, Per::Day);
        assert_eq!(Forecast::of(&[], std::slice::from_ref(&day)), None);
        assert_eq!(Forecast::of(std::slice::from_ref(&failed), &[]), None);
        let reports = [failed, good, report(&[999], &Verdict::Verified)];
        let percent = |budgets: &[Budget]| {
            let forecast = Forecast::of(&reports, budgets).unwrap();
            assert_eq!(forecast.requests, 31);
            forecast.percent_of_left
        };
        assert_eq!(percent(&[]), None);
        assert_eq!(
            percent(&[budget(0, 100, Per::Seconds(10)), budget(0, 0, Per::Day)]),
            None
        );
        assert_eq!(percent(std::slice::from_ref(&day)), Some(1));
        assert_eq!(percent(&[day, budget(14_900, 15_000, Per::Day)]), Some(31));
        assert_eq!(percent(&[budget(15_000, 15_000, Per::Day)]), Some(3_100));
    }
}
