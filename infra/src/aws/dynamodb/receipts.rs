//! Receipts, and the end of a removal, which writes one.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use domain::{
    fault::{Code, Fault, Outcome},
    integration::Status,
    removal::{ReceiptHead, Removal, SignedReceipt},
    tenant::{Generation, IntegrationId, Scope, TenantId},
};
use jiff::Timestamp;

use super::{
    audit,
    batch::key,
    checkpoint::{Transacted, put},
    item::{Attributes, Item, blob, number, text, time},
    removals::{place, written},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

impl AwsStore {
    /// Ends a removal in one transaction: status, removal's row, receipt, the tenant's last receipt, audit entry.
    pub(super) async fn end_removal(
        &self,
        holder: &str,
        removal: &Removal,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
        now: Timestamp,
    ) -> Outcome<bool> {
        let scope = &receipt.scope;
        let actions = vec![
            self.close_integration(scope)?,
            self.close_row(scope, holder, removal)?,
            put(&self.ledger, of_receipt(receipt, now))?,
            self.put_head(receipt, previous)?,
            put(
                &self.ledger,
                audit::of_change(scope, now, "removal_done", &removal.asked),
            )?,
        ];
        match self.transact("removal_close", actions).await? {
            Transacted::Done => Ok(true),
            Transacted::FirstFailed => Err(Fault::of(Code::RemovalNotUnderWay)),
            // Either the lease is lost, or another receipt has become the tenant's last.
            Transacted::SecondFailed => {
                if self.read_head(&scope.tenant).await?.as_ref() == previous {
                    Err(Fault::of(Code::RemovalLeaseLost))
                } else {
                    Ok(false)
                }
            }
        }
    }

    fn close_integration(&self, scope: &Scope) -> Outcome<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .update_expression(
                "SET #status = :removed REMOVE credentials, due_bucket, run_id, run_begun, run_next, \
                 lease_holder, lease_run, lease_deadline",
            )
            .condition_expression("#status = :removing AND generation = :g")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":removed", text(Status::Removed.name()))
            .expression_attribute_values(":removing", text(Status::Removing.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    fn close_row(
        &self,
        scope: &Scope,
        holder: &str,
        removal: &Removal,
    ) -> Outcome<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(place(scope)))
            .update_expression("SET #state = :state, done = :done REMOVE holder, held_until")
            .condition_expression("holder = :me")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", text(written(removal)?))
            .expression_attribute_values(
                ":done",
                aws_sdk_dynamodb::types::AttributeValue::Bool(true),
            )
            .expression_attribute_values(":me", text(holder))
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Returns the put that makes this receipt the tenant's last, if no other came in between.
    fn put_head(
        &self,
        receipt: &SignedReceipt,
        previous: Option<&ReceiptHead>,
    ) -> Outcome<TransactWriteItem> {
        let head = receipt.head();
        let mut row = key(places::tenant(&receipt.scope.tenant), places::RECEIPT_HEAD);
        row.insert("number".to_owned(), number(head.number));
        row.insert("sha256".to_owned(), text(head.hash));
        let put = Put::builder().table_name(&self.ledger).set_item(Some(row));
        let put = match previous {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(previous) => put
                .condition_expression("sha256 = :previous")
                .expression_attribute_values(":previous", text(&previous.hash)),
        };
        let put = put.build().map_err(|_| malformed("head"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    pub(super) async fn read_head(&self, tenant: &TenantId) -> Outcome<Option<ReceiptHead>> {
        self.clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::RECEIPT_HEAD)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("receipt_head_get", &error))?
            .item
            .map(|row| {
                Ok(ReceiptHead {
                    number: row.number("number")?,
                    hash: row.text("sha256")?.to_owned(),
                })
            })
            .transpose()
    }

    pub(super) async fn read_receipt(&self, scope: &Scope) -> Outcome<Option<SignedReceipt>> {
        self.clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::tenant(&scope.tenant),
                places::receipt(scope),
            )))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("receipt_get", &error))?
            .item
            .as_ref()
            .map(|row| to_receipt(&scope.tenant, row))
            .transpose()
    }

    pub(super) async fn list_receipts(&self, tenant: &TenantId) -> Outcome<Vec<SignedReceipt>> {
        let home = places::tenant(tenant);
        let rows = self
            .rows_under("receipts_query", &home, places::RECEIPTS, None)
            .await?;
        let mut found = rows
            .iter()
            .map(|row| to_receipt(tenant, row))
            .collect::<Outcome<Vec<_>>>()?;
        found.sort_by_key(|receipt| receipt.number);
        Ok(found)
    }
}

fn of_receipt(receipt: &SignedReceipt, now: Timestamp) -> Attributes {
    let scope = &receipt.scope;
    let mut row = key(places::tenant(&scope.tenant), places::receipt(scope));
    for (name, value) in [
        ("integration", text(scope.integration.as_str())),
        ("generation", number(scope.generation.0)),
        ("number", number(receipt.number)),
        ("document", text(&receipt.document)),
        ("signature", blob(&receipt.signature)),
        ("key_id", text(&receipt.key_id)),
        ("at", text(time(now))),
    ] {
        row.insert(name.to_owned(), value);
    }
    row
}

fn to_receipt(tenant: &TenantId, row: &Attributes) -> Outcome<SignedReceipt> {
    Ok(SignedReceipt {
        scope: Scope {
            tenant: tenant.clone(),
            integration: IntegrationId::parse(row.text("integration")?)?,
            generation: Generation(row.number("generation")?),
        },
        number: row.number("number")?,
        document: row.text("document")?.to_owned(),
        signature: row.blob("signature")?.to_vec(),
        key_id: row.text("key_id")?.to_owned(),
    })
}
