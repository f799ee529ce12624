//! How often and how long a transient failure is retried.
//!
//! # How fast a CRM is asked, and what happens when it throttles
//!
//! | to change | edit |
//! | --- | --- |
//! | how fast requests follow each other, where a CRM wants them paced | the vendor's `pace.rs`: `Limits` |
//! | what an answer means: throttled, used up, broken | the vendor's `errors`: the table, and the function beside it for what a code alone does not tell |
//! | how long a used-up quota makes the run pause | the pauses at the head of the vendor's `errors` |
//! | waits of seconds, within a call | `retry` in the default of `ClientSettings`, `settings.rs` |
//! | the same where a user waits for an answer | `impatient` in `functions/connectors.rs` |
//! | how long a wait must be for the slice to end | `LONG_QUIET` in `domain/src/use_cases/sync/walk.rs` |
//! | waits of minutes, between showings of a message | `functions/queue/again.rs` |
//! | what people read about it | [`operate.md`](../../../docs/operate.md), `decisions.md` and `runbook.md` in that folder; tests compare the numbers |
//! | how many requests *our* API takes | `ApiStage` in `template.yaml` |

use std::time::Duration;

use super::settings::Retry;

/// The attempts of one call.
pub(super) struct Attempts<'a> {
    retry: &'a Retry,
    tries: u32,
    waited: Duration,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(retry: &'a Retry) -> Self {
        Self {
            retry,
            tries: 1,
            waited: Duration::ZERO,
        }
    }

    /// Waits before another attempt. Returns false if there is none left. `asked` is the wait that the server asked for.
    pub(super) async fn again(&mut self, asked: Option<Duration>) -> bool {
        let Some(wait) = self.next(asked, random) else {
            return false;
        };
        tokio::time::sleep(wait).await;
        true
    }

    /// Returns the next wait. `random` returns a number from 0 to 1. With full jitter, integrations that were refused
    /// at one moment come back at different moments.
    fn next(&mut self, asked: Option<Duration>, random: impl Fn() -> f64) -> Option<Duration> {
        if self.tries >= self.retry.tries {
            return None;
        }
        let bound = self
            .retry
            .first
            .saturating_mul(1 << (self.tries - 1).min(16))
            .min(self.retry.longest);
        let wait = match asked {
            Some(asked) if asked > self.retry.longest_asked => return None,
            Some(asked) => asked + self.retry.first.mul_f64(random()),
            None => bound.mul_f64(random()),
        };
        self.tries += 1;
        self.waited += wait;
        (self.waited <= self.retry.total).then_some(wait)
    }
}

/// Returns a number from 0 to 1, evenly distributed. If the generator fails, there is no jitter.
fn random() -> f64 {
    let mut bytes = [0; 4];
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRY: Retry = Retry {
        tries: 5,
        first: Duration::from_secs(1),
        longest: Duration::from_secs(4),
        longest_asked: Duration::from_secs(30),
        total: Duration::from_secs(60),
    };

    #[test]
    fn waits_grow_up_to_their_bound_and_end_with_the_tries() {
        let mut attempts = Attempts::new(&RETRY);
        let waits: Vec<_> = std::iter::from_fn(|| attempts.next(None, || 1.0))
            .map(|wait| wait.as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 4]);
    }

    #[test]
    fn what_the_other_side_asks_is_honoured_within_a_bound() {
        let mut attempts = Attempts::new(&RETRY);
        assert_eq!(
            attempts.next(Some(Duration::from_secs(20)), || 0.0),
            Some(Duration::from_secs(20))
        );
        assert_eq!(attempts.next(Some(Duration::from_secs(31)), || 0.0), None);
    }

    #[test]
    fn all_waits_together_are_bounded() {
        let mut attempts = Attempts::new(&RETRY);
        let waits: Vec<_> =
            std::iter::from_fn(|| attempts.next(Some(Duration::from_secs(25)), || 0.0)).collect();
        assert_eq!(waits.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_waited() {
        let begun = tokio::time::Instant::now();
        assert!(
            Attempts::new(&RETRY)
                .again(Some(Duration::from_secs(9)))
                .await
        );
        assert!(begun.elapsed() >= Duration::from_secs(9));
    }

    #[test]
    fn random_numbers_lie_between_0_and_1_and_differ() {
        let all: Vec<_> = (0..100).map(|_| random()).collect();
        assert!(all.iter().all(|number| (0.0..=1.0).contains(number)));
        assert!(all.windows(2).any(|pair| pair[0] < pair[1]));
    }
}
