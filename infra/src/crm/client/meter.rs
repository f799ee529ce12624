//! What was used: requests, and the vendor's own budgets of them.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use domain::{ports::Usage, progress::Budget};
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap};

use super::vendor::Vendor;

/// Counts requests as they go out and answers as they come in.
#[derive(Default)]
pub(in crate::crm) struct Meter {
    requests: AtomicU64,
    /// Each budget as it was told last, in the order in which they were told first.
    budgets: Mutex<Vec<Budget>>,
    /// The clock of the last answer, and when that answer came.
    clock: Mutex<Option<(Timestamp, Instant)>>,
}

impl Meter {
    pub(super) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes what an answer says of the budgets and the time.
    pub(super) fn answer(&self, vendor: &Vendor, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|value| value.to_str().ok());
        if let Some(date) = date.and_then(http_date) {
            let clock = Some((date, Instant::now()));
            *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = clock;
        }
        for budget in (vendor.budgets)(headers) {
            self.set_budget(budget);
        }
    }

    /// Notes what the vendor says of a budget, in place of what it said of it before.
    pub(in crate::crm) fn set_budget(&self, budget: Budget) {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        match budgets.iter_mut().find(|one| one.name == budget.name) {
            Some(told) => *told = budget,
            None => budgets.push(budget),
        }
    }

    /// Whether the vendor said anything of its budgets yet.
    pub(in crate::crm) fn has_budgets(&self) -> bool {
        let budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        !budgets.is_empty()
    }

    pub(in crate::crm) fn usage(&self) -> Usage {
        Usage {
            requests: self.requests.load(Ordering::Relaxed),
            budgets: self
                .budgets
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            clock: self.clock(),
        }
    }

    fn clock(&self) -> Option<Timestamp> {
        let (told, at) = (*self.clock.lock().unwrap_or_else(PoisonError::into_inner))?;
        told.checked_add(at.elapsed()).ok()
    }
}

/// Reads a date as HTTP writes it.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use domain::progress::Per;
    use reqwest::header::HeaderValue;

    use super::{super::testing::TEST, *};

    #[test]
    fn each_budget_stands_as_it_was_told_last() {
        let meter = Meter::default();
        assert!(!meter.has_budgets() && meter.usage().budgets.is_empty());
        let budget = |name: &'static str, used, per| Budget {
            name: name.into(),
            used,
            total: 100,
            per,
            is_ours: false,
        };
        for (name, used, per) in [
            ("day", 1, Per::Day),
            ("burst", 9, Per::Seconds(10)),
            ("day", 2, Per::Day),
        ] {
            meter.set_budget(budget(name, used, per));
        }
        let wanted = [
            budget("day", 2, Per::Day),
            budget("burst", 9, Per::Seconds(10)),
        ];
        assert_eq!(meter.usage().budgets, wanted);
    }

    #[test]
    fn the_clock_is_the_last_answers_and_goes_on() {
        let meter = Meter::default();
        assert_eq!(meter.usage().clock, None);
        let mut headers = HeaderMap::new();
        for (date, second) in [
            ("Tue, 24 Nov 2026 12:00:00 GMT", 1_795_521_600),
            ("Tue, 24 Nov 2026 12:00:07 GMT", 1_795_521_607),
            ("tomorrow", 1_795_521_607),
        ] {
            headers.insert(DATE, HeaderValue::from_static(date));
            meter.answer(&TEST, &headers);
            let clock = meter.usage().clock.map(|clock| clock.as_second());
            // A machine under load may be seconds late.
            assert!(
                clock.is_some_and(|clock| (second..second + 5).contains(&clock)),
                "{clock:?}"
            );
        }
    }
}
