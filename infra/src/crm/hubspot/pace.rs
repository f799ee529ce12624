//! The rate of requests. HubSpot counts an app's requests in each account: 110 in ten seconds, and 5 searches in one second.
//! One connector stays below these limits by itself. If several work on one account, HubSpot's 429 slows them down further.

use std::{collections::VecDeque, time::Duration};

use tokio::{sync::Mutex, time::Instant};

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
        }
    }
}

/// The requests that were sent recently.
pub(super) struct Pace {
    all: Lane,
    searches: Lane,
}

struct Lane {
    limit: Limit,
    sent: Mutex<VecDeque<Instant>>,
}

impl Pace {
    pub(super) fn new(limits: Limits) -> Self {
        let lane = |limit| Lane {
            limit,
            sent: Mutex::default(),
        };
        Self {
            all: lane(limits.all),
            searches: lane(limits.searches),
        }
    }

    /// Waits until a request may be sent.
    pub(super) async fn request(&self) {
        self.all.wait().await;
    }

    /// Waits until a search may be sent.
    pub(super) async fn search(&self) {
        self.searches.wait().await;
        self.all.wait().await;
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
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_requests_than_allowed_are_sent_in_any_stretch_of_time() {
        let pace = Pace::new(Limits::default());
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
        let pace = Pace::new(Limits::default());
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
