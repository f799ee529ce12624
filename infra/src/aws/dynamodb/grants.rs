//! Consents that were begun, and the lease for renewing a grant.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::ReturnValue;
use domain::{
    fault::{Code, Fault, Outcome},
    integration::Status,
    ports::Grants,
    seal::Sealed,
    tenant::{Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    batch::key,
    item::{Item, blob, number, text},
    store::AwsStore,
    taking::RowLease,
};
use crate::aws::{
    fault::{fault, given_back, is_refused},
    places,
};

/// The lease for renewing a grant.
const RENEWAL: RowLease = RowLease {
    operation: "renewal_begin",
    set: "SET renewer = :me, renews_until = :until",
    is_free: "attribute_not_exists(renewer) OR renews_until <= :now OR renewer = :me",
};

#[async_trait]
impl Grants for AwsStore {
    async fn put_state(
        &self,
        tenant: &TenantId,
        hash: &str,
        begun: &Sealed,
        expires: Timestamp,
    ) -> Outcome<()> {
        self.clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(key(places::tenant(tenant), places::state(hash))))
            .item("begun", blob(begun.as_bytes()))
            .item("expires", number(expires.as_second()))
            .send()
            .await
            .map(drop)
            .map_err(|error| fault("state_put", &error))
    }

    async fn take_state(&self, tenant: &TenantId, hash: &str) -> Outcome<Option<Sealed>> {
        self.clients
            .dynamodb
            .delete_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::state(hash))))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| fault("state_delete", &error))?
            .attributes
            .map(|row| Ok(Sealed::from_stored(row.blob("begun")?.to_vec())))
            .transpose()
    }

    async fn begin_renewal(
        &self,
        scope: &Scope,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Outcome<Option<Sealed>> {
        let update = self.update_integration(scope, holder);
        self.take_in_row(&RENEWAL, scope, update, now, until)
            .await?
            .map(|row| Ok(Sealed::from_stored(row.blob("credentials")?.to_vec())))
            .transpose()
    }

    async fn end_renewal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let updated = self
            .update_integration(scope, holder)
            .update_expression("REMOVE renewer, renews_until")
            .condition_expression("generation = :g AND renewer = :me")
            .send()
            .await;
        given_back("renewal_end", updated)
    }

    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()> {
        let updated = self
            .update_integration(scope, holder)
            .update_expression("SET credentials = :credentials REMOVE renewer, renews_until")
            .condition_expression("#status = :connected AND generation = :g AND renewer = :me")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":credentials", blob(credentials.as_bytes()))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(()),
            Err(error) if is_refused(&error) => {
                // Our own write may have been applied and its answer lost. No two sealed grants are equal, so equality
                // proves it.
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                match there {
                    Some(there) if there.admits(scope) && there.credentials == *credentials => {
                        Ok(())
                    }
                    _ => Err(Fault::of(Code::RenewalNotOurs)),
                }
            }
            Err(error) => Err(fault("credentials_put", &error)),
        }
    }
}
