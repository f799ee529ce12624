//! Runs: how far each object is, what could not be kept, and how a run ended.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use domain::{
    fault::{Fault, Outcome},
    integration::Status,
    order::Order,
    progress::{Progress, Quarantined, RunReport},
    standstill::Standstill,
    tenant::{RunId, Scope},
};
use jiff::Timestamp;

use super::{
    batch::{self, key},
    checkpoint::Transacted,
    item::{Attributes, Item, number, text, time},
    leases::FENCE,
    outbox::{self, APPEND},
    rows,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places,
};

impl AwsStore {
    pub(super) async fn list_progress(&self, scope: &Scope) -> Outcome<Vec<Progress>> {
        // Five rows: they never fill a page.
        self.clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(places::integration_in(scope)))
            .expression_attribute_values(":sk", text(places::progress_rows(scope.generation)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("progress_query", &error))?
            .items()
            .iter()
            .map(rows::progress)
            .collect()
    }

    pub(super) async fn note_quarantined(
        &self,
        scope: &Scope,
        run: &RunId,
        records: &[Quarantined],
    ) -> Outcome<()> {
        let mut rows = std::collections::BTreeMap::new();
        for (position, record) in records.iter().enumerate() {
            let id = record.id.as_ref();
            let sk = places::quarantine(scope.generation, record.object, id, record.page, position);
            let mut row = key(places::integration_in(scope), sk.as_str());
            row.insert("reason".to_owned(), text(&record.reason));
            row.insert("run".to_owned(), text(run.as_str()));
            row.insert("page".to_owned(), number(record.page));
            rows.insert(sk, row);
        }
        let puts = rows
            .into_values()
            .map(batch::put)
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.ledger, puts).await
    }

    pub(super) async fn end_run(
        &self,
        scope: &Scope,
        holder: &str,
        report: &RunReport,
        next: Timestamp,
        status: Status,
        orders: &[Order],
    ) -> Outcome<()> {
        let text_of_report = serde_json::to_string(report).map_err(|_| malformed("report"))?;
        let sk = places::run(scope.generation, &report.run);
        let mut row = key(places::integration_in(scope), sk.as_str());
        row.insert("report".to_owned(), text(&text_of_report));
        let put = Put::builder()
            .table_name(&self.ledger)
            .set_item(Some(row))
            .build()
            .map_err(|_| malformed("report"))?;
        let actions = vec![
            self.close_run(scope, holder, next, status, orders)?,
            TransactWriteItem::builder().put(put).build(),
        ];
        match self.transact("finish", actions).await? {
            Transacted::Done => Ok(()),
            // It may have been us, with the answer lost.
            Transacted::FirstFailed | Transacted::SecondFailed => {
                match self.read_report(scope, &sk).await? {
                    Some(there) if there == text_of_report => Ok(()),
                    _ => Err(Fault::fenced("lease.lost")),
                }
            }
        }
    }

    pub(super) async fn put_standstill(
        &self,
        scope: &Scope,
        holder: &str,
        found: &Standstill,
    ) -> Outcome<()> {
        let found = serde_json::to_string(found).map_err(|_| malformed("standstill"))?;
        let updated = self
            .update_integration(scope, holder)
            .update_expression("SET standstill = :found")
            .condition_expression(FENCE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":found", text(found))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(()),
            Err(error) if is_refused(&error) => Err(Fault::fenced("lease.lost")),
            Err(error) => Err(fault("standstill_put", &error)),
        }
    }

    fn close_run(
        &self,
        scope: &Scope,
        holder: &str,
        next: Timestamp,
        status: Status,
        orders: &[Order],
    ) -> Outcome<TransactWriteItem> {
        let leave_index = if status == Status::Connected {
            ""
        } else {
            ", due_bucket"
        };
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), places::INTEGRATION)))
            .update_expression(format!(
                "SET #status = :status, due_at = :next, {APPEND} \
                 REMOVE run_id, run_begun, run_next, standstill, lease_holder, lease_run, lease_deadline{leave_index}"
            ))
            .condition_expression(FENCE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(status.name()))
            .expression_attribute_values(":next", text(time(next)))
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":me", text(holder))
            .expression_attribute_values(":none", outbox::list(&[])?)
            .expression_attribute_values(":orders", outbox::list(orders)?)
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    pub(super) async fn read_report(&self, scope: &Scope, sk: &str) -> Outcome<Option<String>> {
        self.clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("report_get", &error))?
            .item
            .map(|row: Attributes| row.text("report").map(str::to_owned))
            .transpose()
    }
}
