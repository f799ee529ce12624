//! The legal register, as the rules see it: assessments, templates, objections, erasures. All of it is the tenant's, so no
//! integration stands in its keys and no removal touches it.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    grounds::chain::Entry,
    seal::{KeyedHash, Sealed},
    tenant::TenantId,
};

/// The tenant's rows of Ledger that concern legal bases. Reading is consistent: what was stored is seen.
#[port::port]
pub trait Legal: Send + Sync {
    /// The last assessment; none: there is none yet.
    async fn last_assessment(&self, tenant: &TenantId) -> Outcome<Option<Entry>>;

    /// Appends an assessment, if none has its number yet. Answers whether it is there now: of two that want one number,
    /// one is told no. A caller whose answer was lost and who asks again is told yes.
    async fn append_assessment(&self, tenant: &TenantId, entry: &Entry) -> Outcome<bool>;

    /// Assessments whose numbers follow `after`, in order, at most about `most`; an empty answer is the end.
    async fn assessments(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Entry>>;

    /// The assessments with these numbers, in order; those that are not there are missing.
    async fn assessments_at(&self, tenant: &TenantId, numbers: &[u64]) -> Outcome<Vec<Entry>>;

    /// The numbers of the assessments of whoever is found by any of these hashes, in order, each once.
    async fn assessments_of(&self, tenant: &TenantId, people: &[KeyedHash]) -> Outcome<Vec<u64>>;

    /// Stores a version of a template, if there is none with this version. Answers as [`Self::append_assessment`] does.
    async fn put_template(&self, tenant: &TenantId, template: &StoredTemplate) -> Outcome<bool>;

    /// All versions of all templates, by name and version.
    async fn templates(&self, tenant: &TenantId) -> Outcome<Vec<StoredTemplate>>;

    /// Suppresses people. Suppressing again what was lifted suppresses it again.
    async fn suppress(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        suppressions: &[StoredSuppression],
    ) -> Outcome<()>;

    /// Lifts suppressions: they stay, as taken back. Answers how many stood.
    async fn lift(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        people: &[KeyedHash],
        at: Timestamp,
    ) -> Outcome<u64>;

    /// which suppressions stand for each of these hashes, in the order asked.
    async fn suppressed(&self, tenant: &TenantId, people: &[KeyedHash])
    -> Outcome<Vec<Suppressed>>;

    /// The edition of the tenant's suppressions: another one as soon as a suppression is made or taken back, in the very write. 0: nobody
    /// was ever suppressed.
    async fn suppressions_edition(&self, tenant: &TenantId) -> Outcome<u64>;

    /// all suppressions that stood at `edition`, or later: for a whole page or slice, whose records are many more than the suppressions.
    /// What was read for an edition may be remembered.
    async fn all_suppressed(
        &self,
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Arc<HashMap<KeyedHash, Suppressed>>>;
}

/// What a suppression says of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuppressionKind {
    /// The person objected (Art. 21).
    Objection,
    /// The person was erased (Art. 17).
    Erasure,
}

/// A suppression, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSuppression {
    /// What the person is found by.
    pub person: KeyedHash,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it, and the tenant's own reference; nothing about the person.
    pub sealed: Sealed,
}

/// which suppressions stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// The person objected.
    pub objected: bool,
    /// The person was erased.
    pub erased: bool,
}

impl Suppressed {
    /// What stands by either.
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
    /// When it was stored.
    pub at: Timestamp,
    /// The template.
    pub sealed: Sealed,
}
