//! Timeouts and retries of requests to AWS. They depend on how much time our own caller has.
//!
//! AWS rarely fails, but sometimes it does not answer at all: a connection is lost on the way, or a host dies. We send
//! such a request again much earlier than is usual elsewhere. The lost request may have been applied all the same, so
//! after a failed condition we read the row before we believe it. Usual answers take 5 to 50 ms. Our largest requests
//! (25 items written, a page of a megabyte read, a transaction of 100 items) stay below half a second.

use std::time::Duration;

use aws_config::{
    retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig,
    timeout::TimeoutConfig,
};

/// Timeouts and retries of requests to AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The timeout for connecting.
    connect: Duration,
    /// The timeout of one attempt at a request to a table, key, bus or queue.
    attempt: Duration,
    /// The timeout of such a request with all its attempts.
    operation: Duration,
    /// The timeout of one attempt at a request to a bucket.
    object_attempt: Duration,
    /// The timeout of a request to a bucket with all its attempts. It does not include reading the object's bytes.
    object_operation: Duration,
    /// How long the bytes of an object may stall.
    stalled: Duration,
    attempts: u32,
    /// The longest pause after the first attempt. It doubles with each further attempt.
    backoff: Duration,
}

impl Patience {
    /// For requests of the API. Its gateway gives up after half a minute, and one request to AWS may use up to a third
    /// of that.
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

    /// For a slice, which has minutes and keeps half a minute back for its end. It waits until a throttle is over.
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

    /// The timeout of one attempt at uploading a part of a file (some 8 MiB) or at putting all parts together.
    pub(super) const PART: Duration = Duration::from_secs(20);

    /// Returns the longest time that a request may take before it fails.
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

    /// Returns the bound on stalls. An object's bytes are read after the operation has ended, and no other timeout
    /// bounds that.
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
