//! When the daily run of an integration begins.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp};

use crate::tenant::Scope;

/// When the operator lets runs begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The shortest time between the starts of two runs of an integration that has no hour.
    pub interval: SignedDuration,
    /// The hours among which integrations are spread whose administrators chose none. `None`: the daily rule begins all of them.
    pub spread: Option<Spread>,
}

/// Hours of the day, in UTC, among which runs are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The first of them, 0 to 23.
    pub from: u8,
    /// How many they are, 1 to 24.
    pub hours: u8,
}

impl Calendar {
    /// Makes a calendar without spread hours.
    pub const fn every(interval: SignedDuration) -> Self {
        Self {
            interval,
            spread: None,
        }
    }

    /// Returns the hour at which runs of an integration begin: the chosen one, or else its own among the spread hours.
    pub fn hour(&self, chosen: Option<u8>, scope: &Scope) -> Option<u8> {
        chosen.or_else(|| Some(self.spread?.hour_of(scope)))
    }

    /// Returns the due time of the run after one that begins at `now`: the next beginning of the integration's hour, or the interval
    /// later if it has no hour.
    pub fn next_run(&self, chosen: Option<u8>, scope: &Scope, now: Timestamp) -> Timestamp {
        self.hour(chosen, scope)
            .and_then(|hour| next_hour(hour, now))
            .or_else(|| now.checked_add(self.interval).ok())
            .unwrap_or(Timestamp::MAX)
    }
}

impl Spread {
    /// Returns the hour of an integration. It is the same each day, whatever the generation, and every hour has about as many.
    fn hour_of(self, scope: &Scope) -> u8 {
        let name = format!("{}#{}", scope.tenant, scope.integration);
        let drawn = digest(&SHA256, name.as_bytes())
            .as_ref()
            .iter()
            .take(4)
            .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        let place = drawn % u32::from(self.hours.max(1));
        u8::try_from((u32::from(self.from) + place) % 24).unwrap_or(0)
    }
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
    use crate::tenant::{Generation, IntegrationId, TenantId};

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn scope(n: u32) -> Scope {
        Scope {
            tenant: TenantId::parse(&format!("tenant-{n}")).unwrap(),
            integration: IntegrationId::parse("crm-1").unwrap(),
            generation: Generation(1),
        }
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
            let next_run = Calendar::every(day).next_run(hour, &scope(1), time(now));
            assert_eq!(next_run, time(next));
        }
    }

    #[test]
    fn integrations_without_an_hour_are_spread_evenly_and_a_chosen_hour_counts_before() {
        let calendar = Calendar {
            interval: SignedDuration::from_hours(20),
            spread: Some(Spread { from: 22, hours: 5 }),
        };
        let mut counts = std::collections::BTreeMap::new();
        for n in 0..10_000 {
            let hour = calendar.hour(None, &scope(n)).unwrap();
            *counts.entry(hour).or_insert(0_u32) += 1;
            let again = Scope {
                generation: Generation(2),
                ..scope(n)
            };
            assert_eq!(calendar.hour(None, &again), Some(hour));
        }
        let hours: Vec<u8> = counts.keys().copied().collect();
        assert_eq!(hours, [0, 1, 2, 22, 23]);
        assert!(
            counts.values().all(|n| (1_850..2_150).contains(n)),
            "{counts:?}"
        );
        assert_eq!(calendar.hour(Some(9), &scope(1)), Some(9));
    }

    proptest! {
        #[test]
        fn the_next_run_is_later_and_within_a_day(hour in 0u8..24, second in 0i64..4_000_000_000, n in 0u32..1_000) {
            let now = Timestamp::from_second(second).unwrap();
            let spread = Calendar { interval: SignedDuration::ZERO, spread: Some(Spread { from: hour, hours: 24 }) };
            for chosen in [Some(hour), None] {
                let wait = spread.next_run(chosen, &scope(n), now).duration_since(now);
                prop_assert!(wait > SignedDuration::ZERO && wait <= SignedDuration::from_hours(24));
            }
        }
    }
}
