//! Ledger, Copies and Pages in memory.
//!
//! | file | what |
//! | --- | --- |
//! | [`rows`] | the rows, and the fence |
//! | [`integrations`], [`grants`], [`schedule`], [`leases`], [`runs`], [`outbox`] | integrations, and the work on them |
//! | [`controllers`] | what tenants say of themselves |
//! | [`intents`] | intents to create records |
//! | [`legal`] | assessments, templates, suppressions |
//! | [`copies`], [`comparing`] | records, relations, bodies |
//! | [`writes`] | a put, write by write |
//! | [`exports`] | exports, their uploads and files |
//! | [`removals`] | removals, receipts, what a removal deletes |
//! | [`reading`] | what is read of them, and decisions |
//! | [`vanishing`] | deletions that are held back |
//! | [`snapshot`] | a look inside, for tests |

mod comparing;
mod controllers;
mod copies;
mod exports;
mod grants;
mod integrations;
mod intents;
mod leases;
mod legal;
mod outbox;
mod reading;
mod removals;
mod rows;
mod runs;
mod schedule;
mod snapshot;
mod vanishing;
mod writes;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};
use matching::RelationStatus;

use self::rows::Rows;
pub use self::snapshot::Snapshot;

/// Ledger, Copies and Pages in memory. Each call but a put is atomic, and a list comes in pages of `page_size`.
#[derive(Clone)]
pub struct MemoryStore {
    rows: Arc<Mutex<Rows>>,
    page_size: usize,
    /// How many writes of puts are left until one is cut.
    writes_left: Arc<Mutex<Option<u64>>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::with_page_size(100)
    }

    /// An empty store whose lists come in pages of `page_size`, at least 1.
    pub fn with_page_size(page_size: usize) -> Self {
        Self {
            rows: Arc::default(),
            page_size: page_size.max(1),
            writes_left: Arc::default(),
        }
    }

    /// Cuts a put: `n` more writes of records, relations and bodies take effect, in the order in which the store on AWS does
    /// them, and the put of the next one fails transiently. Puts after that are whole again.
    pub fn cut_after(&self, n: u64) {
        *self.writes_left() = Some(n);
    }

    /// Leaves the row of a relation, of which no record knows: as a put did that was cut off in a copy of long ago.
    pub fn leave_relation(
        &self,
        (scope, object, id): (&Scope, Object, &RecordId),
        company: KeyedHash,
        row: (RelationStatus, u16),
    ) {
        let place = (scope.clone(), object, id.clone());
        self.lock().relations.insert((place, company), row);
    }

    /// Whether a put was cut since [`Self::cut_after`].
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

    /// What can be compared of what is stored.
    pub fn snapshot(&self) -> Snapshot {
        snapshot::take(&self.lock())
    }

    /// Everything that is stored as bytes, sealed bodies as they are, each under a key that says where it is: for tests
    /// that look for something that must not be there in clear.
    pub fn raw(&self) -> Vec<(String, Vec<u8>)> {
        snapshot::raw(&self.lock())
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
