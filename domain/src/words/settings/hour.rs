//! The hour at which an integration's daily run begins.

use jiff::{SignedDuration, Timestamp};

/// Returns the due time of the run after one that begins at `now`: the next beginning of the chosen hour, or `interval` later if no
/// hour is chosen.
pub fn next_run(hour: Option<u8>, now: Timestamp, interval: SignedDuration) -> Timestamp {
    hour.and_then(|hour| next_hour(hour, now))
        .or_else(|| now.checked_add(interval).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Seconds of a day. Unix time has no leap seconds.
const DAY: i64 = 86_400;

/// Returns the next time after `now` at which the hour begins in UTC.
fn next_hour(hour: u8, now: Timestamp) -> Option<Timestamp> {
    let day = now.as_second().div_euclid(DAY) * DAY;
    let today = Timestamp::from_second(day + i64::from(hour) * 3_600).ok()?;
    if today > now {
        return Some(today);
    }
    today.checked_add(SignedDuration::from_secs(DAY)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_hour_is_always_after_now() {
        let day = SignedDuration::from_hours(20);
        for (hour, now, next) in [
            (Some(5), "2026-11-24T03:59:59Z", "2026-11-24T05:00:00Z"),
            (Some(5), "2026-11-24T05:00:00Z", "2026-11-25T05:00:00Z"),
            (Some(0), "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z"),
            (None, "2026-11-24T03:00:00Z", "2026-11-24T23:00:00Z"),
        ] {
            assert_eq!(next_run(hour, time(now), day), time(next));
        }
    }

    proptest! {
        #[test]
        fn the_next_run_is_later_and_within_a_day(hour in 0u8..24, second in 0i64..4_000_000_000) {
            let now = Timestamp::from_second(second).unwrap();
            let wait = next_run(Some(hour), now, SignedDuration::ZERO).duration_since(now);
            prop_assert!(wait > SignedDuration::ZERO && wait <= SignedDuration::from_hours(24));
        }
    }
}
