//! What tenants say about themselves as controllers. It is a row in the tenant's own partition.

use async_trait::async_trait;
use domain::{fault::Outcome, ports::Controllers, seal::Sealed, tenant::TenantId};

use super::{
    batch::key,
    item::{Item, blob},
    store::AwsStore,
};
use crate::aws::{fault::fault, places};

#[async_trait]
impl Controllers for AwsStore {
    async fn controller(&self, tenant: &TenantId) -> Outcome<Option<Sealed>> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::CONTROLLER)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("controller_get", &error))?;
        let stated = |row| Ok(Sealed::from_stored(Item::blob(&row, "sealed")?.to_vec()));
        found.item.map(stated).transpose()
    }

    async fn put_controller(&self, tenant: &TenantId, stated: &Sealed) -> Outcome<()> {
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(key(places::tenant(tenant), places::CONTROLLER)))
            .item("sealed", blob(stated.as_bytes()))
            .send()
            .await
            .map(drop)
            .map_err(|error| fault("controller_put", &error))
    }
}
