//! What was used: requests, and Salesforce's own count of them.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use domain::ports::Usage;
use reqwest::header::HeaderMap;

/// Counts as requests go out and answers come in.
#[derive(Default)]
pub(super) struct Meter {
    requests: AtomicU64,
    quota: Mutex<Option<(u64, u64)>>,
}

impl Meter {
    pub(super) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes what an answer says of the quota.
    pub(super) fn answer(&self, headers: &HeaderMap) {
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
        }
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
    use super::*;

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
