//! The transaction with which a removal begins: it ends the generation.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use domain::{
    fault::Outcome,
    integration::Status,
    removal::{Asked, Removal},
    tenant::Scope,
};

use super::{
    audit,
    batch::key,
    checkpoint::put,
    item::{number, text, time},
    removals::{place, written},
    store::AwsStore,
};
use crate::aws::{fault::malformed, places};

impl AwsStore {
    /// Returns one transaction: status, removal's row, audit entry. The lease stays in the integration's row, since the
    /// removal reads there until when its holder may still write.
    pub(super) fn end_generation(
        &self,
        scope: &Scope,
        asked: &Asked,
    ) -> Outcome<Vec<TransactWriteItem>> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .update_expression(
                "SET #status = :removing, due_at = :now, due_bucket = :bucket \
                 REMOVE run_id, run_begun, run_next, standstill, untold, verified_at",
            )
            .condition_expression("generation = :g AND #status IN (:connected, :lost)")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":removing", text(Status::Removing.name()))
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":lost", text(Status::NeedsReconnect.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":now", text(time(asked.at)))
            .expression_attribute_values(":bucket", text(places::due_bucket(scope)))
            .build()
            .map_err(|_| malformed("update"))?;
        let mut row = place(scope);
        let state = written(&Removal::begin(asked.clone()))?;
        row.insert("state".to_owned(), text(state));
        Ok(vec![
            TransactWriteItem::builder().update(update).build(),
            put(&self.ledger, row)?,
            put(
                &self.ledger,
                audit::of_change(scope, asked.at, "removal_asked", asked),
            )?,
        ])
    }
}
