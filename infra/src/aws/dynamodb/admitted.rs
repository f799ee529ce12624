//! The conditions of transactions on the integration's row: this generation, and a status.

use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem, Update};
use domain::{fault::Outcome, integration::Status, order::Order, tenant::Scope};

use super::{
    batch::key,
    item::{number, text},
    outbox::{self, APPEND},
    store::AwsStore,
};
use crate::aws::{fault::malformed, places};

/// The condition that the integration is connected, in this generation.
const CONNECTED: &str = "#status = :connected AND generation = :g";
/// The condition that it is connected, or has to be connected again, in this generation.
const THERE: &str = "#status IN (:connected, :waits) AND generation = :g";

impl AwsStore {
    /// Returns the check that the integration is connected, in this generation.
    pub(super) fn admitted(&self, scope: &Scope) -> Outcome<TransactWriteItem> {
        let check = ConditionCheck::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .condition_expression(CONNECTED)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .build()
            .map_err(|_| malformed("condition"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// Returns the check that the integration is connected, or has to be connected again, in this generation.
    pub(super) fn is_there(&self, scope: &Scope) -> Outcome<TransactWriteItem> {
        let check = ConditionCheck::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .condition_expression(THERE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":waits", text(Status::NeedsReconnect.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .build()
            .map_err(|_| malformed("condition"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// Returns the update that keeps an order as untold, under the condition of [`AwsStore::is_there`].
    pub(super) fn keep_untold(&self, scope: &Scope, order: &Order) -> Outcome<TransactWriteItem> {
        let orders = std::slice::from_ref(order);
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .update_expression(format!("SET {APPEND}"))
            .condition_expression(THERE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":waits", text(Status::NeedsReconnect.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":none", outbox::list(&[])?)
            .expression_attribute_values(":orders", outbox::list(orders)?)
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
