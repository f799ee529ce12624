//! Leases of runs, and what the holder of a lease writes about its run.

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{Delete, Put, TransactWriteItem, Update},
};
use domain::{
    fault::{Code, Fault, Outcome},
    integration::{Integration, Lease, Status},
    order::Order,
    ports::{Checkpoint, Leases},
    progress::{Quarantined, RunReport},
    standstill::Standstill,
    tenant::{RunId, Scope},
};
use jiff::Timestamp;

use super::{
    batch::{self, key},
    checkpoint::{FENCE, Transacted},
    item::{number, text, time},
    outbox::{self, APPEND},
    rows,
    store::AwsStore,
    taking::RowLease,
};
use crate::aws::{
    fault::{fault, given_back, is_refused, malformed},
    places,
};

/// The lease of a run.
const RUN: RowLease = RowLease {
    operation: "lease_take",
    set: "SET lease_holder = :me, lease_run = :run, lease_deadline = :until",
    is_free: "attribute_not_exists(lease_holder) OR lease_deadline <= :now OR lease_holder = :me",
};

#[async_trait]
impl Leases for AwsStore {
    async fn take_lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>> {
        let update = self
            .update_integration(scope, &lease.holder)
            .expression_attribute_values(":run", text(lease.run.as_str()));
        self.take_in_row(&RUN, scope, update, now, lease.deadline)
            .await?
            .map(|row| rows::integration(&row))
            .transpose()
    }

    async fn release_lease(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let updated = self
            .update_integration(scope, holder)
            .update_expression("REMOVE lease_holder, lease_run, lease_deadline")
            .condition_expression("generation = :g AND lease_holder = :me")
            .send()
            .await;
        given_back("lease_release", updated)
    }

    async fn leave_open(&self, scope: &Scope, holder: &str, look_again: Timestamp) -> Outcome<()> {
        let updated = self
            .update_integration(scope, holder)
            // The deadline stays until the run ends: it tells dispatch up to when somebody worked on the run. The index `due` has
            // nothing else that does, and what an index has cannot be changed.
            .update_expression("SET due_at = :again REMOVE lease_holder, lease_run")
            .condition_expression(FENCE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":again", text(time(look_again)))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(()),
            // A removal has a due time of its own.
            Err(error) if is_refused(&error) => self.release_lease(scope, holder).await,
            Err(error) => Err(fault("lease_release", &error)),
        }
    }

    async fn note_standstill(
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
            Err(error) if is_refused(&error) => Err(Fault::of(Code::LeaseLost)),
            Err(error) => Err(fault("standstill_put", &error)),
        }
    }

    async fn checkpoint(&self, scope: &Scope, holder: &str, step: Checkpoint<'_>) -> Outcome<()> {
        let object = step.progress.object;
        self.take_out_beside(scope, object, step.gone).await?;

        let mut actions = vec![
            self.fence(scope, holder)?,
            self.progress_update(scope, &step)?,
        ];
        for (id, _) in step.gone {
            let delete = Delete::builder()
                .table_name(&self.copies)
                .set_key(Some(key(
                    places::record_shard(scope, object, id),
                    id.as_str(),
                )))
                .build()
                .map_err(|_| malformed("delete"))?;
            actions.push(TransactWriteItem::builder().delete(delete).build());
        }
        match self.transact("checkpoint", actions).await? {
            // If the cursor is stored already, this step was applied before and its answer was lost.
            Transacted::Done | Transacted::SecondFailed => Ok(()),
            Transacted::FirstFailed => Err(Fault::of(Code::LeaseLost)),
        }
    }

    async fn quarantine(&self, scope: &Scope, run: &RunId, records: &[Quarantined]) -> Outcome<()> {
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

    async fn finish(
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
            self.close_run(scope, holder, report, next, status, orders)?,
            TransactWriteItem::builder().put(put).build(),
        ];
        match self.transact("finish", actions).await? {
            Transacted::Done => Ok(()),
            // Our own write may have been applied and its answer lost.
            Transacted::FirstFailed | Transacted::SecondFailed => {
                match self.read_report(scope, &sk).await? {
                    Some(there) if there == text_of_report => Ok(()),
                    _ => Err(Fault::of(Code::LeaseLost)),
                }
            }
        }
    }
}

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

    fn close_run(
        &self,
        scope: &Scope,
        holder: &str,
        report: &RunReport,
        next: Timestamp,
        status: Status,
        orders: &[Order],
    ) -> Outcome<TransactWriteItem> {
        // Rows from before 30 November 2026 have no time yet. They count from the run that ends now.
        let (verified, verified_at) = match report.is_in_order() {
            true => (":verified", report.ended),
            false => ("if_not_exists(verified_at, :verified)", report.begun),
        };
        // Without a grant nothing is due. It stays in both indexes all the same: nobody has verified anything since.
        let next = match status {
            Status::Connected => next,
            _ => rows::NEVER,
        };
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), places::INTEGRATION)))
            .update_expression(format!(
                "SET #status = :status, due_at = :next, verified_at = {verified}, {APPEND} \
                 REMOVE run_id, run_begun, run_next, standstill, lease_holder, lease_run, lease_deadline"
            ))
            .condition_expression(FENCE)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", text(status.name()))
            .expression_attribute_values(":next", text(time(next)))
            .expression_attribute_values(":verified", text(time(verified_at)))
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .expression_attribute_values(":me", text(holder))
            .expression_attribute_values(":none", outbox::list(&[])?).expression_attribute_values(":orders", outbox::list(orders)?)
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
