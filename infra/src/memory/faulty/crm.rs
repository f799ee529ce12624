use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{
        Allowed, Answer, Changes, Crm, Deleted, IdPage, Inspect, Powers, Rights, Shape, Usage,
    },
    progress::PageToken,
    record::{Item, Object, RecordId},
};
use jiff::{SignedDuration, Timestamp};

use super::Faults;

#[async_trait]
impl Inspect for FaultyCrm {
    async fn organisation(&self) -> Outcome<Option<String>> {
        let work = self.inner.organisation();
        self.faults.call("organisation", work).await
    }

    async fn rights(&self, object: Object) -> Outcome<Option<Rights>> {
        let work = self.inner.rights(object);
        self.faults.call("rights", work).await
    }
}

#[async_trait]
impl Powers for FaultyCrm {
    async fn scopes(&self) -> Outcome<Option<Allowed>> {
        self.faults.call("scopes", self.inner.scopes()).await
    }

    async fn permissions(&self) -> Outcome<Option<Allowed>> {
        let work = self.inner.permissions();
        self.faults.call("permissions", work).await
    }
}

pub(super) struct FaultyCrm {
    pub(super) inner: Arc<dyn Crm>,
    pub(super) faults: Faults,
}

#[async_trait]
impl Crm for FaultyCrm {
    fn lag(&self) -> SignedDuration {
        self.inner.lag()
    }

    async fn clock(&self) -> Outcome<Timestamp> {
        self.faults.call("clock", self.inner.clock()).await
    }

    async fn describe(&self, object: Object) -> Outcome<Shape> {
        let work = self.inner.describe(object);
        self.faults.call("describe", work).await
    }

    async fn leave_out(&self, object: Object, fields: &[String], ask: bool) -> Outcome<()> {
        let work = self.inner.leave_out(object, fields, ask);
        self.faults.call("leave_out", work).await
    }

    fn in_use(&self, object: Object) -> Option<Arc<Shape>> {
        self.inner.in_use(object)
    }

    async fn changes(&self, ask: Changes<'_>) -> Outcome<Answer> {
        self.faults.call("changes", self.inner.changes(ask)).await
    }

    async fn forget(&self, token: &PageToken) {
        let work = async {
            self.inner.forget(token).await;
            Ok(())
        };
        // Best effort: a failure is nobody's matter.
        let _ = self.faults.call("forget", work).await;
    }

    async fn deleted(
        &self,
        object: Object,
        since: Timestamp,
        until: Timestamp,
    ) -> Outcome<Deleted> {
        let work = self.inner.deleted(object, since, until);
        self.faults.call("deleted", work).await
    }

    async fn count(&self, object: Object) -> Outcome<u64> {
        self.faults.call("count", self.inner.count(object)).await
    }

    async fn ids(&self, object: Object, token: Option<&PageToken>) -> Outcome<IdPage> {
        let work = self.inner.ids(object, token);
        self.faults.call("ids", work).await
    }

    async fn fetch(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>> {
        let work = self.inner.fetch(object, ids);
        self.faults.call("fetch", work).await
    }

    fn usage(&self) -> Usage {
        self.inner.usage()
    }

    async fn revoke(&self) -> Outcome<()> {
        self.faults.call("revoke", self.inner.revoke()).await
    }
}
