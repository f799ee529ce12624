//! The lease of a run, and what its holder writes.

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

/// The most records that one checkpoint can delete from the copy. A DynamoDB transaction has 100 actions, and some are needed for
/// the checkpoint itself.
pub const MAX_GONE: usize = 90;

/// Leases of runs, and the runs' own writes to Ledger. Every writing method is idempotent.
///
/// "Fenced" below means that the call fails unless the integration is connected, in this generation, and leased to `holder`.
#[port::port]
pub trait Leases: Send + Sync {
    /// Takes the lease. Returns `None` if another holder's lease has not expired at `now`. Taking it again is harmless. Fenced if
    /// the integration is not connected in this generation.
    async fn take_lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>>;

    /// Gives the lease back if `holder` has it. The holder writes nothing after that. This works also when the generation has
    /// ended, so that a waiting removal need not wait for the lease's deadline.
    async fn release_lease(&self, scope: &Scope, holder: &str) -> Outcome<()>;

    /// Gives the lease of an open run back if `holder` has it, and lets dispatch look at the run at `look_again`. If the generation has
    /// ended, it only gives the lease back.
    async fn leave_open(&self, scope: &Scope, holder: &str, look_again: Timestamp) -> Outcome<()>;

    /// Stores where the open run stood when this slice began. The end of the run deletes the note. Fenced.
    async fn note_standstill(&self, scope: &Scope, holder: &str, found: &Standstill)
    -> Outcome<()>;

    /// Moves one object on, in one transaction. Fenced.
    async fn checkpoint(&self, scope: &Scope, holder: &str, step: Checkpoint<'_>) -> Outcome<()>;

    /// Stores records that could not be kept. A record that is stored already is not stored twice.
    async fn quarantine(&self, scope: &Scope, run: &RunId, records: &[Quarantined]) -> Outcome<()>;

    /// Ends a run: stores its report, the next due time and `status`, and clears the open run and the lease. Adds `orders` to the
    /// integration's untold events. If the report is in order, its end is what
    /// [`Schedule::longest_unverified`](super::Schedule::longest_unverified) counts from. Fenced.
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
    /// The object's progress after the step. `held` in it is not written: `added` and `gone` change the stored count instead.
    pub progress: &'a Progress,
    /// The number of records added to the copy since the last checkpoint. Negative if a recount found fewer than stored.
    pub added: i64,
    /// Records to delete from the copy in this step, with what is known of them. At most [`MAX_GONE`].
    pub gone: &'a [(RecordId, Known)],
}
