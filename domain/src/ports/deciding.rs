//! What users decided about relations.

use jiff::Timestamp;
use matching::RelationStatus;

use super::{Known, StoredRelation};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};

/// Decisions: in Ledger, since they cannot be fetched again, and from there laid over the relations in Copies.
#[port::port]
pub trait Deciding: Send + Sync {
    /// What was decided about all records, an object's, or one.
    async fn decisions(&self, scope: &Scope, of: DecisionsOf<'_>) -> Outcome<Vec<StoredDecision>>;

    /// Changes a record's relations, and notes the decision behind that, in one transaction. Answers whether it did: no
    /// means that the record is gone, or is not as it was `seen` any more. Fenced, unless the integration is in this
    /// generation and neither being removed nor removed. May be repeated.
    async fn relink(&self, scope: &Scope, change: &Relink) -> Outcome<bool>;

    /// Notes that records were merged into others. May be repeated; of two survivors of one record the one that is noted last counts.
    async fn note_merged(&self, scope: &Scope, object: Object, merged: &[Merged]) -> Outcome<()>;

    /// What a record was merged into; none: that is not noted.
    async fn merged_into(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<RecordId>>;

    /// Takes a record out of the copy, with all that lies beside it and what was decided about it. The count of records is
    /// left to the next run, which finds the difference. Answers and fences as [`Self::relink`] does.
    async fn erase(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
        seen: &Known,
    ) -> Outcome<bool>;
}

/// A record that is gone, since it was merged into another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merged {
    /// The record that is gone.
    pub id: RecordId,
    /// What it became. That may be gone in its turn.
    pub survivor: RecordId,
}

/// Which decisions are asked for.
#[derive(Clone, Copy, Debug)]
pub enum DecisionsOf<'a> {
    /// All.
    Everything,
    /// Those about an object's records.
    Object(Object),
    /// Those about a record.
    Record(Object, &'a RecordId),
}

/// What a user decided about one relation, as the Ledger has it. The last decision counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDecision {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// The company.
    pub company: KeyedHash,
    /// What was decided: approved or blocked; none: an earlier decision was taken back.
    pub verdict: Option<RelationStatus>,
    /// When.
    pub at: Timestamp,
    /// Who, and the company's id.
    pub sealed: Sealed,
}

/// A change of a record's relations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relink {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// The record as the change was made for it.
    pub seen: Known,
    /// All of its relations afterwards.
    pub relations: Vec<StoredRelation>,
    /// The decision behind the change, where it is a new one.
    pub decision: Option<StoredDecision>,
}

impl Relink {
    /// The companies that the record is related to afterwards.
    pub fn companies(&self) -> Vec<KeyedHash> {
        self.relations
            .iter()
            .map(|relation| relation.company)
            .collect()
    }

    /// The companies that the record is no longer related to.
    pub fn dropped(&self) -> Vec<KeyedHash> {
        let companies = self.companies();
        let mut dropped = self.seen.relations.clone();
        dropped.retain(|company| !companies.contains(company));
        dropped
    }
}
