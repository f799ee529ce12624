//! Deletions that are held back, and what was said about them.

use crate::{
    fault::Outcome,
    order::Order,
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::{Decided, HeldBack},
};

/// How many held-back deletions one answer of [`Vanishing::held_back`] lists at most.
pub const MAX_HELD_BACK: usize = 5_000;

/// Deletions that are held back. Every method may be repeated: the state after is the same.
#[port::port]
pub trait Vanishing: Send + Sync {
    /// Holds back the deletions of these records of the copy: they wait. A deletion that is held back already stays as it is,
    /// with the run that held it back; a record that is not in the copy is passed over.
    async fn hold_back(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        ids: &[RecordId],
    ) -> Outcome<()>;

    /// Forgets that the deletions of these records were held back. A record keeps its flag until it is put again or taken
    /// out, which the caller does next.
    async fn release(&self, scope: &Scope, object: Object, ids: &[RecordId]) -> Outcome<()>;

    /// Keeps these records: their deletions wait no longer, and the records are displayed again.
    async fn leave(&self, scope: &Scope, object: Object, held: &[HeldBack]) -> Outcome<()>;

    /// An object's held-back deletions by id, some at a time and at most `most`; `after` continues an earlier answer.
    async fn held_back(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&RecordId>,
        most: usize,
    ) -> Outcome<(Vec<HeldBack>, Option<RecordId>)>;

    /// Notes an answer in place of the last one, with an audit entry that bears the counts: how many deletions the answer is
    /// about. The integration keeps `order` as untold. Fenced, when the integration's generation has ended.
    async fn decide_deletions(
        &self,
        scope: &Scope,
        decided: &Decided,
        counts: &[(Object, u64)],
        order: &Order,
    ) -> Outcome<()>;

    /// The last answer; none: there was none yet.
    async fn deletions_decided(&self, scope: &Scope) -> Outcome<Option<Decided>>;
}
