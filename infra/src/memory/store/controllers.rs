//! What tenants say about themselves as controllers.

use async_trait::async_trait;
use domain::{fault::Outcome, ports::Controllers, seal::Sealed, tenant::TenantId};

use super::MemoryStore;

#[async_trait]
impl Controllers for MemoryStore {
    async fn controller(&self, tenant: &TenantId) -> Outcome<Option<Sealed>> {
        Ok(self.lock().controllers.get(tenant).cloned())
    }

    async fn put_controller(&self, tenant: &TenantId, stated: &Sealed) -> Outcome<()> {
        let mut rows = self.lock();
        rows.controllers.insert(tenant.clone(), stated.clone());
        Ok(())
    }
}
