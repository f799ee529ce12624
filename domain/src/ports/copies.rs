//! Records of the copy, as runs write them.

use jiff::Timestamp;
use matching::RelationStatus;

use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::{Digest, KeyedHash, Sealed},
    tenant::{RunId, Scope},
    vanished::Vanished,
};

/// Records in Copies, and pages in Pages. Every method but the reading ones may be repeated: the state after is the same.
#[port::port]
pub trait Copies: Send + Sync {
    /// What the copy has of these records, in the order asked.
    async fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<Vec<Option<Known>>>;

    /// Puts records and their relations, and takes out the relations they no longer have. Whatever lies beside a record is whole
    /// before the record's item is written: a record that is there as it was put has all its relations and its body, wherever
    /// the put was cut off.
    async fn put(&self, scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Outcome<()>;

    /// A sealed record, as show needs it.
    async fn record(&self, scope: &Scope, object: Object, id: &RecordId)
    -> Outcome<Option<Sealed>>;

    /// Puts a page as the CRM sent it.
    async fn put_page(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) -> Outcome<()>;
}

/// What the copy says of a record without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The keyed digest of its fields.
    pub digest: Digest,
    /// The CRM's time of its last change.
    pub modified: Timestamp,
    /// The page that brought it in.
    pub born: u64,
    /// The page that wrote it last.
    pub page: u64,
    /// The companies it is related to, as keyed hashes.
    pub relations: Vec<KeyedHash>,
    /// Whether its body was too large for an item and lies beside it.
    pub large: bool,
    /// What became of its deletion, where that is held back.
    pub vanished: Option<Vanished>,
}

impl Known {
    /// The record as its item says it while its large body is on the way, to or from the place beside it: of no content, and
    /// older than any change, so that whoever holds it against the CRM writes it again. It names all relations that may be there.
    pub fn unfinished(record: &StoredRecord) -> Self {
        let relations = record.relations.iter().map(|relation| relation.company);
        Self {
            digest: Digest::NONE,
            modified: Timestamp::UNIX_EPOCH,
            born: record.born,
            page: record.page,
            relations: relations.chain(record.dropped.iter().copied()).collect(),
            large: true,
            vanished: record.vanished,
        }
    }

    /// Whether it is what [`Self::unfinished`] makes.
    pub fn is_unfinished(&self) -> bool {
        self.digest == Digest::NONE
    }
}

/// A record as it goes into the copy.
#[derive(Clone)]
pub struct StoredRecord {
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of its last change.
    pub modified: Timestamp,
    /// The keyed digest of its fields.
    pub digest: Digest,
    /// The page that brought it in.
    pub born: u64,
    /// The page that writes it.
    pub page: u64,
    /// The sealed body.
    pub sealed: Sealed,
    /// What is shown of it in the index by parent, sealed.
    pub projection: Option<Sealed>,
    /// What it can be found by.
    pub lookups: Lookups,
    /// The companies it is related to.
    pub relations: Vec<StoredRelation>,
    /// Companies it was related to and is no longer.
    pub dropped: Vec<KeyedHash>,
    /// Whether the body it replaces lay beside its item.
    pub was_large: bool,
    /// What became of its deletion, where that is held back; none: the CRM has it.
    pub vanished: Option<Vanished>,
}

/// What a record can be found by, as keyed hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookups {
    /// E-mail address, in lower case.
    pub email: Option<KeyedHash>,
    /// Registered domain of the web site or the e-mail address.
    pub domain: Option<KeyedHash>,
    /// The record it belongs to.
    pub parent: Option<KeyedHash>,
}

/// A relation, as a company finds its records; the evidence is in the record's sealed body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRelation {
    /// The company.
    pub company: KeyedHash,
    /// The relation's status.
    pub status: RelationStatus,
    /// The score in thousandths.
    pub score: u16,
    /// The company's sealed id, where a user linked it and the record's body does not name it.
    pub link: Option<Sealed>,
}
