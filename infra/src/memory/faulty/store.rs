use std::sync::Arc;

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

use super::Faults;

pub(super) struct FaultyStore {
    pub(super) inner: Arc<dyn Store>,
    pub(super) faults: Faults,
}

#[async_trait]
impl Store for FaultyStore {
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>> {
        let work = self.inner.integration(which);
        self.faults.call("integration", work).await
    }

    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool> {
        let work = self.inner.connect(integration, earlier);
        self.faults.call("connect", work).await
    }

    async fn due(
        &self,
        now: Timestamp,
        after: Option<&DueToken>,
    ) -> Outcome<(Vec<Due>, Option<DueToken>)> {
        let work = self.inner.due(now, after);
        self.faults.call("due", work).await
    }

    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool> {
        let work = self.inner.claim(seen, run, look_again);
        self.faults.call("claim", work).await
    }

    async fn take_lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>> {
        let work = self.inner.take_lease(scope, lease, now);
        self.faults.call("take_lease", work).await
    }

    async fn release_lease(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let work = self.inner.release_lease(scope, holder);
        self.faults.call("release_lease", work).await
    }

    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()> {
        let work = self.inner.keep_credentials(scope, holder, credentials);
        self.faults.call("keep_credentials", work).await
    }

    async fn note_standstill(
        &self,
        scope: &Scope,
        holder: &str,
        found: &Standstill,
    ) -> Outcome<()> {
        let work = self.inner.note_standstill(scope, holder, found);
        self.faults.call("note_standstill", work).await
    }

    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>> {
        let work = self.inner.progress(scope);
        self.faults.call("progress", work).await
    }

    async fn checkpoint(&self, scope: &Scope, holder: &str, step: Checkpoint<'_>) -> Outcome<()> {
        let work = self.inner.checkpoint(scope, holder, step);
        self.faults.call("checkpoint", work).await
    }

    async fn quarantine(&self, scope: &Scope, run: &RunId, records: &[Quarantined]) -> Outcome<()> {
        let work = self.inner.quarantine(scope, run, records);
        self.faults.call("quarantine", work).await
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
        let work = self
            .inner
            .finish(scope, holder, report, next, status, orders);
        self.faults.call("finish", work).await
    }

    async fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<Vec<Option<Known>>> {
        let work = self.inner.known(scope, object, ids);
        self.faults.call("known", work).await
    }

    async fn put(&self, scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Outcome<()> {
        let work = self.inner.put(scope, object, records);
        let put = self.faults.call("put", work).await;
        self.faults.unless_cut(put).await
    }

    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed> {
        let work = self.inner.held(scope, object, after);
        self.faults.call("held", work).await
    }

    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()> {
        let work = self.inner.drop_orphans(scope, object, orphans);
        self.faults.call("drop_orphans", work).await
    }

    async fn record(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<Sealed>> {
        let work = self.inner.record(scope, object, id);
        self.faults.call("record", work).await
    }

    async fn put_page(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) -> Outcome<()> {
        let work = self.inner.put_page(scope, object, run, page, sealed);
        self.faults.call("put_page", work).await
    }
}
