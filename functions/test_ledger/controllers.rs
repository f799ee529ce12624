use async_trait::async_trait;
use domain::{fault::Outcome, ports::Controllers, seal::Sealed, tenant::TenantId};

use super::Ledger;

#[async_trait]
impl Controllers for Ledger {
    async fn controller(&self, _: &TenantId) -> Outcome<Option<Sealed>> {
        self.unexpected()
    }

    async fn put_controller(&self, _: &TenantId, _: &Sealed) -> Outcome<()> {
        self.unexpected()
    }
}
