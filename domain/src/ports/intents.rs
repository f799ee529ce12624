//! Intents to create records, as the Ledger stores them.

use jiff::Timestamp;

use super::{StoredDecision, StoredRecord};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::{Digest, KeyedHash, Sealed},
    tenant::Scope,
};

/// Intents are rows of a generation in Ledger. Reads are consistent.
///
/// "Fenced" below means that the call fails unless the integration is connected, in this generation.
#[port::port]
pub trait Intents: Send + Sync {
    /// Returns the intent of a request. `None` if the request was never begun, or nothing came of it.
    async fn intent(&self, scope: &Scope, key: &KeyedHash) -> Outcome<Option<StoredIntent>>;

    /// Stores an intent if the current one still has the revision `before` (`None`: there must not be one). Returns whether the
    /// given intent is stored now, so a caller that lost the answer and calls again gets true. Fenced.
    async fn put_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<bool>;

    /// Stores the result of an intent, the created records for the copy, and the decisions about them, in one transaction.
    /// Otherwise like [`Self::put_intent`]. `made` has at most [`MAX_MADE`] records. Bodies that are too large for an item are left
    /// to the next run. Fenced.
    async fn conclude(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: &str,
        made: &[Made],
    ) -> Outcome<Concluded>;

    /// Deletes an intent that came to nothing, if it still has the revision `before`.
    async fn drop_intent(&self, scope: &Scope, key: &KeyedHash, before: &str) -> Outcome<()>;

    /// Returns the intents that are stored as the makers of these records, in the order given.
    async fn makers(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<KeyedHash>>>;

    /// Stores that an intent made these records, and overwrites other makers, because the CRM itself said so in its response. If
    /// the call fails, some of the records may be stored already. Fenced.
    async fn note_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<()>;

    /// Stores that an intent presumably made these records, all or none of them. Returns the first record that another intent made,
    /// if there is one; then nothing was stored. Fenced.
    async fn claim_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<Option<RecordId>>;
}

/// The most records that one transaction brings into the copy. A DynamoDB transaction has 100 actions. A record may have five
/// relations from the rule and one from a user, with the decision behind it, and some actions are for the intent itself.
pub const MAX_MADE: usize = 11;

/// The result of storing an intent's conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concluded {
    /// Everything is stored. A caller that lost the answer and calls again gets this, too.
    Kept,
    /// Another holder works on the intent now. Nothing was stored.
    Overtaken,
    /// The copy already has one of the records from a run. Nothing was stored.
    Known,
}

/// An intent as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredIntent {
    /// The hash of the request's idempotency key.
    pub key: KeyedHash,
    /// The keyed digest of the request. Another request under the same key has another digest.
    pub digest: Digest,
    /// Changes with every write, and never repeats: the holder's id and a number.
    pub revision: String,
    /// The holder that works on the intent.
    pub holder: String,
    /// The latest time at which AWS ends the holder.
    pub until: Timestamp,
    /// The drafts, their progress and their results.
    pub sealed: Sealed,
}

/// A record that an intent made.
pub struct Made {
    /// The record's object.
    pub object: Object,
    /// The record for the copy. `None` if a run will bring it.
    pub record: Option<StoredRecord>,
    /// The decision for the company for which the record was made.
    pub decision: Option<StoredDecision>,
}
