//! The only place that reads the time.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Tells the time: the real clock in deployed functions, a fixed or controlled one in tests.
pub type Clock<'a> = dyn Fn() -> Timestamp + Send + Sync + 'a;

/// Returns the time of the machine's clock.
#[allow(
    clippy::disallowed_methods,
    reason = "this is the one place that the fence points to"
)]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Measures how long something takes. The machine's clock may be set meanwhile, and this one may not.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins to measure.
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// Returns the milliseconds since it began.
    pub fn millis(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Returns whether `reserve` or less is left until `deadline`.
pub fn is_nearly(deadline: Timestamp, clock: &Clock<'_>, reserve: SignedDuration) -> bool {
    deadline.duration_since(clock()) <= reserve
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_near_from_the_reserve_on() {
        let deadline = Timestamp::from_second(1_000).unwrap();
        let reserve = SignedDuration::from_secs(10);
        let at = |second| move || Timestamp::from_second(second).unwrap();
        assert!(!is_nearly(deadline, &at(989), reserve));
        assert!(is_nearly(deadline, &at(990), reserve));
        assert!(is_nearly(deadline, &at(2_000), reserve));
    }
}
