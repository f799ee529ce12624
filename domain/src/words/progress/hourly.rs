//! The requests of the last day, by hour.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Seconds in an hour.
const HOUR: i64 = 3_600;

/// Hours until the requests of an hour no longer count: the day after them, and the hour itself, since they are not kept to the
/// minute.
const KEPT: i64 = 25;

/// How many requests were sent in each hour (UTC) of the last day. CRMs count their daily budgets over the last 24 hours, too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hourly(BTreeMap<i64, u64>);

impl Hourly {
    /// Adds requests that were sent up to `now`. Drops what no longer counts then.
    pub fn add(&mut self, now: Timestamp, requests: u64) {
        let hour = hour(now);
        self.0.retain(|begun, _| begun + KEPT > hour);
        if requests > 0 {
            let sent = self.0.entry(hour).or_default();
            *sent = sent.saturating_add(requests);
        }
    }

    /// Returns whether there are no requests.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds all requests of another count.
    pub fn merge(&mut self, other: &Self) {
        for (hour, requests) in &other.0 {
            let sent = self.0.entry(*hour).or_default();
            *sent = sent.saturating_add(*requests);
        }
    }

    /// Returns how many requests of the last day there are at `now`: at least of 24 hours, and of less than 25.
    pub fn in_last_day(&self, now: Timestamp) -> u64 {
        let hour = hour(now);
        let counting = self.0.iter().filter(|(begun, _)| *begun + KEPT > hour);
        counting.fold(0, |sum, (_, requests)| sum.saturating_add(*requests))
    }

    /// Returns the first time from `now` on at which at most `most` requests are of the last day, if no more are sent.
    pub fn falls_to(&self, most: u64, now: Timestamp) -> Timestamp {
        let mut left = self.in_last_day(now);
        let this_hour = hour(now);
        for (begun, requests) in &self.0 {
            if left <= most {
                break;
            }
            if begun + KEPT > this_hour {
                left = left.saturating_sub(*requests);
                if left <= most {
                    let at = Timestamp::from_second((begun + KEPT).saturating_mul(HOUR));
                    return at.unwrap_or(Timestamp::MAX);
                }
            }
        }
        now
    }

    /// Returns the hour of the last requests, as a number that grows. `None` if there are none.
    pub fn last(&self) -> Option<i64> {
        self.0.keys().next_back().copied()
    }
}

fn hour(at: Timestamp) -> i64 {
    at.as_second().div_euclid(HOUR)
}

/// Returns the time `hours` after `now`.
pub(super) fn hours_after(now: Timestamp, hours: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(hours))
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A time some minutes after a full hour.
    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(497_000 * HOUR + minutes * 60).unwrap()
    }

    fn sent(parts: &[(i64, u64)]) -> Hourly {
        let mut hourly = Hourly::default();
        for (minutes, requests) in parts {
            hourly.add(at(*minutes), *requests);
        }
        hourly
    }

    #[test]
    fn requests_count_for_a_day_and_at_most_an_hour_longer() {
        let hourly = sent(&[(10, 3), (59, 4), (60, 50)]);
        for (minutes, counted) in [
            (60, 57),
            (24 * 60 + 59, 57),
            (25 * 60, 50),
            (26 * 60 - 1, 50),
            (26 * 60, 0),
        ] {
            assert_eq!(hourly.in_last_day(at(minutes)), counted, "{minutes}");
        }
        assert_eq!(hourly.last(), Some(497_001));
    }

    #[test]
    fn no_more_than_a_day_is_kept() {
        let mut hourly = Hourly::default();
        for hour in 0..1_000 {
            hourly.add(at(hour * 60), 1);
        }
        assert_eq!(hourly.0.len(), 25);
        assert_eq!(hourly.in_last_day(at(999 * 60)), 25);
        hourly.add(at(2_000 * 60), 0);
        assert_eq!(hourly, Hourly::default());
    }

    #[test]
    fn it_falls_as_its_hours_pass() {
        let hourly = sent(&[(10, 30), (130, 40), (190, 5)]);
        let now = at(200);
        for (most, minutes) in [
            (75, 200),
            (74, 25 * 60),
            (45, 25 * 60),
            (44, 27 * 60),
            (0, 28 * 60),
        ] {
            let falls = hourly.falls_to(most, now);
            assert_eq!(falls, at(minutes), "{most}");
            assert!(hourly.in_last_day(falls) <= most);
        }
        assert_eq!(Hourly::default().falls_to(0, now), now);
    }

    #[test]
    fn counts_of_several_objects_add_up() {
        let mut all = sent(&[(10, 3), (70, 4)]);
        all.merge(&sent(&[(75, 10), (130, 1)]));
        assert_eq!(all, sent(&[(10, 3), (70, 14), (130, 1)]));
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(text, r#"{"497000":3,"497001":14,"497002":1}"#);
        assert_eq!(serde_json::from_str::<Hourly>(&text).unwrap(), all);
    }
}
