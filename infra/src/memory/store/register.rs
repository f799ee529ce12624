//! The rows of the legal register, and what follows from them.

use std::collections::BTreeMap;

use domain::{
    legal::{
        chain::{ChainHash, Entry},
        changes::{Change, Done},
    },
    ports::{StoredSuppression, StoredTemplate, Suppressed, SuppressionKind},
    seal::KeyedHash,
    tenant::TenantId,
};
use jiff::Timestamp;

/// The rows of the legal register.
#[derive(Default)]
pub(super) struct LegalRows {
    pub(super) assessments: BTreeMap<(TenantId, u64), Entry>,
    pub(super) templates: BTreeMap<(TenantId, String, u32), StoredTemplate>,
    /// Suppressions, each with the time at which it was lifted.
    pub(super) suppressions:
        BTreeMap<(TenantId, SuppressionKind, KeyedHash), (StoredSuppression, Option<Timestamp>)>,
    /// The changes of suppressions, by number.
    pub(super) changes: BTreeMap<(TenantId, u64), Change>,
    /// The edition of each tenant's suppressions, and the head of their changes.
    pub(super) marks: BTreeMap<TenantId, Marks>,
}

/// The row that counts editions, apart from the changes.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) edition: u64,
    pub(super) head: Option<(u64, ChainHash)>,
}

impl LegalRows {
    pub(super) fn changes_of<'a>(
        &'a self,
        tenant: &TenantId,
    ) -> impl DoubleEndedIterator<Item = &'a Change> + use<'a> {
        self.changes
            .range((tenant.clone(), 0)..=(tenant.clone(), u64::MAX))
            .map(|(_, change)| change)
    }

    pub(super) fn head_of(&self, tenant: &TenantId) -> Option<(u64, ChainHash)> {
        self.marks.get(tenant).and_then(|marks| marks.head)
    }

    pub(super) fn note_change(&mut self, tenant: &TenantId, done: Done<'_>) {
        let last = self.changes_of(tenant).next_back();
        let last = last.map_or(0, |last| last.number);
        let change = Change::next(tenant, self.head_of(tenant), last, done);
        let marks = self.marks.entry(tenant.clone()).or_default();
        marks.edition += 1;
        marks.head = Some((change.number, change.hash));
        self.changes.insert((tenant.clone(), change.number), change);
    }

    pub(super) fn of<'a>(
        &'a self,
        tenant: &TenantId,
    ) -> impl DoubleEndedIterator<Item = &'a Entry> + use<'a> {
        self.assessments
            .range((tenant.clone(), 0)..=(tenant.clone(), u64::MAX))
            .map(|(_, entry)| entry)
    }

    pub(super) fn stands(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        person: &KeyedHash,
    ) -> bool {
        self.suppressions
            .get(&(tenant.clone(), kind, *person))
            .is_some_and(|(_, lifted)| lifted.is_none())
    }

    pub(super) fn suppressed(&self, tenant: &TenantId, person: &KeyedHash) -> Suppressed {
        Suppressed {
            objected: self.stands(tenant, SuppressionKind::Objection, person),
            erased: self.stands(tenant, SuppressionKind::Erasure, person),
        }
    }
}
