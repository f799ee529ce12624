//! The legal register: assessments, templates, objections, erasures. All of it belongs to the tenant, so no integration is part of
//! its keys and no removal touches it.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    grounds::{
        chain::{ChainHash, Entry},
        changes::{Change, Standing},
    },
    seal::{KeyedHash, Sealed},
    tenant::TenantId,
};

pub use crate::grounds::changes::SuppressionKind;

/// The tenant's rows of Ledger that concern legal bases. Reads are consistent.
#[port::port]
pub trait Legal: Send + Sync {
    /// Returns the last assessment. `None` if there is none yet.
    async fn last_assessment(&self, tenant: &TenantId) -> Outcome<Option<Entry>>;

    /// Appends an assessment if its number is still free. Returns whether it is stored now: of two callers that want one number,
    /// one gets false. A caller that lost the answer and calls again gets true.
    async fn append_assessment(&self, tenant: &TenantId, entry: &Entry) -> Outcome<bool>;

    /// Returns at most about `most` assessments whose numbers follow `after`, in order. An empty result is the end.
    async fn assessments(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Entry>>;

    /// Returns the assessments with these numbers, in order. Numbers without an assessment are skipped.
    async fn assessments_at(&self, tenant: &TenantId, numbers: &[u64]) -> Outcome<Vec<Entry>>;

    /// Returns the numbers of the assessments of everybody who is found by any of these hashes, in order and without duplicates.
    async fn assessments_of(&self, tenant: &TenantId, people: &[KeyedHash]) -> Outcome<Vec<u64>>;

    /// Stores a version of a template if it does not exist yet. The result is as for [`Self::append_assessment`].
    async fn put_template(&self, tenant: &TenantId, template: &StoredTemplate) -> Outcome<bool>;

    /// Returns all versions of all templates, by name and version.
    async fn templates(&self, tenant: &TenantId) -> Outcome<Vec<StoredTemplate>>;

    /// Suppresses people. A suppression that was lifted holds again. The change is appended to the chain in the same transaction. If the
    /// head is not the last change's, somebody has meddled with it: the suppression is stored all the same, and
    /// [the chain is broken there](crate::grounds::changes::Change::next).
    async fn suppress(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        suppressions: &[StoredSuppression],
    ) -> Outcome<()>;

    /// Lifts suppressions. Their rows stay, marked as lifted. Returns how many were in force. Each is appended to the chain as a
    /// change, in the same transaction.
    async fn lift(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        people: &[KeyedHash],
        at: Timestamp,
    ) -> Outcome<u64>;

    /// Returns the suppressions in force for each of these hashes, in the order of the request.
    async fn suppressed(&self, tenant: &TenantId, people: &[KeyedHash])
    -> Outcome<Vec<Suppressed>>;

    /// Returns the edition of the tenant's suppressions. Every write that adds or lifts a suppression changes it in the same
    /// transaction. It is 0 if nobody was ever suppressed, or if the row that counts was lost.
    async fn suppressions_edition(&self, tenant: &TenantId) -> Outcome<u64>;

    /// Returns all suppressions that were in force at `edition` or later. It serves a whole page or slice, which has many more
    /// records than there are suppressions. The result for an edition may be cached, but not that for 0.
    async fn all_suppressed(
        &self,
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Arc<HashMap<KeyedHash, Suppressed>>>;

    /// Returns number and hash of the last change of suppressions, as they are noted apart from the changes. `None` if there was none.
    async fn head_of_changes(&self, tenant: &TenantId) -> Outcome<Option<(u64, ChainHash)>>;

    /// Returns at most about `most` changes of suppressions whose numbers follow `after`, in order. An empty result is the end.
    async fn changes(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Change>>;

    /// Returns the suppressions that are in force, read anew and never from a cache.
    async fn standing(&self, tenant: &TenantId) -> Outcome<Standing>;
}

/// A suppression as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSuppression {
    /// The hash by which the person is found.
    pub person: KeyedHash,
    /// The time at which the suppression was made.
    pub at: Timestamp,
    /// Who made the suppression, and the tenant's own reference. Nothing about the person.
    pub sealed: Sealed,
}

/// The suppressions in force for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// The person objected.
    pub objected: bool,
    /// The person was erased.
    pub erased: bool,
}

impl Suppressed {
    /// Returns the union of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            objected: self.objected || other.objected,
            erased: self.erased || other.erased,
        }
    }
}

/// A version of a template, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTemplate {
    /// Its name.
    pub name: String,
    /// Its version, from 1.
    pub version: u32,
    /// The time at which the version was stored.
    pub at: Timestamp,
    /// The template.
    pub sealed: Sealed,
}
