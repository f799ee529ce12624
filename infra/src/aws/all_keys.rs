//! Keys of all generations of a tenant's integrations, for the end of the tenant. A removal destroys those of its generation, so what is
//! left here belongs to connections that were cut off.

use aws_sdk_dynamodb::types::ReturnValue;
use domain::{
    fault::Outcome,
    tenant::{IntegrationId, TenantId},
};

use super::{
    dynamodb::{
        item::{Attributes, Item, text},
        listed::ids_listed,
    },
    fault::fault,
    kms::AwsKeys,
    places,
    vault::read,
};

impl AwsKeys {
    /// Returns the names of the keys that there are.
    pub(super) async fn list_all(&self, tenant: &TenantId) -> Outcome<Vec<String>> {
        let mut names = Vec::new();
        for (id, row) in self.rows_of_all(tenant).await? {
            names.push(format!("{id} {}", row.text("sk")?));
        }
        Ok(names)
    }

    /// Deletes the rows of the keys.
    pub(super) async fn delete_all(&self, tenant: &TenantId) -> Outcome<()> {
        for (_, row) in self.rows_of_all(tenant).await? {
            self.delete(&row).await?;
        }
        Ok(())
    }

    /// Deletes a row. Returns whether it was there.
    pub(super) async fn delete(&self, row: &Attributes) -> Outcome<bool> {
        let deleted = self
            .clients
            .dynamodb
            .delete_item()
            .table_name(self.vault.table())
            .key("pk", text(row.text("pk")?))
            .key("sk", text(row.text("sk")?))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| fault("keys_delete", &error))?;
        Ok(deleted.attributes.is_some())
    }

    /// Reads the rows of all of the tenant's integrations.
    async fn rows_of_all(&self, tenant: &TenantId) -> Outcome<Vec<(IntegrationId, Attributes)>> {
        let mut found = Vec::new();
        for id in ids_listed(&self.clients.dynamodb, &self.ledger, tenant).await? {
            let rows = self.vault.rows(places::integration(tenant, &id));
            let rows = read(rows.projection_expression("pk, sk")).await?;
            found.extend(rows.into_iter().map(|row| (id.clone(), row)));
        }
        Ok(found)
    }
}
