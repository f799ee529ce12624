//! Rate limits of an app, by the real clock.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::json;

use super::config::Limits;
use super::error::Refusal;

const TEN_SECONDS: Duration = Duration::from_secs(10);
const SECOND: Duration = Duration::from_secs(1);
/// The limit in the headers if there is none.
const PUBLISHED: u32 = 110;

/// The use of the limits.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    requests: VecDeque<Instant>,
    searches: VecDeque<Instant>,
    pub(crate) today: u32,
}

/// The values of an answer's headers about limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    pub(crate) max: u32,
    pub(crate) remaining: u32,
    /// The day's limit and what is left of it. Only private apps have it.
    pub(crate) daily: Option<(u32, u32)>,
}

impl Usage {
    /// Counts one request. Searches have a limit of their own and no headers.
    pub(crate) fn take(
        &mut self,
        limits: Limits,
        search: bool,
        private: bool,
    ) -> Result<Option<Left>, Refusal> {
        if private && limits.daily.is_some_and(|daily| self.today >= daily) {
            return Err(over("DAILY", "daily"));
        }
        self.today += u32::from(private);
        if search {
            if !took(&mut self.searches, SECOND, limits.search) {
                return Err(over("SECONDLY", "secondly"));
            }
            return Ok(None);
        }
        if !took(&mut self.requests, TEN_SECONDS, limits.ten_secondly) {
            return Err(over("TEN_SECONDLY_ROLLING", "ten_secondly_rolling"));
        }
        let max = limits.ten_secondly.unwrap_or(PUBLISHED);
        let used = u32::try_from(self.requests.len()).unwrap_or(u32::MAX);
        let daily = limits.daily.filter(|_| private);
        Ok(Some(Left {
            max,
            remaining: max.saturating_sub(used),
            daily: daily.map(|daily| (daily, daily.saturating_sub(self.today))),
        }))
    }
}

fn took(seen: &mut VecDeque<Instant>, window: Duration, limit: Option<u32>) -> bool {
    let Some(limit) = limit else { return true };
    let now = Instant::now();
    while seen
        .front()
        .is_some_and(|then| now.duration_since(*then) >= window)
    {
        seen.pop_front();
    }
    if seen.len() >= limit as usize {
        return false;
    }
    seen.push_back(now);
    true
}

/// Returns the refusal of a request above a limit.
pub(crate) fn over(policy: &str, name: &str) -> Refusal {
    Refusal::new(429, "", format!("You have reached your {name} limit."))
        .with("errorType", json!("RATE_LIMIT"))
        .with("policyName", json!(policy))
}
