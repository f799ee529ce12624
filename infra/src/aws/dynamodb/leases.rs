//! The right to write.

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder, types::ReturnValue,
};
use domain::{
    fault::{Fault, Outcome},
    integration::{Integration, Lease, Status},
    seal::Sealed,
    tenant::Scope,
};
use jiff::Timestamp;

use super::{
    batch::key,
    item::{blob, number, text, time},
    rows,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, given_back, is_refused, malformed},
    places,
};

/// "The integration is connected, in this generation, and leased to the holder."
pub(super) const FENCE: &str = "#status = :connected AND generation = :g AND lease_holder = :me";

impl AwsStore {
    pub(super) fn update_integration(
        &self,
        scope: &Scope,
        holder: &str,
    ) -> UpdateItemFluentBuilder {
        self.clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":me", text(holder))
    }

    pub(super) async fn lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>> {
        let updated = self
            .update_integration(scope, &lease.holder)
            .update_expression("SET lease_holder = :me, lease_run = :run, lease_deadline = :until")
            .condition_expression(
                "#status = :connected AND generation = :g AND \
                 (attribute_not_exists(lease_holder) OR lease_deadline <= :now OR lease_holder = :me)",
            )
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":run", text(lease.run.as_str()))
            .expression_attribute_values(":until", text(time(lease.deadline)))
            .expression_attribute_values(":now", text(time(now)))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match updated {
            Ok(updated) => {
                let row = updated.attributes.ok_or_else(|| malformed("lease"))?;
                rows::integration(&row).map(Some)
            }
            Err(error) if is_refused(&error) => {
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                match there {
                    Some(there) if there.admits(scope) => Ok(None),
                    _ => Err(Fault::fenced("integration.not_connected")),
                }
            }
            Err(error) => Err(fault("lease_take", &error)),
        }
    }

    pub(super) async fn release(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let updated = self
            .update_integration(scope, holder)
            .update_expression("REMOVE lease_holder, lease_run, lease_deadline")
            .condition_expression("generation = :g AND lease_holder = :me")
            .send()
            .await;
        given_back("lease_release", updated)
    }

    pub(super) async fn renew_credentials(
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
                // It may have been us, with the answer lost: no two sealings are alike.
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                match there {
                    Some(there) if there.admits(scope) && there.credentials == *credentials => {
                        Ok(())
                    }
                    _ => Err(Fault::fenced("renewal.not_ours")),
                }
            }
            Err(error) => Err(fault("credentials_put", &error)),
        }
    }
}
