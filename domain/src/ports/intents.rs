//! Intents to create records, as the Ledger has them.

use jiff::Timestamp;

use super::{StoredDecision, StoredRecord};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::{Digest, KeyedHash, Sealed},
    tenant::Scope,
};

/// Intents: rows of a generation in Ledger. Reading is consistent.
///
/// "Fenced" below means: unless the integration is connected, in this generation.
#[port::port]
pub trait Intents: Send + Sync {
    /// The intent of a request; none: the request was never begun, or nothing came of it.
    async fn intent(&self, scope: &Scope, key: &KeyedHash) -> Outcome<Option<StoredIntent>>;

    /// Stores an intent, if the one that is there still has the revision `before` (none: if none is there). Answers
    /// whether it is there now; a caller whose answer was lost and who asks again is told yes. Fenced.
    async fn put_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<bool>;

    /// Stores what became of an intent, the records that it made into the copy, and what was decided about them, in one
    /// transaction: as [`Self::put_intent`]. At most [`MAX_MADE`] of `made`; bodies too large for an item are left to the
    /// next run. Fenced.
    async fn conclude(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: &str,
        made: &[Made],
    ) -> Outcome<Concluded>;

    /// Forgets an intent that nothing came of, if it still has the revision `before`.
    async fn drop_intent(&self, scope: &Scope, key: &KeyedHash, before: &str) -> Outcome<()>;

    /// The intents that are noted to have made these records, in the order given.
    async fn makers(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<KeyedHash>>>;

    /// Notes that an intent made these records, whichever was noted before: the CRM itself said so in its answer. Records
    /// may be noted in part when this fails. Fenced.
    async fn note_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<()>;

    /// Notes that an intent is taken to have made these records, all or none. Answers the first of them that another intent made, where
    /// there is one: then nothing was noted. Fenced.
    async fn claim_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<Option<RecordId>>;
}

/// How many records one transaction brings into the copy: a DynamoDB transaction has 100 actions, a record may have five
/// relations that the rule found and one that a user chose, with the decision behind it, and some are ours.
pub const MAX_MADE: usize = 11;

/// What became of a conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concluded {
    /// All of it is stored; a caller whose answer was lost and who asks again is told so.
    Kept,
    /// Somebody else works on the intent by now: nothing was stored.
    Overtaken,
    /// The copy has one of the records already, from a run: nothing was stored.
    Known,
}

/// An intent, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredIntent {
    /// The hash of the request's idempotency key.
    pub key: KeyedHash,
    /// The keyed digest of the request: another request under the same key is another one.
    pub digest: Digest,
    /// New with each change, and unlike every other one's: the holder, and a number.
    pub revision: String,
    /// Who works on it.
    pub holder: String,
    /// Until when: AWS ends the holder then at the latest.
    pub until: Timestamp,
    /// What is to be created, how far that has come, and what came of it.
    pub sealed: Sealed,
}

/// A record that an intent made.
pub struct Made {
    /// Its object.
    pub object: Object,
    /// The record as it comes into the copy; none, where a run brings it.
    pub record: Option<StoredRecord>,
    /// The company that it was made for.
    pub decision: Option<StoredDecision>,
}
