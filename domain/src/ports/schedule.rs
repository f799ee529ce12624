//! The schedule of integrations.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::{Due, OpenRun, Unverified},
    offboarding::Ending,
};

/// The indexes of what is to be done, in Ledger: when each integration is due, when each was last in order, and the tenants whose end
/// is not over.
#[port::port]
pub trait Schedule: Send + Sync {
    /// Returns the beginnings of the parts of the list of due integrations. The parts may be read side by side.
    async fn parts(&self) -> Outcome<Vec<DueToken>>;

    /// Returns some of the integrations that are due at `now`, including those that are being removed, from a place in a part of the
    /// list on, and where that part continues.
    async fn due(&self, now: Timestamp, place: &DueToken) -> Outcome<(Vec<Due>, Option<DueToken>)>;

    /// Moves the due time of a connected integration on from the one seen, and stores the run. Returns whether this caller did it.
    /// A caller that lost the answer and calls again with the same run gets true. An integration of which no time is stored at
    /// which it was in order is measured from the run's begin.
    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool>;

    /// Returns the integrations that have not been in order for longest, the longest first, at most `most`: those that are connected, and
    /// those that wait for a new grant.
    async fn longest_unverified(&self, most: u32) -> Outcome<Vec<Unverified>>;

    /// Returns how many of the same integrations were last in order `within` these times, and those of them that have waited longest,
    /// the longest first, at most `most`.
    async fn unverified_within(
        &self,
        within: RangeInclusive<Timestamp>,
        most: u32,
    ) -> Outcome<(u64, Vec<Unverified>)>;

    /// Returns the offboardings that have no receipt, those asked for longest ago first, at most `most`. One that was begun a moment ago
    /// may be missing.
    async fn endings(&self, most: u32) -> Outcome<Vec<Ending>>;
}

/// A place in the list of due integrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueToken(pub String);
