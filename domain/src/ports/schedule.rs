//! The schedule of integrations.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::{Due, OpenRun},
};

/// The index of due integrations, in Ledger.
#[port::port]
pub trait Schedule: Send + Sync {
    /// Returns some of the integrations that are due at `now`, including those that are being removed. `after` continues an earlier
    /// list.
    async fn due(
        &self,
        now: Timestamp,
        after: Option<&DueToken>,
    ) -> Outcome<(Vec<Due>, Option<DueToken>)>;

    /// Moves the due time of a connected integration on from the one seen, and stores the run. Returns whether this caller did it.
    /// A caller that lost the answer and calls again with the same run gets true.
    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool>;
}

/// Where a list of due integrations continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueToken(pub String);
