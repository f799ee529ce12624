//! What show, relate and subject read of the copy.

use matching::RelationStatus;

use super::{HeldToken, Known};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};

/// Looks at indexes that go side by side, in the time of one request.
pub const MAX_LOOKUPS: usize = 128;

/// Reading the copy. What indexes say may be some seconds old; records themselves are read as they stand.
#[port::port]
pub trait Reading: Send + Sync {
    /// What indexes have under hashes, in the order asked: [`MAX_LOOKUPS`] of them side by side, in the time of one request.
    async fn hits(&self, scope: &Scope, asked: &[Lookup]) -> Outcome<Vec<Hits>>;

    /// Records as they stand, in the order asked; none: there is no such record. A thousand take the time of one request.
    async fn copied(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<Copied>>>;

    /// An object's records, some at a time, in an order that new and vanishing records do not change; `after` continues
    /// an earlier answer. At most about `most` at a time, perhaps none although more follow.
    async fn scan(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Copied>, Option<HeldToken>)>;

    /// Relations as they stand, in the order asked; none: there is no such relation.
    async fn relations(
        &self,
        scope: &Scope,
        relations: &[(Object, RecordId, KeyedHash)],
    ) -> Outcome<Vec<Option<Related>>>;

    /// Suggested relations of all objects, some at a time, in an order that new and vanishing ones do not change.
    async fn suggested(
        &self,
        scope: &Scope,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Suggested>, Option<HeldToken>)>;
}

/// What records can be found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Index {
    /// E-mail address.
    Email,
    /// Registered domain.
    Domain,
    /// The record that they belong to.
    Parent,
    /// The company that they are related to, whatever the relation's status.
    Company,
}

/// What an index is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The index.
    pub index: Index,
    /// The hash.
    pub hash: KeyedHash,
    /// Where an earlier answer ended.
    pub after: Option<HeldToken>,
    /// At most so many.
    pub most: usize,
}

/// What an index has under a hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// The records, by id.
    pub hits: Vec<Hit>,
    /// Where the next ones are; none: these were all.
    pub next: Option<HeldToken>,
}

/// A record in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
    /// In the index by company: the relation's status, and its score in thousandths.
    pub relation: Option<(RelationStatus, u16)>,
    /// In the index by parent: the sealed projection of a Task or Opportunity.
    pub projection: Option<Sealed>,
}

/// A record of the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
    /// What can be said of it without opening it.
    pub known: Known,
    /// Its sealed body; none: it is too large for an item, and is on its way to the place beside it.
    pub sealed: Option<Sealed>,
}

/// A relation of the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its status.
    pub status: RelationStatus,
    /// Its score in thousandths.
    pub score: u16,
    /// The company's sealed id, where a user linked it and the record's body does not name it.
    pub link: Option<Sealed>,
}

/// A suggested relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// The company.
    pub company: KeyedHash,
    /// Its score in thousandths.
    pub score: u16,
}

impl Suggested {
    /// Which relation it is.
    pub fn place(&self) -> (Object, RecordId, KeyedHash) {
        (self.object, self.id.clone(), self.company)
    }
}
