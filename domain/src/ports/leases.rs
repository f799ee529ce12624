//! The right to work on a run, and what its holder notes.

use jiff::Timestamp;

use super::Known;
use crate::{
    fault::Outcome,
    integration::{Integration, Lease, Status},
    order::Order,
    progress::{Progress, Quarantined, RunReport},
    record::RecordId,
    standstill::Standstill,
    tenant::{RunId, Scope},
};

/// How many records one checkpoint can take out of the copy: a DynamoDB transaction has 100 actions, and some are ours.
pub const MAX_GONE: usize = 90;

/// Leases of runs, and the runs' own writes to Ledger. Every method but the reading ones may be repeated: the state after is the same.
///
/// "Fenced" below means: unless the integration is connected, in this generation, and leased to `holder`.
#[port::port]
pub trait Leases: Send + Sync {
    /// Takes the lease: none, when somebody else holds one that is not over at `now`. Taking it again is harmless.
    /// Fenced, when the integration is not connected in this generation.
    async fn take_lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>>;

    /// Gives the lease back, if `holder` has it: it writes nothing any more. So it may when the generation has ended,
    /// and a removal that waits for it need not wait for its deadline.
    async fn release_lease(&self, scope: &Scope, holder: &str) -> Outcome<()>;

    /// Notes where the open run stood when this slice began; the run's end takes the note out. Fenced.
    async fn note_standstill(&self, scope: &Scope, holder: &str, found: &Standstill)
    -> Outcome<()>;

    /// Moves one object on, in one transaction. Fenced.
    async fn checkpoint(&self, scope: &Scope, holder: &str, step: Checkpoint<'_>) -> Outcome<()>;

    /// Notes records that could not be kept. Known ones are noted once.
    async fn quarantine(&self, scope: &Scope, run: &RunId, records: &[Quarantined]) -> Outcome<()>;

    /// Ends a run: its report, the next due time, no open run, no lease; `status` as given. The integration keeps `orders` as
    /// untold. Fenced.
    async fn finish(
        &self,
        scope: &Scope,
        holder: &str,
        report: &RunReport,
        next: Timestamp,
        status: Status,
        orders: &[Order],
    ) -> Outcome<()>;
}

/// One step of one object.
pub struct Checkpoint<'a> {
    /// Where the object stands after it. Its `held` is not written but moved by `added` and by what is `gone`.
    pub progress: &'a Progress,
    /// Records that are new in the copy since the last checkpoint; below zero when a recount found fewer than noted.
    pub added: i64,
    /// Records to take out of the copy with this step, with what is known of them; at most [`MAX_GONE`].
    pub gone: &'a [(RecordId, Known)],
}
