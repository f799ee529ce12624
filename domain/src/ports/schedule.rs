//! What is due.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::{Due, OpenRun},
};

/// The index of due integrations, in Ledger.
#[port::port]
pub trait Schedule: Send + Sync {
    /// Integrations that are due at `now`, those being removed among them, some at a time; `after` continues an earlier answer.
    async fn due(
        &self,
        now: Timestamp,
        after: Option<&DueToken>,
    ) -> Outcome<(Vec<Due>, Option<DueToken>)>;

    /// Moves the due time of a connected integration on from what was seen, and notes the run. Answers whether it was
    /// this caller who did; a caller whose answer was lost and who asks again with the same run is told yes.
    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool>;
}

/// Where a list of due integrations goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueToken(pub String);
