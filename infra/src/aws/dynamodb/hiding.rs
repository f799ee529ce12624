//! The flag in a record's item whose deletion waits, and where the record's projection lies meanwhile.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{
    fault::Outcome,
    ports::Copies,
    record::{Object, RecordId},
    tenant::Scope,
    vanished::Vanished,
};

use super::{
    batch::key,
    copy_rows::{VANISHED, vanished_name},
    item::text,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused},
    places,
};

impl AwsStore {
    /// Flags a record whose deletion waits. Returns whether there is such a record.
    pub(super) async fn hide(&self, scope: &Scope, object: Object, id: &RecordId) -> Outcome<bool> {
        let waiting = vanished_name(Vanished::Waiting);
        let flag = || {
            self.update_copy(scope, object, id)
                .expression_attribute_values(":v", text(waiting))
        };
        let is_new = format!("attribute_exists(d) AND attribute_not_exists({VANISHED})");
        if object.has_projection() {
            let with_projection = flag()
                .update_expression(format!("SET {VANISHED} = :v, xq = q REMOVE q"))
                .condition_expression(format!("{is_new} AND attribute_exists(q)"));
            if applied("copy_hide", with_projection).await? {
                return Ok(true);
            }
        }
        let bare = flag()
            .update_expression(format!("SET {VANISHED} = :v"))
            .condition_expression(is_new);
        if applied("copy_hide", bare).await? {
            return Ok(true);
        }
        // The record was flagged before, or it is gone.
        let known = self.known(scope, object, std::slice::from_ref(id)).await?;
        Ok(known.first().is_some_and(Option::is_some))
    }

    /// Displays a record again whose deletion waited.
    pub(super) async fn show_again(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<()> {
        let flag = || {
            self.update_copy(scope, object, id)
                .expression_attribute_values(":v", text(vanished_name(Vanished::Left)))
        };
        let is_flagged = format!("attribute_exists({VANISHED})");
        let with_projection = flag()
            .update_expression(format!("SET {VANISHED} = :v, q = xq REMOVE xq"))
            .condition_expression(format!("{is_flagged} AND attribute_exists(xq)"));
        if object.has_projection() && applied("copy_show", with_projection).await? {
            return Ok(());
        }
        let bare = flag()
            .update_expression(format!("SET {VANISHED} = :v"))
            .condition_expression(is_flagged);
        applied("copy_show", bare).await.map(drop)
    }

    fn update_copy(&self, scope: &Scope, object: Object, id: &RecordId) -> UpdateItemFluentBuilder {
        let place = key(places::record_shard(scope, object, id), id.as_str());
        let update = self.clients.dynamodb.update_item();
        update.table_name(&self.copies).set_key(Some(place))
    }
}

/// Returns whether the condition of an update held.
async fn applied(operation: &'static str, update: UpdateItemFluentBuilder) -> Outcome<bool> {
    match update.send().await {
        Ok(_) => Ok(true),
        Err(error) if is_refused(&error) => Ok(false),
        Err(error) => Err(fault(operation, &error)),
    }
}
