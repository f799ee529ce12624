//! The port `Store`: each method is in the file of its subject; its parts `Removals` and so on are whole in theirs.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
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

use super::remembered::RememberedMarks;
use crate::aws::{clients::Clients, places, s3::Pages};

/// Ledger, Copies and Pages.
pub struct AwsStore {
    pub(super) clients: Clients,
    pub(super) ledger: String,
    pub(super) copies: String,
    pub(super) pages: Pages,
    pub(super) marks: RememberedMarks,
}

impl AwsStore {
    /// The store in these two tables and this bucket.
    pub fn new(clients: Clients, ledger: String, copies: String, pages: String) -> Self {
        Self {
            pages: Pages::new(clients.clone(), pages),
            clients,
            ledger,
            copies,
            marks: RememberedMarks::default(),
        }
    }
}

#[async_trait]
impl Store for AwsStore {
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>> {
        self.read_integration(&places::integration_of(which)).await
    }

    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool> {
        self.put_integration(integration, earlier).await
    }

    async fn due(
        &self,
        now: Timestamp,
        after: Option<&DueToken>,
    ) -> Outcome<(Vec<Due>, Option<DueToken>)> {
        self.list_due(now, after).await
    }

    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool> {
        self.claim_due(seen, run, look_again).await
    }

    async fn take_lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>> {
        self.lease(scope, lease, now).await
    }

    async fn release_lease(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        self.release(scope, holder).await
    }

    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()> {
        self.renew_credentials(scope, holder, credentials).await
    }

    async fn note_standstill(
        &self,
        scope: &Scope,
        holder: &str,
        found: &Standstill,
    ) -> Outcome<()> {
        self.put_standstill(scope, holder, found).await
    }

    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>> {
        self.list_progress(scope).await
    }

    async fn checkpoint(&self, scope: &Scope, holder: &str, step: Checkpoint<'_>) -> Outcome<()> {
        self.move_on(scope, holder, step).await
    }

    async fn quarantine(&self, scope: &Scope, run: &RunId, records: &[Quarantined]) -> Outcome<()> {
        self.note_quarantined(scope, run, records).await
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
        self.end_run(scope, holder, report, next, status, orders)
            .await
    }

    async fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<Vec<Option<Known>>> {
        self.look_up(scope, object, ids).await
    }

    async fn put(&self, scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Outcome<()> {
        self.put_records(scope, object, records).await
    }

    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed> {
        self.list_held(scope, object, after).await
    }

    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()> {
        self.delete_orphans(scope, object, orphans).await
    }

    async fn record(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<Sealed>> {
        self.get_record(scope, object, id).await
    }

    async fn put_page(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) -> Outcome<()> {
        let key = places::page(scope, object, run, page);
        self.pages.put(&key, sealed).await
    }
}
