//! Steps that move an object or a run forward. Each is one transaction with the fence.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use domain::{
    fault::{AwsCode, Fault, Kind, Outcome},
    integration::Status,
    ports::{Checkpoint, Known},
    record::{Object, RecordId},
    tenant::Scope,
};

use super::{
    batch::{self, key},
    item::{Attributes, blob, number, text},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    pause::pause,
    places,
};

/// The condition that the integration is connected, in this generation, and leased to the holder.
pub(super) const FENCE: &str = "#status = :connected AND generation = :g AND lease_holder = :me";

/// Attempts at a transaction that conflicts with another one.
const TRIES: u32 = 5;

impl AwsStore {
    /// Deletes what lies beside the records: relations and large bodies. It goes before the records, since a record's
    /// item names what lies beside it.
    pub(super) async fn take_out_beside(
        &self,
        scope: &Scope,
        object: Object,
        gone: &[(RecordId, Known)],
    ) -> Outcome<()> {
        let mut relations = Vec::new();
        for (id, known) in gone {
            let shard = places::record_shard(scope, object, id);
            for company in &known.relations {
                relations.push(batch::delete(key(
                    shard.as_str(),
                    places::relation(id, company),
                ))?);
            }
            if known.large {
                self.pages.delete(&places::body(scope, object, id)).await?;
            }
        }
        batch::write(&self.clients.dynamodb, &self.copies, relations).await
    }

    pub(super) fn fence(&self, scope: &Scope, holder: &str) -> Outcome<TransactWriteItem> {
        let check = ConditionCheck::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .condition_expression(FENCE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":me", text(holder))
            .build()
            .map_err(|_| malformed("condition"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    pub(super) fn progress_update(
        &self,
        scope: &Scope,
        step: &Checkpoint<'_>,
    ) -> Outcome<TransactWriteItem> {
        let progress = step.progress;
        let summary = serde_json::to_string(&progress.summary).map_err(|_| malformed("summary"))?;
        let gone = i64::try_from(step.gone.len()).map_err(|_| malformed("gone"))?;
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::progress(scope.generation, progress.object),
            )))
            .update_expression(
                "SET #run = :run, #cursor = :cursor, summary = :summary ADD held :held",
            )
            // No two sealed cursors are equal. A repeated step is therefore recognised by its cursor and counted once.
            .condition_expression("attribute_not_exists(#cursor) OR #cursor <> :cursor")
            .expression_attribute_names("#run", "run")
            .expression_attribute_names("#cursor", "cursor")
            .expression_attribute_values(":run", text(progress.run.as_str()))
            .expression_attribute_values(":cursor", blob(progress.cursor.as_bytes()))
            .expression_attribute_values(":summary", text(summary))
            .expression_attribute_values(":held", number(step.added - gone))
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Runs a transaction whose first action is the fence.
    pub(super) async fn transact(
        &self,
        operation: &'static str,
        actions: Vec<TransactWriteItem>,
    ) -> Outcome<Transacted> {
        transact(&self.clients.dynamodb, operation, actions).await
    }
}

/// Writes an item, whatever is there, as an action of a transaction.
pub(super) fn put(table: &str, item: Attributes) -> Outcome<TransactWriteItem> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .build()
        .map_err(|_| malformed("put"))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// Writes an item that is not there yet, as an action of a transaction.
pub(in crate::aws) fn first(table: &str, item: Attributes) -> Outcome<TransactWriteItem> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(pk)")
        .build()
        .map_err(|_| malformed("put"))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// Deletes an item, whether it is there or not, as an action of a transaction.
pub(in crate::aws) fn delete(table: &str, key: Attributes) -> Outcome<TransactWriteItem> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key))
        .build()
        .map_err(|_| malformed("delete"))?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

/// Runs a transaction. The SDK repeats a lost request with the same client token, so it is applied once.
pub(in crate::aws) async fn transact(
    client: &aws_sdk_dynamodb::Client,
    operation: &'static str,
    actions: Vec<TransactWriteItem>,
) -> Outcome<Transacted> {
    for round in 0..TRIES {
        let sent = client
            .transact_write_items()
            .set_transact_items(Some(actions.clone()))
            .send()
            .await;
        let error = match sent {
            Ok(_) => return Ok(Transacted::Done),
            Err(error) => error,
        };
        match Cancelled::of(&error) {
            None => return Err(fault(operation, &error)),
            Some(Cancelled::FirstFailed) => return Ok(Transacted::FirstFailed),
            Some(Cancelled::SecondFailed) => return Ok(Transacted::SecondFailed),
            Some(Cancelled::Conflict) => pause(round + 2).await,
            Some(Cancelled::Other(code)) => {
                return Err(Fault::aws(operation, AwsCode::said(code)).with_kind(Kind::Permanent));
            }
        }
    }
    Err(Fault::aws(operation, AwsCode::Conflict))
}

/// The result of a transaction.
pub(in crate::aws) enum Transacted {
    /// All actions were applied.
    Done,
    /// No action was applied: the first action's condition did not hold.
    FirstFailed,
    /// No action was applied: the first action's condition held, another one did not.
    SecondFailed,
}

/// The reason why DynamoDB cancelled a transaction.
enum Cancelled {
    FirstFailed,
    SecondFailed,
    /// Another transaction or a throttle. A further attempt is worth it.
    Conflict,
    Other(String),
}

impl Cancelled {
    fn of(
        error: &SdkError<TransactWriteItemsError, aws_sdk_dynamodb::config::http::HttpResponse>,
    ) -> Option<Self> {
        let TransactWriteItemsError::TransactionCanceledException(cancelled) =
            error.as_service_error()?
        else {
            return None;
        };
        // DynamoDB gives one code per action, in their order. The code is "None" if the action did not cause the
        // cancellation.
        let codes: Vec<&str> = cancelled
            .cancellation_reasons()
            .iter()
            .map(|reason| reason.code().unwrap_or("None"))
            .collect();
        let has = |code| codes.contains(&code);
        let failed = codes
            .iter()
            .position(|code| *code == "ConditionalCheckFailed");
        Some(if failed == Some(0) {
            Self::FirstFailed
        } else if failed.is_some() {
            Self::SecondFailed
        } else if has("TransactionConflict")
            || has("ThrottlingError")
            || has("ProvisionedThroughputExceeded")
        {
            Self::Conflict
        } else {
            let code = codes.iter().find(|code| **code != "None");
            Self::Other(code.map_or("cancelled", |code| code).to_owned())
        })
    }
}
