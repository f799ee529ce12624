//! The share of a CRM's daily budget that an integration's runs may use, and the reserve for the customer's other tools.

use jiff::Timestamp;

use super::{Budget, Hourly, Per, hourly::hours_after};
use crate::fault::Code;

/// What runs may use of a CRM's daily budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The share of the runs, in percent of the budget.
    pub percent: u8,
    /// What is left to the customer's other tools, in percent of the budget, however large the share is.
    pub reserve_percent: u8,
}

/// Why runs may use no more for now, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhausted {
    /// [`Code::CrmShareUsedUp`] or [`Code::CrmReserveReached`].
    pub code: Code,
    /// When to look again: when half of the share is free again. In an hour if it depends on the customer's other tools.
    pub until: Timestamp,
}

impl Share {
    /// Returns why runs may not use `needed` more requests at `now`. `None` if they may, and if the CRM reports no daily budget.
    /// `sent` is what the runs sent in the last day. With `resumes` half of the share has to be free, so that a run which had to
    /// wait gets somewhere before it waits again.
    pub fn exhausted(
        self,
        budgets: &[Budget],
        sent: &Hourly,
        needed: u64,
        resumes: bool,
        now: Timestamp,
    ) -> Option<Exhausted> {
        let needed = needed.max(1);
        if let Some(limit) = self.limit(budgets) {
            let half = limit / 2;
            let most = match resumes {
                true => limit.saturating_sub(needed).min(half),
                false => limit.saturating_sub(needed),
            };
            if limit == 0 || sent.in_last_day(now) > most || needed > limit {
                return Some(Exhausted {
                    code: Code::CrmShareUsedUp,
                    until: sent.falls_to(half, now).max(hours_after(now, 1)),
                });
            }
        }
        let is_reached = self.free(budgets).is_some_and(|free| free < needed);
        is_reached.then(|| Exhausted {
            code: Code::CrmReserveReached,
            until: hours_after(now, 1),
        })
    }

    /// Returns how many requests the runs may send in a day. `None` if the CRM reports no daily budget of requests.
    pub fn limit(self, budgets: &[Budget]) -> Option<u64> {
        let shared = budgets.iter().filter(|budget| {
            // The share is counted in requests, and of tokens a request takes nobody knows how many.
            budget.per == Per::Day && budget.is_shared()
        });
        shared.map(|budget| part(budget.total, self.percent)).min()
    }

    /// Returns how much is left of the daily budgets above the reserve. `None` if the CRM reports none.
    fn free(self, budgets: &[Budget]) -> Option<u64> {
        let shared = budgets.iter().filter(|budget| budget.is_shared());
        let free = |budget: &Budget| {
            let unused = budget.total.saturating_sub(budget.used);
            unused.saturating_sub(part(budget.total, self.reserve_percent))
        };
        shared.map(free).min()
    }
}

fn part(total: u64, percent: u8) -> u64 {
    let part = u128::from(total) * u128::from(percent) / 100;
    u64::try_from(part).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn budget(used: u64, total: u64, per: Per) -> Budget {
        Budget {
            name: "a-budget".into(),
            used,
            total,
            per,
            is_ours: false,
        }
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second((497_000 + hours) * 3_600).unwrap()
    }

    fn sent(requests: u64) -> Hourly {
        let mut hourly = Hourly::default();
        hourly.add(at(0), requests);
        hourly
    }

    const SHARE: Share = Share {
        percent: 25,
        reserve_percent: 20,
    };

    fn why(share: Share, budgets: &[Budget], requests: u64, needed: u64) -> Option<Code> {
        let exhausted = share.exhausted(budgets, &sent(requests), needed, false, at(0));
        exhausted.map(|exhausted| exhausted.code)
    }

    #[test]
    fn runs_use_their_share_and_leave_the_reserve() {
        let day = |used| [budget(used, 1_000, Per::Day)];
        let (used_up, reached) = (Some(Code::CrmShareUsedUp), Some(Code::CrmReserveReached));
        assert_eq!(why(SHARE, &day(0), 0, 250), None);
        assert_eq!(why(SHARE, &day(0), 1, 250), used_up);
        assert_eq!(why(SHARE, &day(249), 249, 0), None);
        assert_eq!(why(SHARE, &day(250), 250, 0), used_up);
        assert_eq!(why(SHARE, &day(0), 0, 251), used_up, "more than there is");
        assert_eq!(why(SHARE, &day(799), 0, 1), None, "others used the rest");
        assert_eq!(why(SHARE, &day(800), 0, 1), reached);
        assert_eq!(why(SHARE, &day(1_200), 0, 1), reached);
        let whole = Share {
            percent: 100,
            ..SHARE
        };
        assert_eq!(why(whole, &day(799), 799, 1), None);
        assert_eq!(why(whole, &day(800), 799, 1), reached);
        let nothing = [budget(0, 3, Per::Day)];
        assert_eq!(why(SHARE, &nothing, 0, 1), used_up, "a quarter of three");
    }

    #[test]
    fn of_tokens_only_the_reserve_is_kept() {
        let tokens = |used| [budget(used, 1_000, Per::Tokens)];
        assert_eq!(why(SHARE, &tokens(700), 900, 1), None);
        let reached = Some(Code::CrmReserveReached);
        assert_eq!(why(SHARE, &tokens(800), 0, 1), reached);
        assert_eq!(SHARE.limit(&tokens(0)), None);
    }

    #[test]
    fn without_a_daily_budget_of_the_organisation_there_is_nothing_to_share() {
        let burst = budget(99, 100, Per::Seconds(10));
        let mut own = budget(99, 100, Per::Day);
        own.is_ours = true;
        let unknown = budget(0, 0, Per::Day);
        for budgets in [&[][..], &[burst], &[own], &[unknown]] {
            assert_eq!(why(SHARE, budgets, 1_000_000, 1), None, "{budgets:?}");
            assert_eq!(SHARE.limit(budgets), None);
        }
    }

    #[test]
    fn a_run_that_waited_goes_on_when_half_of_the_share_is_free() {
        let day = [budget(0, 1_000, Per::Day)];
        let mut hourly = sent(130);
        hourly.add(at(3), 110);
        let exhausted = |now, resumes| SHARE.exhausted(&day, &hourly, 20, resumes, now);
        let waits = exhausted(at(4), false).unwrap();
        assert_eq!((waits.code, waits.until), (Code::CrmShareUsedUp, at(25)));
        assert!(exhausted(at(24), true).is_some());
        assert_eq!(exhausted(at(25), true), None);
        hourly.add(at(26), 30);
        let waits = SHARE.exhausted(&day, &hourly, 1, true, at(26)).unwrap();
        assert_eq!(waits.until, at(28), "110 and 30 are more than half");
        assert_eq!(SHARE.exhausted(&day, &hourly, 1, false, at(26)), None);
    }

    #[test]
    fn what_depends_on_others_is_looked_at_in_an_hour() {
        let day = [budget(900, 1_000, Per::Day)];
        let waits = SHARE.exhausted(&day, &sent(0), 1, true, at(0)).unwrap();
        assert_eq!(waits.until, at(1));
    }
}
