//! Reads of the copy for show, relate and subject.

use matching::RelationStatus;

use super::{HeldToken, Known};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};

/// The most index lookups that run in parallel.
pub const MAX_LOOKUPS: usize = 128;

/// Reads of the copy. Index entries may be some seconds old, but records are read consistently.
#[port::port]
pub trait Reading: Send + Sync {
    /// Returns what the indexes have under hashes, in the order of the request. [`MAX_LOOKUPS`] lookups run in parallel and take
    /// the time of one request.
    async fn hits(&self, scope: &Scope, asked: &[Lookup]) -> Outcome<Vec<Hits>>;

    /// Returns records, in the order of the request. `None` if there is no such record. The reads are consistent, and a thousand
    /// take the time of one request.
    async fn copied(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<Copied>>>;

    /// Returns some of an object's records, in an order that new and deleted records do not change. `after` continues an earlier
    /// list. Returns at most about `most` records, possibly none although more follow.
    async fn scan(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Copied>, Option<HeldToken>)>;

    /// Returns relations, in the order of the request. `None` if there is no such relation. The reads are consistent.
    async fn relations(
        &self,
        scope: &Scope,
        relations: &[(Object, RecordId, KeyedHash)],
    ) -> Outcome<Vec<Option<Related>>>;

    /// Returns some of the suggested relations of all objects, in an order that new and deleted ones do not change.
    async fn suggested(
        &self,
        scope: &Scope,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Suggested>, Option<HeldToken>)>;
}

/// An index by which records can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Index {
    /// E-mail address.
    Email,
    /// Registered domain.
    Domain,
    /// The parent record.
    Parent,
    /// The related company, whatever the relation's status.
    Company,
}

/// A query to an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The index.
    pub index: Index,
    /// The hash.
    pub hash: KeyedHash,
    /// Where an earlier result ended.
    pub after: Option<HeldToken>,
    /// The most hits to return.
    pub most: usize,
}

/// The entries of an index under a hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// The records, by id.
    pub hits: Vec<Hit>,
    /// Where the list continues. `None` at its end.
    pub next: Option<HeldToken>,
}

/// A record in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
    /// The relation's status, and its score in thousandths. Only in the index by company.
    pub relation: Option<(RelationStatus, u16)>,
    /// The sealed projection of a Task or Opportunity. Only in the index by parent.
    pub projection: Option<Sealed>,
}

/// A record of the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
    /// The attributes that can be read without opening the record.
    pub known: Known,
    /// The sealed body. `None` if the body is too large for an item and is being moved to the place beside it.
    pub sealed: Option<Sealed>,
}

/// A relation of the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its status.
    pub status: RelationStatus,
    /// Its score in thousandths.
    pub score: u16,
    /// The company's sealed id, where a user linked the company and the record's body does not name it.
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
    /// Returns the relation's object, record and company.
    pub fn place(&self) -> (Object, RecordId, KeyedHash) {
        (self.object, self.id.clone(), self.company)
    }
}
