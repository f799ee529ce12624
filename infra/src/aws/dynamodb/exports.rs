//! Exports: their rows, their leases and, in the bucket, their files.
//!
//! A row's attributes are named as those of no other row, since the data role for exports (`template.yaml`) may write these
//! attributes and no others: rows of one partition are told apart by nothing else there.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update, builders::UpdateBuilder};
use domain::{
    exports::{Export, REMEMBERED, StoredExport},
    fault::{Code, Fault, Outcome},
    ports::Exports,
    tenant::{ExportId, Scope},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    audit,
    batch::key,
    checkpoint::{Transacted, put},
    item::{Attributes, Item, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, given_back, malformed},
    places,
};

/// The attribute that has the export itself.
const EXPORTING: &str = "exporting";
/// The attribute that has the lease's holder.
const HOLDER: &str = "exporting_holder";
/// The attribute that has the lease's end.
const UNTIL: &str = "exporting_until";

#[async_trait]
impl Exports for AwsStore {
    async fn begin_export(&self, scope: &Scope, export: &Export) -> Outcome<()> {
        let mut row = place(scope, &export.id);
        row.insert(EXPORTING.to_owned(), text(written(export)?));
        let forgotten = export.asked.at.saturating_add(REMEMBERED);
        let forgotten = forgotten.map_or(i64::MAX, Timestamp::as_second);
        row.insert("expires".to_owned(), number(forgotten));
        let new = Put::builder()
            .table_name(&self.ledger)
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| malformed("row"))?;
        let entry = audit::of_change(scope, export.asked.at, "export_asked", &export.asked);
        let actions = vec![
            self.is_there(scope)?,
            TransactWriteItem::builder().put(new).build(),
            put(&self.ledger, entry)?,
        ];
        match self.transact("export_begin", actions).await? {
            // If the row is there already, this call was applied before and its answer was lost.
            Transacted::Done | Transacted::SecondFailed => Ok(()),
            Transacted::FirstFailed => Err(not_shown()),
        }
    }

    async fn exports(&self, scope: &Scope) -> Outcome<Vec<StoredExport>> {
        let home = places::integration_in(scope);
        let prefix = places::export_rows(scope.generation);
        let rows = self
            .rows_under("exports_query", &home, &prefix, None)
            .await?;
        // A row without it is of an earlier build. Its export is unknown, and its file goes when its time is over.
        let known = rows.iter().filter(|row| row.contains_key(EXPORTING));
        known.map(stored).collect()
    }

    async fn take_export(
        &self,
        scope: &Scope,
        id: &ExportId,
        holder: &str,
        deadline: Timestamp,
        now: Timestamp,
    ) -> Outcome<Option<Export>> {
        let update = self
            .update_export(scope, id, holder)
            .update_expression("SET exporting_holder = :me, exporting_until = :until")
            .condition_expression(
                "attribute_exists(exporting) AND (attribute_not_exists(exporting_holder) \
                 OR exporting_until <= :now OR exporting_holder = :me)",
            )
            .expression_attribute_values(":until", text(time(deadline)))
            .expression_attribute_values(":now", text(time(now)));
        let taken = self
            .transact("export_take", vec![self.is_there(scope)?, built(update)?])
            .await?;
        if matches!(taken, Transacted::FirstFailed) {
            return Err(not_shown());
        }
        let there = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(place(scope, id)))
            .projection_expression("exporting, exporting_holder, exporting_until")
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("export_get", &error))?
            .item
            .ok_or_else(|| Fault::of(Code::ExportUnknown))?;
        // The lease is ours unless the condition did not hold.
        let is_ours = there.optional_text(HOLDER) == Some(holder);
        is_ours
            .then(|| stored(&there).map(|found| found.export))
            .transpose()
    }

    async fn release_export(&self, scope: &Scope, id: &ExportId, holder: &str) -> Outcome<()> {
        let updated = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(place(scope, id)))
            .update_expression("REMOVE exporting_holder, exporting_until")
            .condition_expression("exporting_holder = :me")
            .expression_attribute_values(":me", text(holder))
            .send()
            .await;
        given_back("export_release", updated)
    }

    async fn note_export(&self, scope: &Scope, holder: &str, export: &Export) -> Outcome<()> {
        let update = self
            .update_export(scope, &export.id, holder)
            .update_expression("SET exporting = :state")
            .condition_expression("exporting_holder = :me")
            .expression_attribute_values(":state", text(written(export)?));
        let actions = vec![self.is_there(scope)?, built(update)?];
        match self.transact("export_note", actions).await? {
            Transacted::Done => Ok(()),
            Transacted::FirstFailed => Err(not_shown()),
            Transacted::SecondFailed => Err(Fault::of(Code::ExportLeaseLost)),
        }
    }

    async fn begin_upload(&self, scope: &Scope, id: &ExportId) -> Outcome<String> {
        self.pages.begin_upload(&places::export(scope, id)).await
    }

    async fn put_part(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        n: u32,
        bytes: Vec<u8>,
    ) -> Outcome<String> {
        let key = places::export(scope, id);
        self.pages.put_part(&key, upload, n, bytes).await
    }

    async fn finish_upload(
        &self,
        scope: &Scope,
        id: &ExportId,
        upload: &str,
        parts: &[String],
    ) -> Outcome<()> {
        let key = places::export(scope, id);
        self.pages.finish_upload(&key, upload, parts).await
    }

    async fn abort_upload(&self, scope: &Scope, id: &ExportId, upload: &str) -> Outcome<()> {
        self.pages.abort(&places::export(scope, id), upload).await
    }

    async fn export_url(
        &self,
        scope: &Scope,
        id: &ExportId,
        valid: SignedDuration,
    ) -> Outcome<String> {
        let name = format!("{}-{id}.ndjson.gz", scope.integration);
        let valid = valid.try_into().unwrap_or_default();
        self.pages
            .url(&places::export(scope, id), &name, valid)
            .await
    }
}

impl AwsStore {
    fn update_export(&self, scope: &Scope, id: &ExportId, holder: &str) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(place(scope, id)))
            .expression_attribute_values(":me", text(holder))
    }
}

fn place(scope: &Scope, id: &ExportId) -> Attributes {
    key(
        places::integration_in(scope),
        places::exporting(scope.generation, id),
    )
}

fn built(update: UpdateBuilder) -> Outcome<TransactWriteItem> {
    let update = update.build().map_err(|_| malformed("update"))?;
    Ok(TransactWriteItem::builder().update(update).build())
}

fn written(export: &Export) -> Outcome<String> {
    serde_json::to_string(export).map_err(|_| malformed("export"))
}

fn stored(row: &Attributes) -> Outcome<StoredExport> {
    let export = serde_json::from_str(row.text(EXPORTING)?).map_err(|_| malformed("export"))?;
    let leased_until = row
        .optional_text(UNTIL)
        .map(|until| until.parse().map_err(|_| malformed(UNTIL)))
        .transpose()?;
    Ok(StoredExport {
        export,
        leased_until,
    })
}

fn not_shown() -> Fault {
    Fault::of(Code::IntegrationNotShown)
}
