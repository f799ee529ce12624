//! The rate of requests. HubSpot counts an app's requests in each account: 110 in ten seconds, and 5 searches in one second.
//!
//! Several functions work on one account at the same time, and they share these limits without knowing of each other:
//!
//! * One connector stays below the limits by itself.
//! * HubSpot's answers tell how many requests are left for all. A connector that works in slices leaves the last ones to
//!   whoever has a user waiting: near the end it sends one request in a second ([`Limits::left_to_others`]).
//! * HubSpot tells nothing about the searches that are left. Whoever comes too early gets 429, and asks again a second later.
//!
//! A count in our own store would cost a write for each request, and it would still not know of the account's other clients.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use domain::progress::Per;
use tokio::{sync::Mutex, time::Instant};

use super::super::client::meter::Meter;

/// How long one waits before a request that may be one of the last.
const NEAR_THE_END: Duration = Duration::from_secs(1);

/// A number of requests in a period.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The number.
    pub requests: usize,
    /// The period.
    pub within: Duration,
}

/// How fast requests may follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// All requests. Ten of HubSpot's 110 are left for other functions.
    pub all: Limit,
    /// Searches. One of HubSpot's five is left for other functions.
    pub searches: Limit,
    /// How many of the requests that are left for all functions are for the others. Near them this connector sends one
    /// request in a second.
    pub left_to_others: u64,
}

impl Limits {
    /// Returns the limits of a function. One with a user who waits leaves nothing to others.
    pub(super) fn of(is_awaited: bool) -> Self {
        let usual = Self::default();
        Self {
            left_to_others: if is_awaited { 0 } else { usual.left_to_others },
            ..usual
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            all: Limit {
                requests: 100,
                within: Duration::from_secs(10),
            },
            searches: Limit {
                requests: 4,
                within: Duration::from_secs(1),
            },
            left_to_others: 30,
        }
    }
}

/// The requests that were sent recently.
pub(super) struct Pace {
    all: Lane,
    searches: Lane,
    left_to_others: u64,
    /// What HubSpot told last.
    meter: Arc<Meter>,
    /// One request at a time waits near the end.
    end: Mutex<()>,
}

struct Lane {
    limit: Limit,
    sent: Mutex<VecDeque<Instant>>,
}

impl Pace {
    pub(super) fn new(limits: Limits, meter: Arc<Meter>) -> Self {
        let lane = |limit| Lane {
            limit,
            sent: Mutex::default(),
        };
        Self {
            all: lane(limits.all),
            searches: lane(limits.searches),
            left_to_others: limits.left_to_others,
            meter,
            end: Mutex::default(),
        }
    }

    /// Waits until a request may be sent.
    pub(super) async fn request(&self) {
        self.all.wait().await;
        let _one = self.end.lock().await;
        if self.left().is_some_and(|left| left < self.left_to_others) {
            tokio::time::sleep(NEAR_THE_END).await;
        }
    }

    /// Waits until a search may be sent.
    pub(super) async fn search(&self) {
        self.searches.wait().await;
        self.all.wait().await;
    }

    /// Returns how many requests of all functions were left after the last answer.
    fn left(&self) -> Option<u64> {
        let budgets = self.meter.usage().budgets;
        let burst = budgets
            .into_iter()
            .find(|budget| matches!(budget.per, Per::Seconds(_)))?;
        Some(burst.total.saturating_sub(burst.used))
    }
}

impl Lane {
    async fn wait(&self) {
        let mut sent = self.sent.lock().await;
        if sent.len() >= self.limit.requests.max(1)
            && let Some(oldest) = sent.pop_front()
        {
            tokio::time::sleep_until(oldest + self.limit.within).await;
        }
        sent.push_back(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use domain::progress::Budget;

    use super::*;

    #[test]
    fn the_page_for_operators_says_how_many_requests_are_left_to_others() {
        let page = include_str!("../../../docs/operate.md");
        let left = Limits::default().left_to_others;
        assert!(page.contains(&format!("leaves the last {left} of the 110")));
    }

    fn pace(limits: Limits) -> Pace {
        Pace::new(limits, Arc::default())
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_requests_are_left_to_whoever_has_a_user_waiting() {
        let told = |used| {
            let meter = Meter::default();
            meter.set_budget(Budget {
                name: "rolling".into(),
                used,
                total: 110,
                per: Per::Seconds(10),
                is_ours: false,
            });
            Arc::new(meter)
        };
        for (limits, used, seconds) in [
            (Limits::default(), 80, 0),
            (Limits::default(), 81, 3),
            (Limits::of(true), 110, 0),
        ] {
            let (pace, begun) = (Pace::new(limits, told(used)), Instant::now());
            for _ in 0..3 {
                pace.request().await;
            }
            assert_eq!(begun.elapsed().as_secs(), seconds, "{limits:?} {used}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_requests_than_allowed_are_sent_in_any_stretch_of_time() {
        let pace = pace(Limits::default());
        let mut sent = Vec::new();
        for _ in 0..250 {
            pace.request().await;
            sent.push(Instant::now());
        }
        for window in sent.windows(101) {
            assert!(window[100] - window[0] >= Duration::from_secs(10));
        }
        let whole = sent[249] - sent[0];
        assert!(whole < Duration::from_secs(21), "{whole:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn searches_have_a_limit_of_their_own() {
        let pace = pace(Limits::default());
        let begun = Instant::now();
        for _ in 0..9 {
            pace.search().await;
        }
        assert_eq!(begun.elapsed().as_secs(), 2);
        let begun = Instant::now();
        pace.request().await;
        assert_eq!(begun.elapsed().as_secs(), 0);
    }
}
