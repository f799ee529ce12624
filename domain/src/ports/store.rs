//! Ledger, Copies and Pages, as the rules see them.

use async_trait::async_trait;
use jiff::Timestamp;
use matching::RelationStatus;

use super::{
    Connections, Controllers, Exports, Listed, deciding::Deciding, reading::Reading,
    vanishing::Vanishing,
};
use crate::{
    fault::Outcome,
    integration::{Due, Integration, Lease, OpenRun, Status, Which},
    order::Order,
    ports::{Intents, Legal, Removals},
    progress::{Progress, Quarantined, RunReport},
    record::{Object, RecordId},
    seal::{Digest, KeyedHash, Sealed},
    standstill::Standstill,
    tenant::{Generation, RunId, Scope},
    vanished::Vanished,
};

/// How many records one checkpoint can take out of the copy: a DynamoDB transaction has 100 actions, and some are ours.
pub const MAX_GONE: usize = 90;

/// Where state lives. Every method but the reading ones may be repeated: the state after is the same.
///
/// "Fenced" below means: unless the integration is connected, in this generation, and leased to `holder`.
#[async_trait]
pub trait Store:
    Connections
    + Controllers
    + Deciding
    + Exports
    + Intents
    + Legal
    + Reading
    + Removals
    + Vanishing
    + Send
    + Sync
{
    // Ledger: integrations

    /// An integration, as it stands now.
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>>;

    /// Stores a new or renewed integration, if the one that is there still has that generation and status (none: if
    /// none is there), and nobody has a lease on it that lasts beyond the new due time: whoever holds one may be writing.
    /// Answers whether it did.
    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool>;

    /// Integrations that are due at `now`, those being removed among them, some at a time; `after` continues an earlier answer.
    async fn due(
        &self,
        now: Timestamp,
        after: Option<&DueToken>,
    ) -> Outcome<(Vec<Due>, Option<DueToken>)>;

    /// Moves the due time of a connected integration on from what was seen, and notes the run. Answers whether it was
    /// this caller who did; a caller whose answer was lost and who asks again with the same run is told yes.
    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool>;

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

    /// Stores renewed credentials, and gives the right to renew back. Fenced, unless the integration is connected in this
    /// generation and `holder` has that right; a lost answer may be asked for again.
    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()>;

    // Ledger: runs

    /// Notes where the open run stood when this slice began; the run's end takes the note out. Fenced.
    async fn note_standstill(&self, scope: &Scope, holder: &str, found: &Standstill)
    -> Outcome<()>;

    /// How far each object has come; objects that were never begun are missing.
    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>>;

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

    // Copies

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

    /// Ids in the copy, some at a time, each held against the relations that lie beside it; `after` continues an earlier answer.
    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed>;

    /// Takes out relations that lie beside no record.
    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()>;

    /// A sealed record, as show needs it.
    async fn record(&self, scope: &Scope, object: Object, id: &RecordId)
    -> Outcome<Option<Sealed>>;

    // Pages

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

/// One step of one object.
pub struct Checkpoint<'a> {
    /// Where the object stands after it. Its `held` is not written but moved by `added` and by what is `gone`.
    pub progress: &'a Progress,
    /// Records that are new in the copy since the last checkpoint; below zero when a recount found fewer than noted.
    pub added: i64,
    /// Records to take out of the copy with this step, with what is known of them; at most [`MAX_GONE`].
    pub gone: &'a [(RecordId, Known)],
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
    pub brief: Option<Sealed>,
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

/// Where a list of due integrations goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueToken(pub String);

/// Where a list of ids goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldToken(pub String);
