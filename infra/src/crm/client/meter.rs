//! What was used: requests, and the vendor's own count of them.

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

use super::vendor::Vendor;

/// Counts as requests go out and answers come in.
#[derive(Default)]
pub(in crate::crm) struct Meter {
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
    pub(super) fn answer(&self, vendor: &Vendor, headers: &HeaderMap) {
        let date = headers.get(DATE).and_then(|value| value.to_str().ok());
        if let Some(date) = date.and_then(http_date) {
            let clock = Some((date, Instant::now()));
            *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = clock;
        }
        if let Some(quota) = (vendor.quota)(headers) {
            self.set_quota(quota);
        }
    }

    pub(in crate::crm) fn set_quota(&self, quota: (u64, u64)) {
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner) = Some(quota);
    }

    pub(in crate::crm) fn usage(&self) -> Usage {
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

/// Reads a date as HTTP writes it.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::{super::vendor::testing::TEST, *};

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
