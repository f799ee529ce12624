//! Removals: beginning, lease and progress.

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder, types::ReturnValue,
};
use domain::{
    fault::{Code, Fault, Outcome},
    integration::{Status, Which},
    ports::Removals,
    removal::{Asked, Leftover, Part, ReceiptHead, Removal, SignedReceipt},
    tenant::{Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    batch::key,
    item::{Attributes, Item, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, given_back, is_refused, malformed},
    places,
};

/// Attempts at a removal's beginning while others change the integration.
const TRIES: u32 = 5;

#[async_trait]
impl Removals for AwsStore {
    async fn begin_removal(
        &self,
        which: &Which,
        asked: &Asked,
    ) -> Outcome<Option<(Scope, Status)>> {
        let partition = places::integration_of(which);
        for _ in 0..TRIES {
            let Some(there) = self.read_integration(&partition).await? else {
                return Ok(None);
            };
            if matches!(there.status, Status::Removing | Status::Removed) {
                return Ok(Some((there.scope, there.status)));
            }
            // The next read shows the result, whether the transaction was applied or not.
            let actions = self.end_generation(&there.scope, asked)?;
            self.transact("removal_begin", actions).await?;
        }
        Err(Fault::of(Code::IntegrationChangedMeanwhile))
    }

    async fn removal(&self, scope: &Scope) -> Outcome<Option<Removal>> {
        self.clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(place(scope)))
            // Dispatch looks at the removals of all tenants, and its role may read this and no more.
            .projection_expression("#state")
            .expression_attribute_names("#state", "state")
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("removal_get", &error))?
            .item
            .as_ref()
            .map(state)
            .transpose()
    }

    async fn take_removal(
        &self,
        scope: &Scope,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Removal>> {
        let updated = self
            .update_removal(scope, holder)
            .update_expression("SET holder = :me, held_until = :until")
            .condition_expression(
                "attribute_not_exists(done) AND attribute_exists(pk) AND \
                 (attribute_not_exists(holder) OR held_until <= :now OR holder = :me)",
            )
            .expression_attribute_values(":until", text(time(deadline)))
            .expression_attribute_values(":now", text(time(now)))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match updated {
            Ok(updated) => {
                let row = updated.attributes.ok_or_else(|| malformed("removal"))?;
                state(&row).map(Some)
            }
            Err(error) if is_refused(&error) => {
                let there = self
                    .read_integration(&places::integration_in(scope))
                    .await?;
                let is_under_way = there
                    .is_some_and(|there| there.status == Status::Removing && there.scope == *scope);
                if is_under_way {
                    Ok(None)
                } else {
                    Err(Fault::of(Code::RemovalNotUnderWay))
                }
            }
            Err(error) => Err(fault("removal_take", &error)),
        }
    }

    async fn release_removal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let updated = self
            .update_removal(scope, holder)
            .update_expression("REMOVE holder, held_until")
            .condition_expression("holder = :me")
            .send()
            .await;
        given_back("removal_release", updated)
    }

    async fn note_removal(&self, scope: &Scope, holder: &str, removal: &Removal) -> Outcome<()> {
        let updated = self
            .update_removal(scope, holder)
            .update_expression("SET #state = :state")
            .condition_expression("holder = :me")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", text(written(removal)?))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(()),
            Err(error) if is_refused(&error) => Err(Fault::of(Code::RemovalLeaseLost)),
            Err(error) => Err(fault("removal_note", &error)),
        }
    }

    async fn drop_credentials(&self, scope: &Scope) -> Outcome<()> {
        let updated = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .update_expression(
                "REMOVE credentials, settings, settings_version, schedule_hour, renewer, renews_until",
            )
            .condition_expression("#status = :removing AND generation = :g")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":removing", text(Status::Removing.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(()),
            Err(error) if is_refused(&error) => Err(Fault::of(Code::RemovalNotUnderWay)),
            Err(error) => Err(fault("credentials_drop", &error)),
        }
    }

    async fn leftovers(&self, scope: &Scope, part: Part, most: usize) -> Outcome<Vec<Leftover>> {
        self.list_leftovers(scope, part, most).await
    }

    async fn discard(&self, _: &Scope, part: Part, found: &[Leftover]) -> Outcome<()> {
        self.delete_leftovers(part, found).await
    }

    async fn last_receipt(&self, tenant: &TenantId) -> Outcome<Option<ReceiptHead>> {
        self.read_head(tenant).await
    }

    async fn close_removal(
        &self,
        holder: &str,
        removal: &Removal,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
        now: Timestamp,
    ) -> Outcome<bool> {
        self.end_removal(holder, removal, receipt, previous, now)
            .await
    }

    async fn receipt(&self, scope: &Scope) -> Outcome<Option<SignedReceipt>> {
        self.read_receipt(scope).await
    }

    async fn receipts(&self, tenant: &TenantId) -> Outcome<Vec<SignedReceipt>> {
        self.list_receipts(tenant).await
    }
}

impl AwsStore {
    fn update_removal(&self, scope: &Scope, holder: &str) -> UpdateItemFluentBuilder {
        self.clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(place(scope)))
            .expression_attribute_values(":me", text(holder))
    }
}

/// Returns the key of a removal's row.
pub(super) fn place(scope: &Scope) -> Attributes {
    key(
        places::integration_in(scope),
        places::removal(scope.generation),
    )
}

pub(super) fn written(removal: &Removal) -> Outcome<String> {
    serde_json::to_string(removal).map_err(|_| malformed("removal"))
}

fn state(row: &Attributes) -> Outcome<Removal> {
    serde_json::from_str(row.text("state")?).map_err(|_| malformed("removal"))
}
