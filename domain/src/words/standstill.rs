//! Whether an open run gets on: measured between slices, by what they left in the Ledger.
//!
//! A slice cannot say of itself that it left nothing: it may be killed before it could. So each slice begins with a look at how far
//! the objects have come, and compares that with what the slice before it found.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::tenant::RunId;

/// From so many slices in a row that left nothing on, somebody is told, and smaller pages are asked for.
const TOLD_FROM: u32 = 3;

/// The first size of smaller pages; it halves with each further slice that left nothing. A usual page has 2,000 records.
const SMALLER: u32 = 500;

/// Where an open run stood when its last slice began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standstill {
    /// The run.
    pub run: RunId,
    /// How far its objects had come: equal only while nothing was stored.
    pub mark: String,
    /// Slices in a row that began there and left nothing.
    pub slices: u32,
    /// When the first slice began there.
    pub since: Timestamp,
    /// Records on a page at most, for the rest of the run; none: as many as the connector likes. It stays when the run gets on: with
    /// larger pages it would soon stand again.
    #[serde(default)]
    pub at_most: Option<u32>,
}

impl Standstill {
    /// What a slice finds that begins at `mark`, after what the one before it found.
    pub fn next(earlier: Option<&Self>, run: &RunId, mark: String, now: Timestamp) -> Self {
        let earlier = earlier.filter(|earlier| earlier.run == *run);
        let at_most = earlier.and_then(|earlier| earlier.at_most);
        match earlier.filter(|earlier| earlier.mark == mark) {
            Some(earlier) => {
                let slices = earlier.slices.saturating_add(1);
                let smaller = at_most.map_or(SMALLER, |most| (most / 2).max(1));
                Self {
                    slices,
                    at_most: if slices >= TOLD_FROM {
                        Some(smaller)
                    } else {
                        at_most
                    },
                    ..earlier.clone()
                }
            }
            None => Self {
                run: run.clone(),
                mark,
                slices: 0,
                // To the millisecond: the Ledger keeps no finer time.
                since: Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now),
                at_most,
            },
        }
    }

    /// Whether it has lasted long enough to be told.
    pub fn is_told(&self) -> bool {
        self.slices >= TOLD_FROM
    }

    /// Whether a run that stands like this is to be given up: after `patience`, or after `most` slices. A slice that only waits for
    /// a CRM in trouble is tried again after minutes and later once an hour, so slices alone end a run only where they follow each
    /// other at once.
    pub fn is_over(&self, now: Timestamp, patience: SignedDuration, most: u32) -> bool {
        self.slices > 0 && (self.slices >= most || now.duration_since(self.since) > patience)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + hours * 3_600).unwrap()
    }

    fn run(name: &str) -> RunId {
        RunId::parse(name).unwrap()
    }

    /// What the last of `n` slices finds that begin at one place, an hour apart.
    fn after(n: i64) -> Standstill {
        let mut found = Standstill::next(None, &run("run-1"), "a".to_owned(), at(0));
        for hour in 1..n {
            found = Standstill::next(Some(&found), &run("run-1"), "a".to_owned(), at(hour));
        }
        found
    }

    #[test]
    fn slices_that_left_nothing_are_counted_until_one_left_something() {
        assert_eq!((after(1).slices, after(5).slices), (0, 4));
        assert_eq!(after(5).since, at(0));
        for (of, mark) in [("run-1", "b"), ("run-2", "a")] {
            let next = Standstill::next(Some(&after(5)), &run(of), mark.to_owned(), at(9));
            assert_eq!((next.slices, next.since), (0, at(9)), "{of} {mark}");
        }
    }

    #[test]
    fn three_slices_without_progress_are_told_and_pages_become_smaller() {
        assert!(!after(3).is_told() && after(4).is_told());
        let sizes = [3, 4, 5, 6, 40].map(|n| after(n).at_most);
        assert_eq!(sizes, [None, Some(500), Some(250), Some(125), Some(1)]);
        let next = |of| Standstill::next(Some(&after(5)), &run(of), "b".to_owned(), at(9));
        assert_eq!(
            next("run-1").at_most,
            Some(250),
            "the run gets on with them"
        );
        assert_eq!(next("run-2").at_most, None);
    }

    #[test]
    fn it_is_over_after_a_day_or_after_many_slices() {
        let patience = SignedDuration::from_hours(20);
        assert!(!after(2).is_over(at(20), patience, 200));
        assert!(after(2).is_over(at(21), patience, 200));
        assert!(
            !after(1).is_over(at(21), patience, 200),
            "nothing was tried"
        );
        assert!(after(6).is_over(at(5), patience, 5));
    }
}
