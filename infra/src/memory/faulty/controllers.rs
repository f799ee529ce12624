use async_trait::async_trait;
use domain::{fault::Outcome, ports::Controllers, seal::Sealed, tenant::TenantId};

use super::store::FaultyStore;

#[async_trait]
impl Controllers for FaultyStore {
    async fn controller(&self, tenant: &TenantId) -> Outcome<Option<Sealed>> {
        let work = self.inner.controller(tenant);
        self.faults.call("controller", work).await
    }

    async fn put_controller(&self, tenant: &TenantId, stated: &Sealed) -> Outcome<()> {
        let work = self.inner.put_controller(tenant, stated);
        self.faults.call("put_controller", work).await
    }
}
