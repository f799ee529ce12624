use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::Integration,
    order::Order,
    ports::{ChangedSettings, Connections},
    progress::RunReport,
    seal::Sealed,
    tenant::{IntegrationId, RunId, Scope, TenantId},
};
use jiff::Timestamp;

use super::store::FaultyStore;

#[async_trait]
impl Connections for FaultyStore {
    async fn integrations(
        &self,
        tenant: &TenantId,
        after: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)> {
        let work = self.inner.integrations(tenant, after);
        self.faults.call("integrations", work).await
    }

    async fn put_state(
        &self,
        tenant: &TenantId,
        hash: &str,
        begun: &Sealed,
        expires: Timestamp,
    ) -> Outcome<()> {
        let work = self.inner.put_state(tenant, hash, begun, expires);
        self.faults.call("put_state", work).await
    }

    async fn take_state(&self, tenant: &TenantId, hash: &str) -> Outcome<Option<Sealed>> {
        let work = self.inner.take_state(tenant, hash);
        self.faults.call("take_state", work).await
    }

    async fn begin_renewal(
        &self,
        scope: &Scope,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Outcome<Option<Sealed>> {
        let work = self.inner.begin_renewal(scope, holder, now, until);
        self.faults.call("begin_renewal", work).await
    }

    async fn end_renewal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let work = self.inner.end_renewal(scope, holder);
        self.faults.call("end_renewal", work).await
    }

    async fn put_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool> {
        let work = self.inner.put_settings(change);
        self.faults.call("put_settings", work).await
    }

    async fn runs(
        &self,
        scope: &Scope,
        after: Option<&RunId>,
        most: u32,
    ) -> Outcome<Vec<RunReport>> {
        let work = self.inner.runs(scope, after, most);
        self.faults.call("runs", work).await
    }

    async fn run(&self, scope: &Scope, run: &RunId) -> Outcome<Option<RunReport>> {
        let work = self.inner.run(scope, run);
        self.faults.call("run", work).await
    }

    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()> {
        let work = self.inner.note_told(scope, orders);
        self.faults.call("note_told", work).await
    }
}
