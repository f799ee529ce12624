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
}

impl Forecast {
    /// How many of the last reports [`Self::of`] should be given, so that one of them is likely a success.
    pub const REPORTS: u32 = 5;

    /// Returns the forecast by the last run that was a success. `reports` are those of the last runs, the newest first. `None` if
    /// there is none: a first run reads everything, and nobody knows yet how much that is.
    pub fn of(reports: &[RunReport], budgets: &[Budget]) -> Option<Self> {
        let last = reports.iter().find(|report| report.had_success())?;
        let requests = last.requests();
        let daily = budgets.iter().filter(|budget| budget.per == Per::Day);
        let left = daily.filter(|budget| budget.total > 0).map(Budget::left);
        let percent = |left: u64| requests.saturating_mul(100).div_ceil(left.max(1));
        Some(Self {
            requests,
            percent_of_left: left.min().map(percent),
        })
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
