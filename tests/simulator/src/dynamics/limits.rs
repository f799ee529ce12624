//! The limits of service protection, by the real clock.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::config::Limits;
use super::error::Refusal;
use super::fault::{CONCURRENT, REQUESTS, TIME};

/// The use of the limits.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    requests: VecDeque<Instant>,
    executions: VecDeque<(Instant, Duration)>,
    running: u32,
    /// How many requests came although an answer had said to wait.
    ignored: u64,
}

/// The values of an answer's headers about limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    pub(crate) requests: u32,
    pub(crate) seconds: u64,
}

impl Usage {
    /// Lets one request in, which runs until [`Self::leave`].
    pub(crate) fn enter(&mut self, limits: Limits) -> Result<Left, Refusal> {
        let (now, window) = (Instant::now(), Duration::from_secs(limits.window));
        let is_old = |then: &Instant| now.duration_since(*then) >= window;
        while self.requests.front().is_some_and(is_old) {
            self.requests.pop_front();
        }
        while self
            .executions
            .front()
            .is_some_and(|(then, _)| is_old(then))
        {
            self.executions.pop_front();
        }
        if limits.concurrent.is_some_and(|most| self.running >= most) {
            let most = limits.concurrent.unwrap_or_default();
            let message = format!("Number of concurrent requests exceeded the limit of {most}.");
            return Err(self.over(CONCURRENT, message, 1));
        }
        let used: Duration = self.executions.iter().map(|(_, spent)| *spent).sum();
        let spent = u64::try_from(used.as_millis()).unwrap_or(u64::MAX);
        if limits.execution.is_some_and(|most| spent >= most) {
            let (most, first) = (
                limits.execution.unwrap_or_default(),
                self.executions.front(),
            );
            let message = format!(
                "Combined execution time of incoming requests exceeded limit of {most} milliseconds over time window of {} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.",
                limits.window
            );
            let wait = wait(first.map(|(then, _)| *then), now, window);
            return Err(self.over(TIME, message, wait));
        }
        let count = u32::try_from(self.requests.len()).unwrap_or(u32::MAX);
        if limits.requests.is_some_and(|most| count >= most) {
            let message = format!(
                "Number of requests exceeded the limit of {} over time window of {} seconds.",
                limits.requests.unwrap_or_default(),
                limits.window
            );
            let wait = wait(self.requests.front().copied(), now, window);
            return Err(self.over(REQUESTS, message, wait));
        }
        self.ignored = 0;
        self.requests.push_back(now);
        self.running += 1;
        let most = limits.requests.unwrap_or(6_000);
        let all = limits.execution.unwrap_or(1_200_000);
        Ok(Left {
            requests: most.saturating_sub(count + 1),
            seconds: all.saturating_sub(spent) / 1_000,
        })
    }

    /// Ends a request that was let in.
    pub(crate) fn leave(&mut self, begun: Instant) {
        self.running = self.running.saturating_sub(1);
        let now = Instant::now();
        self.executions.push_back((now, now.duration_since(begun)));
    }

    /// Refuses a request. Who does not wait has to wait longer.
    fn over(&mut self, code: &str, message: String, wait: u64) -> Refusal {
        let mut refusal = Refusal::new(429, code, message);
        refusal.retry_after = Some(wait.max(1) + self.ignored);
        self.ignored += 1;
        refusal
    }
}

fn wait(first: Option<Instant>, now: Instant, window: Duration) -> u64 {
    let ends = first.map_or(now, |first| first + window);
    ends.saturating_duration_since(now).as_secs() + 1
}
