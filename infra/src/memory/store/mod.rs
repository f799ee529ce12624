//! Ledger, Copies and Pages in memory.
//!
//! | file | what |
//! | --- | --- |
//! | [`rows`], [`ordered`] | the rows, and the fence; integrations in the order in which they are due |
//! | [`integrations`], [`grants`], [`schedule`], [`leases`], [`runs`], [`outbox`] | integrations, and the work on them |
//! | [`controllers`] | tenants' statements about themselves |
//! | [`allowances`] | tenants' allowances |
//! | [`audit`] | who changed what |
//! | [`intents`] | intents to create records |
//! | [`legal`] | assessments, templates, suppressions |
//! | [`copies`], [`comparing`] | records, relations, bodies |
//! | [`writes`] | a put, write by write |
//! | [`exports`] | exports, their uploads and files |
//! | [`removals`], [`leftovers`] | removals, receipts, and the rows that a removal deletes |
//! | [`offboardings`] | ends of tenants, and the rows that they delete |
//! | [`reading`], [`deciding`] | reads of the copy, and decisions |
//! | [`vanishing`] | held-back deletions |
//! | [`snapshot`], [`raw`], [`names`] | views for tests: comparable rows, all bytes, names of rows |

mod allowances;
mod audit;
mod comparing;
mod controllers;
mod copies;
mod deciding;
mod exports;
mod grants;
mod integrations;
mod intents;
mod leases;
mod leftovers;
mod legal;
mod names;
mod offboardings;
mod ordered;
mod outbox;
mod raw;
mod reading;
mod register;
mod removals;
mod rows;
mod runs;
mod schedule;
mod snapshot;
mod vanishing;
mod writes;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{
    ports::SuppressionKind,
    progress::Progress,
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::{Scope, TenantId},
};
use matching::RelationStatus;

use self::rows::Rows;
pub use self::snapshot::Snapshot;

/// Ledger, Copies and Pages in memory. Each call except a put is atomic, and a list comes in pages of `page_size`.
#[derive(Clone)]
pub struct MemoryStore {
    rows: Arc<Mutex<Rows>>,
    page_size: usize,
    /// How many single writes of puts still take effect before one is cut. `None` if no put is to be cut.
    writes_left: Arc<Mutex<Option<u64>>>,
}

impl MemoryStore {
    /// Makes an empty store.
    pub fn new() -> Self {
        Self::with_page_size(100)
    }

    /// Makes an empty store whose lists come in pages of `page_size`, at least 1.
    pub fn with_page_size(page_size: usize) -> Self {
        Self {
            rows: Arc::default(),
            page_size: page_size.max(1),
            writes_left: Arc::default(),
        }
    }

    /// Cuts a put after `n` more writes of records, relations and bodies, in the order of the store on AWS. The put with
    /// the next write fails transiently. Later puts are whole again.
    pub fn cut_after(&self, n: u64) {
        *self.writes_left() = Some(n);
    }

    /// Leaves the row of a relation that no record names, as cut-off puts did in old copies.
    pub fn leave_relation(
        &self,
        (scope, object, id): (&Scope, Object, &RecordId),
        company: KeyedHash,
        row: (RelationStatus, u16),
    ) {
        let place = (scope.clone(), object, id.clone());
        self.lock().relations.insert((place, company), row);
    }

    /// Takes a suppression out, behind the back of the chain.
    pub fn lose_suppression(&self, tenant: &TenantId, kind: SuppressionKind, person: KeyedHash) {
        let place = (tenant.clone(), kind, person);
        self.lock().legal.suppressions.remove(&place);
    }

    /// Takes a change of suppressions out of its chain.
    pub fn lose_change(&self, tenant: &TenantId, number: u64) {
        let place = (tenant.clone(), number);
        self.lock().legal.changes.remove(&place);
    }

    /// Takes the head of the changes of suppressions away.
    pub fn lose_head(&self, tenant: &TenantId) {
        self.lock().legal.marks.remove(tenant);
    }

    /// Forgets when an integration was in order, as no row of an earlier build says it.
    pub fn lose_verified(&self, scope: &Scope) {
        let which = (scope.tenant.clone(), scope.integration.clone());
        self.lock().verified.remove(&which);
    }

    /// Takes the last change of suppressions out of its chain, and moves the head back to the change before.
    pub fn cut_changes(&self, tenant: &TenantId) {
        let rows = &mut self.lock().legal;
        let mut of_tenant = rows.changes.keys().filter(|(of, _)| of == tenant);
        if let Some(last) = of_tenant.next_back().cloned()
            && let (Some(last), Some(marks)) =
                (rows.changes.remove(&last), rows.marks.get_mut(tenant))
        {
            marks.head = Some((last.number - 1, last.previous));
        }
    }

    /// Takes the last assessment out of its chain.
    pub fn cut_assessments(&self, tenant: &TenantId) {
        let rows = &mut self.lock().legal;
        let mut of_tenant = rows.assessments.keys().filter(|(of, _)| of == tenant);
        if let Some(last) = of_tenant.next_back().cloned() {
            rows.assessments.remove(&last);
        }
    }

    /// Returns whether a put was cut since [`Self::cut_after`].
    pub fn was_cut(&self) -> bool {
        self.writes_left().is_none()
    }

    fn is_cut(&self) -> bool {
        let mut left = self.writes_left();
        match *left {
            None => false,
            Some(0) => {
                *left = None;
                true
            }
            Some(n) => {
                *left = Some(n - 1);
                false
            }
        }
    }

    fn writes_left(&self) -> MutexGuard<'_, Option<u64>> {
        self.writes_left
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the comparable part of what is stored.
    pub fn snapshot(&self) -> Snapshot {
        snapshot::take(&self.lock())
    }

    /// Returns everything that is stored as bytes, sealed bodies as they are, each under a key that says where it is.
    /// Tests search it for data that must not be there in clear.
    pub fn raw(&self) -> Vec<(String, Vec<u8>)> {
        raw::raw(&self.lock())
    }

    /// Replaces an object's row, as an error of ours might.
    pub fn replace_progress(&self, scope: &Scope, progress: Progress) {
        let place = (scope.clone(), progress.object);
        self.lock().progress.insert(place, progress);
    }

    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}
