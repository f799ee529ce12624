//! Detects whether an open run makes progress, from what its slices leave in the Ledger.
//!
//! A slice cannot report by itself that it made no progress, because it may be killed before it could. So each slice first reads
//! the progress of the objects, and compares it with the progress that the previous slice found.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{progress::Exhausted, tenant::RunId};

/// After this many consecutive slices without progress, the operator is told and smaller pages are requested.
const TOLD_FROM: u32 = 3;

/// The first size of smaller pages. It halves with each further slice without progress. A usual page has 2,000 records.
const SMALLER: u32 = 500;

/// The position at which an open run's last slice began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standstill {
    /// The run.
    pub run: RunId,
    /// The progress of its objects. It stays equal only while nothing is stored.
    pub mark: String,
    /// The number of consecutive slices that began there and made no progress.
    pub slices: u32,
    /// The time at which the first slice began there. It moves on by the time that the run has waited since, because a run that
    /// waits on purpose tries nothing.
    pub since: Timestamp,
    /// The most records on a page, for the rest of the run. `None` if the connector decides. It also applies after the run has made
    /// progress again, because with larger pages it would soon stand still again.
    #[serde(default)]
    pub at_most: Option<u32>,
    /// Why the run does not go on before a time. `None` while it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Waiting>,
    /// How long the run has waited for its share, up to the last look.
    #[serde(default, skip_serializing_if = "SignedDuration::is_zero")]
    pub waited: SignedDuration,
}

/// Why a run waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The reason, as a stable code.
    pub code: String,
    /// When the run was looked at last.
    pub at: Timestamp,
    /// When it goes on, as far as that is known.
    pub until: Timestamp,
}

impl Standstill {
    /// Returns the note of a run whose share of the CRM's budget is used up. The time that it waits does not count as a standstill.
    /// The slices before do, or else a run that uses its share day by day without any result would never be given up.
    pub fn waiting(
        earlier: Option<&Self>,
        run: &RunId,
        now: Timestamp,
        exhausted: &Exhausted,
    ) -> Self {
        let earlier = earlier.filter(|earlier| earlier.run == *run);
        let stands = earlier.map_or_else(
            || Self::next(None, run, String::new(), now),
            |earlier| earlier.resumed(now),
        );
        Self {
            waits: Some(Waiting {
                code: exhausted.code.to_string(),
                at: stored(now),
                until: stored(exhausted.until),
            }),
            ..stands
        }
    }

    /// Returns it without the wait. The time since the last look is added to the time waited.
    fn resumed(&self, now: Timestamp) -> Self {
        let waited = self.waits.as_ref().map_or(SignedDuration::ZERO, |waits| {
            stored(now)
                .duration_since(waits.at)
                .max(SignedDuration::ZERO)
        });
        Self {
            since: self.since.checked_add(waited).unwrap_or(self.since),
            waited: self.waited.saturating_add(waited),
            waits: None,
            ..self.clone()
        }
    }

    /// Returns the standstill of a slice that begins at `mark`, given the standstill of the previous slice.
    pub fn next(earlier: Option<&Self>, run: &RunId, mark: String, now: Timestamp) -> Self {
        let earlier = earlier.filter(|earlier| earlier.run == *run);
        let earlier = earlier.map(|earlier| earlier.resumed(now));
        let at_most = earlier.as_ref().and_then(|earlier| earlier.at_most);
        let waited = earlier
            .as_ref()
            .map_or(SignedDuration::ZERO, |earlier| earlier.waited);
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
                    ..earlier
                }
            }
            None => Self {
                run: run.clone(),
                mark,
                slices: 0,
                since: stored(now),
                at_most,
                waits: None,
                waited,
            },
        }
    }

    /// Returns whether it has lasted long enough to tell the operator. While the run waits, its wait is what is told.
    pub fn is_told(&self) -> bool {
        self.waits.is_none() && self.slices >= TOLD_FROM
    }

    /// Returns whether to give up the run: after `patience`, or after `most` slices. A slice that only waits for a CRM in trouble
    /// is retried after minutes, and later once an hour. So the number of slices ends a run only if they follow each other
    /// immediately.
    pub fn is_over(&self, now: Timestamp, patience: SignedDuration, most: u32) -> bool {
        self.slices > 0 && (self.slices >= most || now.duration_since(self.since) > patience)
    }
}

/// Returns a time as the Ledger has it, in milliseconds.
fn stored(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fault::Code;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + hours * 3_600).unwrap()
    }

    fn run(name: &str) -> RunId {
        RunId::parse(name).unwrap()
    }

    /// Returns the standstill of the last of `n` slices that begin at one position, an hour apart.
    fn after(n: i64) -> Standstill {
        let mut found = Standstill::next(None, &run("run-1"), "a".to_owned(), at(0));
        for hour in 1..n {
            found = Standstill::next(Some(&found), &run("run-1"), "a".to_owned(), at(hour));
        }
        found
    }

    #[test]
    fn slices_without_progress_are_counted_until_one_makes_progress() {
        assert_eq!((after(1).slices, after(5).slices), (0, 4));
        assert_eq!(after(5).since, at(0));
        for (of, mark) in [("run-1", "b"), ("run-2", "a")] {
            let next = Standstill::next(Some(&after(5)), &run(of), mark.to_owned(), at(9));
            assert_eq!((next.slices, next.since), (0, at(9)), "{of} {mark}");
        }
    }

    #[test]
    fn the_time_that_a_run_waits_does_not_count_but_the_slices_before_do() {
        let exhausted = Exhausted {
            code: Code::CrmShareUsedUp,
            until: at(31),
        };
        let look = |earlier: Option<&Standstill>, hour| {
            Standstill::waiting(earlier, &run("run-1"), at(hour), &exhausted)
        };
        let waiting = look(Some(&after(5)), 5);
        let waits = waiting.waits.clone().unwrap();
        assert_eq!(waits.code, "crm.share_used_up");
        assert_eq!((waits.at, waits.until), (at(5), at(31)));
        assert_eq!(waiting.at_most, Some(250), "pages stay small");
        assert!(!waiting.is_told());
        let waiting = look(Some(&look(Some(&waiting), 20)), 30);
        assert_eq!((waiting.slices, waiting.since), (4, at(25)));
        let next =
            |mark: &str| Standstill::next(Some(&waiting), &run("run-1"), mark.to_owned(), at(31));
        let (same, moved, waited) = (next("a"), next("b"), SignedDuration::from_hours(26));
        assert_eq!((same.slices, same.since, same.waited), (5, at(26), waited));
        assert!(same.is_told());
        assert_eq!(
            (moved.slices, moved.since, moved.waited),
            (0, at(31), waited)
        );
        assert_eq!((same.waits, moved.waits), (None, None));
        assert_eq!(look(None, 30).slices, 0);
    }

    #[test]
    fn three_slices_without_progress_are_reported_and_pages_become_smaller() {
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
