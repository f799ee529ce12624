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

/// Records in Copies, and pages in Pages. Every writing method is idempotent.
#[port::port]
pub trait Copies: Send + Sync {
    /// Returns what the copy has of these records, in the order of the request.
    async fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<Vec<Option<Known>>>;

    /// Puts records and their relations, and deletes relations that they no longer have. Everything beside a record is written
    /// before the record's item. So an item always has all its relations and its body, wherever a put is interrupted.
    async fn put(&self, scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Outcome<()>;

    /// Returns a sealed record for display.
    async fn record(&self, scope: &Scope, object: Object, id: &RecordId)
    -> Outcome<Option<Sealed>>;

    /// Stores a page as the CRM sent it.
    async fn put_page(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) -> Outcome<()>;
}

/// The attributes of a copied record that can be read without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The keyed digest of the record's fields.
    pub digest: Digest,
    /// The CRM's time of the record's last change.
    pub modified: Timestamp,
    /// The page that brought the record into the copy.
    pub born: u64,
    /// The page that last wrote the record.
    pub page: u64,
    /// The companies to which the record is related, as keyed hashes.
    pub relations: Vec<KeyedHash>,
    /// Whether the body was too large for the item and is stored beside it.
    pub large: bool,
    /// The state of the record's deletion, if it is held back.
    pub vanished: Option<Vanished>,
}

impl Known {
    /// Returns the state of an item while its large body is being moved to or from the place beside it. The digest is of no content
    /// and the time is older than any change, so a comparison with the CRM always writes the record again. The item names all
    /// relations that may exist.
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

    /// Returns whether this is the state that [`Self::unfinished`] creates.
    pub fn is_unfinished(&self) -> bool {
        self.digest == Digest::NONE
    }
}

/// A record to be stored in the copy.
#[derive(Clone)]
pub struct StoredRecord {
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of the record's last change.
    pub modified: Timestamp,
    /// The keyed digest of the record's fields.
    pub digest: Digest,
    /// The page that brought the record into the copy.
    pub born: u64,
    /// The page that writes the record.
    pub page: u64,
    /// The sealed body.
    pub sealed: Sealed,
    /// The sealed projection, for the index by parent.
    pub projection: Option<Sealed>,
    /// The hashes by which the record is found.
    pub lookups: Lookups,
    /// The companies to which the record is related.
    pub relations: Vec<StoredRelation>,
    /// Companies to which the record was related and no longer is.
    pub dropped: Vec<KeyedHash>,
    /// Whether the previous body was stored beside the item.
    pub was_large: bool,
    /// The state of the record's deletion, if it is held back. `None` if the CRM still has the record.
    pub vanished: Option<Vanished>,
}

/// The values by which a record can be found, as keyed hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookups {
    /// E-mail address, in lower case.
    pub email: Option<KeyedHash>,
    /// Registered domain of the website or the e-mail address.
    pub domain: Option<KeyedHash>,
    /// The parent record.
    pub parent: Option<KeyedHash>,
}

/// A relation as a company's index needs it. The evidence is in the record's sealed body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRelation {
    /// The company.
    pub company: KeyedHash,
    /// The relation's status.
    pub status: RelationStatus,
    /// The score in thousandths.
    pub score: u16,
    /// The company's sealed id, where a user linked the company and the record's body does not name it.
    pub link: Option<Sealed>,
}
