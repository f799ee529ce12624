//! Detects whether an open run makes progress, from what its slices leave in the Ledger.
//!
//! A slice cannot report by itself that it made no progress, because it may be killed before it could. So each slice first reads
//! the progress of the objects, and compares it with the progress that the previous slice found.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{fault::Code, progress::Exhausted, tenant::RunId};

/// After this many consecutive slices without progress, the operator is told and smaller pages are requested.
const TOLD_FROM: u32 = 3;

/// The first size of smaller pages. It halves with each further slice without progress. A usual page has 2,000 records.
const SMALLER: u32 = 500;

/// The shortest time between two looks at a run that waits. A user may ask for a run again and again, and each look is a request to the CRM.
const BETWEEN_LOOKS: SignedDuration = SignedDuration::from_secs(10);

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
    /// The end of the quiet that the CRM asked for first since the run last moved. The time up to then does not count as a
    /// standstill. What the CRM asks for later does, or else a run whose CRM always asks for more would never be given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_until: Option<Timestamp>,
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
            quiet_until: None,
            ..stands
        }
    }

    /// Returns the note of a slice that ended because the CRM wants no requests for this long.
    pub fn quiet(&self, code: &Code, now: Timestamp, wait: SignedDuration) -> Self {
        let until = stored(now.checked_add(wait).unwrap_or(now));
        Self {
            waits: Some(Waiting {
                code: code.to_string(),
                at: stored(now),
                until,
            }),
            quiet_until: self.quiet_until.or(Some(until)),
            ..self.clone()
        }
    }

    /// Returns whether a look at `now` is of no use: the CRM asked for quiet that lasts, or somebody has just looked.
    pub fn wants_no_look(&self, now: Timestamp) -> bool {
        self.waits.as_ref().is_some_and(|waits| {
            let is_asked = self.quiet_until.is_some() && now < waits.until;
            is_asked || now.duration_since(waits.at) < BETWEEN_LOOKS
        })
    }

    /// Returns it without the wait. The time since the last look does not count as a standstill.
    pub fn resumed(&self, now: Timestamp) -> Self {
        let until = self.quiet_until.map_or(now, |quiet| now.min(quiet));
        let waited = self.waits.as_ref().map_or(SignedDuration::ZERO, |waits| {
            stored(until)
                .duration_since(waits.at)
                .max(SignedDuration::ZERO)
        });
        Self {
            since: self.since.checked_add(waited).unwrap_or(self.since),
            waits: None,
            ..self.clone()
        }
    }

    /// Returns the standstill of a slice that begins at `mark`, given the standstill of the previous slice.
    pub fn next(earlier: Option<&Self>, run: &RunId, mark: String, now: Timestamp) -> Self {
        let earlier = earlier.filter(|earlier| earlier.run == *run);
        // A slice that the CRM sent away says nothing about the size of pages.
        let tried = earlier.is_some_and(|earlier| earlier.waits.is_none());
        let earlier = earlier.map(|earlier| earlier.resumed(now));
        let at_most = earlier.as_ref().and_then(|earlier| earlier.at_most);
        match earlier.filter(|earlier| earlier.mark == mark) {
            Some(earlier) => {
                let slices = earlier.slices.saturating_add(1);
                let smaller = at_most.map_or(SMALLER, |most| (most / 2).max(1));
                Self {
                    slices,
                    at_most: if tried && slices >= TOLD_FROM {
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
                quiet_until: None,
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

    /// Returns whether to give up a run whose slice failed before it could compare the progress: `patience` after the run last moved.
    pub fn is_over_unseen(&self, now: Timestamp, patience: SignedDuration) -> bool {
        now.duration_since(self.since) > patience
    }
}

/// Returns a time as the Ledger has it, in milliseconds.
fn stored(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
