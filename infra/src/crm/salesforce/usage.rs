//! What was used: requests, and Salesforce's own count of them.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use domain::ports::Usage;
use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap};

use super::http::http_date;

/// Counts as requests go out and answers come in.
#[derive(Default)]
pub(super) struct Meter {
    requests: AtomicU64,
    quota: Mutex<Option<(u64, u64)>>,
    /// The clock of the last answer, and when that came.
    clock: Mutex<Option<(Timestamp, Instant)>>,
}

impl Meter {
    pub(super) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes what an answer says of the quota and the time.
    pub(super) fn answer(&self, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|value| value.to_str().ok());
        if let Some(date) = date.and_then(http_date) {
            let clock = Some((date, Instant::now()));
            *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = clock;
        }
        let said = headers
            .get("sforce-limit-info")
            .and_then(|value| value.to_str().ok());
        if let Some(quota) = said.and_then(limit_info) {
            self.set_quota(quota);
        }
    }

    pub(super) fn set_quota(&self, quota: (u64, u64)) {
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner) = Some(quota);
    }

    pub(super) fn usage(&self) -> Usage {
        Usage {
            requests: self.requests.load(Ordering::Relaxed),
            quota: *self.quota.lock().unwrap_or_else(PoisonError::into_inner),
            clock: self.clock(),
        }
    }

    fn clock(&self) -> Option<Timestamp> {
        let (told, at) = (*self.clock.lock().unwrap_or_else(PoisonError::into_inner))?;
        told.checked_add(at.elapsed()).ok()
    }
}

/// `api-usage=18/5000; per-app-api-usage=17/250(appName=sample-app)`: the organisation's quota, and the app's own where it
/// has one; the one that is used up first.
fn limit_info(header: &str) -> Option<(u64, u64)> {
    let parts = header.split(';').filter_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        if !matches!(name, "api-usage" | "per-app-api-usage") {
            return None;
        }
        let (used, rest) = value.split_once('/')?;
        let total: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((used.trim().parse::<u64>().ok()?, total.parse::<u64>().ok()?))
    });
    parts.max_by(|(a, of_a), (b, of_b)| {
        let (left, right) = (
            u128::from(*a) * u128::from(*of_b),
            u128::from(*b) * u128::from(*of_a),
        );
        // Of two that stand alike the organisation's, which comes first.
        left.cmp(&right).then(std::cmp::Ordering::Greater)
    })
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

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
            meter.answer(&headers);
            let clock = meter.usage().clock.map(|clock| clock.as_second());
            // A machine under load may be seconds late.
            assert!(
                clock.is_some_and(|clock| (second..second + 5).contains(&clock)),
                "{clock:?}"
            );
        }
    }

    #[test]
    fn both_forms_of_the_header_are_read() {
        assert_eq!(limit_info("api-usage=18/5000"), Some((18, 5000)));
        assert_eq!(
            limit_info("api-usage=18/5000; per-app-api-usage=17/250(appName=sample-app)"),
            Some((17, 250))
        );
        assert_eq!(
            limit_info("api-usage=4900/5000; per-app-api-usage=17/250(appName=a;b=c)"),
            Some((4900, 5000))
        );
        assert_eq!(
            limit_info("api-usage=0/5000; per-app-api-usage=0/250(appName=a)"),
            Some((0, 5000))
        );
        assert_eq!(
            limit_info("per-app-api-usage=17/250(appName=sample-app)"),
            Some((17, 250))
        );
        for odd in [
            "",
            "api-usage",
            "api-usage=x/y",
            "api-usage=1",
            "something=1/2",
        ] {
            assert_eq!(limit_info(odd), None, "{odd}");
        }
    }
}
