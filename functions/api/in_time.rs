//! Answers in time, however long the work takes. The gateway gives up after half a minute and then gives the caller no reason.
//!
//! Giving up here has the same effect as a process that ends. Every handler leaves a state from which the same request,
//! sent again, can go on.

use std::time::Duration;

use domain::fault::{Code, Fault};
use jiff::{SignedDuration, Timestamp};

use crate::problem::Problem;

/// The part of the invocation's time that is kept back for the answer.
const KEPT_BACK: SignedDuration = SignedDuration::from_secs(4);

/// Returns how long a handler may work.
pub(super) fn left(deadline: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(deadline.duration_since(now) - KEPT_BACK).unwrap_or_default()
}

/// Returns the handler's answer, or a fault if there is none in time.
pub(super) async fn in_time<T>(
    left: Duration,
    handler: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    match tokio::time::timeout(left, handler).await {
        Ok(answered) => answered,
        Err(_) => Err(Fault::of(Code::RequestOutOfTime).into()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_would_wait_too_long_is_told_to_come_again() {
        let problem = in_time(
            Duration::from_millis(20),
            std::future::pending::<Result<(), _>>(),
        )
        .await
        .unwrap_err();
        assert_eq!(problem.status, 503);
        assert_eq!(problem.detail.as_deref(), Some("request.out_of_time"));
        assert!(problem.retry_after.is_some());
    }

    #[test]
    fn an_answer_is_due_well_before_the_invocation_ends() {
        let now = Timestamp::from_second(1_000).unwrap();
        let deadline = Timestamp::from_second(1_029).unwrap();
        assert_eq!(left(deadline, now), Duration::from_secs(25));
        assert_eq!(left(now, deadline), Duration::ZERO);
    }
}
