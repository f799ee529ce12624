//! Held-back deletions, and the decisions about them.

use crate::{
    fault::Outcome,
    order::Order,
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::{Decided, HeldBack},
};

/// The most deletions that one call of [`Vanishing::held_back`] lists.
pub const MAX_HELD_BACK: usize = 5_000;

/// Held-back deletions. Every method is idempotent.
#[port::port]
pub trait Vanishing: Send + Sync {
    /// Holds back the deletions of these records of the copy, which then wait for a decision. A deletion that is held back already
    /// stays with the run that first held it back. A record that is not in the copy is skipped.
    async fn hold_back(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        ids: &[RecordId],
    ) -> Outcome<()>;

    /// Deletes the entries of held-back deletions. A record keeps its flag until it is put again or deleted, which the caller does
    /// next.
    async fn release(&self, scope: &Scope, object: Object, ids: &[RecordId]) -> Outcome<()>;

    /// Keeps these records. Their deletions no longer wait, and the records are displayed again.
    async fn leave(&self, scope: &Scope, object: Object, held: &[HeldBack]) -> Outcome<()>;

    /// Returns at most `most` held-back deletions of an object, by id. `after` continues an earlier list.
    async fn held_back(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&RecordId>,
        most: usize,
    ) -> Outcome<(Vec<HeldBack>, Option<RecordId>)>;

    /// Stores a decision in place of the previous one, with an audit entry that holds the number of deletions it covers. Adds
    /// `order` to the integration's untold events. Fenced if the integration's generation has ended.
    async fn decide_deletions(
        &self,
        scope: &Scope,
        decided: &Decided,
        counts: &[(Object, u64)],
        order: &Order,
    ) -> Outcome<()>;

    /// Returns the latest decision. `None` if there was none yet.
    async fn deletions_decided(&self, scope: &Scope) -> Outcome<Option<Decided>>;
}
