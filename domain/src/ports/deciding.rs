//! Users' decisions about relations.

use jiff::Timestamp;
use matching::RelationStatus;

use super::{Known, StoredRelation};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};

/// Decisions are kept in Ledger, because they cannot be fetched again. From there they are applied to the relations in Copies.
#[port::port]
pub trait Deciding: Send + Sync {
    /// Returns the decisions about all records, an object's records or one record.
    async fn decisions(&self, scope: &Scope, of: DecisionsOf<'_>) -> Outcome<Vec<StoredDecision>>;

    /// Changes a record's relations and stores the decision behind the change, in one transaction. Returns whether it did: false
    /// means that the record is gone or no longer as it was `seen`. Fenced unless the integration is in this generation and neither
    /// removed nor being removed. Idempotent.
    async fn relink(&self, scope: &Scope, change: &Relink) -> Outcome<bool>;

    /// Stores that records were merged into others. Idempotent. If a record has two survivors, the later call counts.
    async fn note_merged(&self, scope: &Scope, object: Object, merged: &[Merged]) -> Outcome<()>;

    /// Returns the survivor of a merged record. `None` if none is stored.
    async fn merged_into(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<RecordId>>;

    /// Deletes a record from the copy, with everything beside it and all decisions about it. The count of records is not changed.
    /// The next run finds the difference. Result and fences are those of [`Self::relink`].
    async fn erase(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
        seen: &Known,
    ) -> Outcome<bool>;
}

/// A record that was merged into another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merged {
    /// The record that is gone.
    pub id: RecordId,
    /// The survivor, which may have been merged or deleted itself.
    pub survivor: RecordId,
}

/// Which decisions to return.
#[derive(Clone, Copy, Debug)]
pub enum DecisionsOf<'a> {
    /// All decisions of the generation.
    Everything,
    /// Decisions about the records of an object.
    Object(Object),
    /// Decisions about one record.
    Record(Object, &'a RecordId),
}

/// A user's decision about one relation, as the Ledger stores it. The latest decision counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDecision {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// The company.
    pub company: KeyedHash,
    /// The verdict: approved or blocked. `None` if an earlier decision was withdrawn.
    pub verdict: Option<RelationStatus>,
    /// The time of the decision.
    pub at: Timestamp,
    /// The user and the company's id.
    pub sealed: Sealed,
}

/// A change of a record's relations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relink {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// The record's state for which the change was made.
    pub seen: Known,
    /// All relations of the record after the change.
    pub relations: Vec<StoredRelation>,
    /// The decision behind the change, if it is a new one.
    pub decision: Option<StoredDecision>,
}

impl Relink {
    /// Returns the companies to which the record is related after the change.
    pub fn companies(&self) -> Vec<KeyedHash> {
        self.relations
            .iter()
            .map(|relation| relation.company)
            .collect()
    }

    /// Returns the companies to which the record is no longer related.
    pub fn dropped(&self) -> Vec<KeyedHash> {
        let companies = self.companies();
        let mut dropped = self.seen.relations.clone();
        dropped.retain(|company| !companies.contains(company));
        dropped
    }
}
