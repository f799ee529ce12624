//! Ledger, Copies and Pages in memory.
//!
//! | file | what |
//! | --- | --- |
//! | [`rows`] | the rows, and the fence |
//! | [`ledger`] | integrations, leases, runs |
//! | [`connections`] | what is begun, renewed, set and shown |
//! | [`controllers`] | what tenants say of themselves |
//! | [`intents`] | intents to create records |
//! | [`legal`] | assessments, templates, marks on people |
//! | [`copies`] | records, relations, bodies |
//! | [`writes`] | a put, write by write |
//! | [`exports`] | exports, their uploads and files |
//! | [`removals`] | removals, receipts, what a removal deletes |
//! | [`reading`] | what is read of them, and decisions |
//! | [`vanishing`] | deletions that are held back |
//! | [`snapshot`] | a look inside, for tests |

mod connections;
mod controllers;
mod copies;
mod exports;
mod intents;
mod ledger;
mod legal;
mod reading;
mod removals;
mod rows;
mod snapshot;
mod vanishing;
mod writes;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::{
    fault::{Fault, Outcome},
    integration::{Due, Integration, Lease, OpenRun, Status, Which},
    order::Order,
    ports::{Checkpoint, DueToken, HeldToken, Known, Listed, Store, StoredRecord},
    progress::{Progress, Quarantined, RunReport},
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    standstill::Standstill,
    tenant::{Generation, RunId, Scope},
};
use jiff::Timestamp;
use matching::RelationStatus;

use self::rows::Rows;
pub use self::snapshot::Snapshot;

/// The fault of a put that was cut by [`MemoryStore::cut_after`].
pub const PUT_CUT: &str = "memory.put_cut";

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
    /// them, and the put of the next one fails in passing. Puts after that are whole again.
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

#[async_trait]
impl Store for MemoryStore {
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>> {
        Ok(self.lock().integration(which).cloned())
    }

    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool> {
        Ok(self.lock().connect(integration, earlier))
    }

    async fn due(
        &self,
        now: Timestamp,
        after: Option<&DueToken>,
    ) -> Outcome<(Vec<Due>, Option<DueToken>)> {
        Ok(self.lock().due(now, after, self.page_size))
    }

    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool> {
        Ok(self.lock().claim(seen, run, look_again))
    }

    async fn take_lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>> {
        self.lock().take_lease(scope, lease, now)
    }

    async fn release_lease(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        self.lock().release_lease(scope, holder);
        Ok(())
    }

    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()> {
        self.keep(scope, holder, credentials)
    }

    async fn note_standstill(
        &self,
        scope: &Scope,
        holder: &str,
        found: &Standstill,
    ) -> Outcome<()> {
        self.lock().note_standstill(scope, holder, found)
    }

    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>> {
        Ok(self.lock().progress(scope))
    }

    async fn checkpoint(&self, scope: &Scope, holder: &str, step: Checkpoint<'_>) -> Outcome<()> {
        self.lock().checkpoint(scope, holder, &step)
    }

    async fn quarantine(&self, scope: &Scope, run: &RunId, records: &[Quarantined]) -> Outcome<()> {
        self.lock().quarantine(scope, run, records);
        Ok(())
    }

    async fn finish(
        &self,
        scope: &Scope,
        holder: &str,
        report: &RunReport,
        next: Timestamp,
        status: Status,
        orders: &[Order],
    ) -> Outcome<()> {
        self.lock()
            .finish(scope, holder, report, next, status, orders)
    }

    async fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<Vec<Option<Known>>> {
        Ok(self.lock().known(scope, object, ids))
    }

    async fn put(&self, scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Outcome<()> {
        for write in writes::writes(scope, object, records) {
            if self.is_cut() {
                return Err(Fault::passing(PUT_CUT));
            }
            self.lock().write(write);
        }
        Ok(())
    }

    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed> {
        self.lock().held(scope, object, after, self.page_size)
    }

    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()> {
        self.lock().drop_orphans(scope, object, orphans);
        Ok(())
    }

    async fn record(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<Sealed>> {
        self.lock()
            .record(scope, object, id)
            .ok_or_else(|| Fault::passing("copies.body_missing"))
    }

    async fn put_page(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) -> Outcome<()> {
        self.lock().put_page(scope, object, run, page, sealed);
        Ok(())
    }
}
