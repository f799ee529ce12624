//! How long AWS is waited for: as long as whoever waits for us has time.
//!
//! AWS rarely fails and sometimes does not answer at all: a connection that is lost in between, a host that dies. Such a request
//! is sent again long before it would be given up elsewhere. What it did may have happened all the same, so a condition that
//! does not hold is read as an answer only after a look at the row. Usual answers take 5 to 50 ms; the largest of ours (25 items
//! written, a page of a megabyte read, a transaction of 100 items) stay below half a second.

use std::time::Duration;

use aws_config::{
    retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig,
    timeout::TimeoutConfig,
};

/// How long AWS is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a connection stands.
    connect: Duration,
    /// For one attempt at a request to a table, key, bus or queue.
    attempt: Duration,
    /// For a request with all attempts at it.
    operation: Duration,
    /// For one attempt at a request to a bucket.
    object_attempt: Duration,
    /// For a request to a bucket with all attempts at it. An object's bytes come after that.
    object_operation: Duration,
    /// How long an object's bytes may stand still.
    stalled: Duration,
    attempts: u32,
    /// The longest pause after the first attempt; it doubles with each.
    backoff: Duration,
}

impl Patience {
    /// Somebody waits for the answer, behind a gateway that gives up after half a minute. One request may use up to a third of it.
    pub const ANSWER: Self = Self {
        connect: Duration::from_secs(1),
        attempt: Duration::from_secs(3),
        operation: Duration::from_secs(10),
        object_attempt: Duration::from_secs(4),
        object_operation: Duration::from_secs(10),
        stalled: Duration::from_secs(5),
        attempts: 3,
        backoff: Duration::from_millis(100),
    };

    /// A slice of minutes, which keeps half a minute back for its end. Throttles are sat out.
    pub const SLICE: Self = Self {
        connect: Duration::from_secs(2),
        attempt: Duration::from_secs(3),
        operation: Duration::from_secs(25),
        object_attempt: Duration::from_secs(5),
        object_operation: Duration::from_secs(25),
        stalled: Duration::from_secs(20),
        attempts: 5,
        backoff: Duration::from_secs(1),
    };

    /// For one attempt at a part of a file, of some 8 MiB, or at putting all parts together.
    pub(super) const PART: Duration = Duration::from_secs(20);

    /// The longest that a request may take before it fails.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.operation.max(self.object_operation)
    }

    pub(super) fn retries(&self) -> RetryConfig {
        RetryConfig::standard()
            .with_max_attempts(self.attempts)
            .with_initial_backoff(self.backoff)
    }

    pub(super) fn timeouts(&self) -> TimeoutConfig {
        timeouts(self.connect, self.attempt, self.operation)
    }

    pub(super) fn object_timeouts(&self) -> TimeoutConfig {
        timeouts(self.connect, self.object_attempt, self.object_operation)
    }

    /// Whoever reads an object does so after the operation, and no other timeout bounds that.
    pub(super) fn stalls(&self) -> StalledStreamProtectionConfig {
        StalledStreamProtectionConfig::enabled()
            .grace_period(self.stalled)
            .build()
    }
}

pub(super) fn timeouts(connect: Duration, attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(connect)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}
