//! Lists an object's records, each compared with the relations that lie beside it.

mod shelf;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Comparing, HeldToken, Listed},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use self::shelf::{Shelf, record_part};
use super::{
    batch::{self, key},
    copy_rows::{next_shard, read_token},
    item::{Attributes, Item, text},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

/// The attributes that are read: of a record its companies, their fingerprint and its parent, of a relation its status and score.
/// DynamoDB bills a query by the items that it passes, so reading relations costs no more than skipping them.
const READ: &str = "sk, m, p, r, f, hp, vn, st, sc";

#[async_trait]
impl Comparing for AwsStore {
    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed> {
        let (shard, start) = match after {
            None => (0, None),
            Some(token) => read_token(token)?,
        };
        let partition = places::shard(scope, object, shard);
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.copies)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(&partition))
            .projection_expression(READ)
            .set_exclusive_start_key(start.clone().map(|sk| key(partition.as_str(), sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("held_query", &error))?;
        let last = match answer.last_evaluated_key() {
            Some(last) => Some(last.text("sk")?.to_owned()),
            None => None,
        };
        let mut shelf = Shelf::after(start.as_deref().map(record_part));
        for row in answer.items.unwrap_or_default() {
            shelf.add(row)?;
        }
        if let Some(last) = &last {
            // The next page may begin with more relations of the last record. They are read here and skipped there.
            let id = record_part(last);
            for row in self.relations_beside(&partition, id).await? {
                shelf.add(row)?;
            }
        }
        shelf.listed(next_shard(shard, last))
    }

    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()> {
        let deletes = orphans
            .iter()
            .map(|(id, company)| {
                let shard = places::record_shard(scope, object, id);
                batch::delete(key(shard, places::relation(id, company)))
            })
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.copies, deletes).await
    }
}

impl AwsStore {
    /// Reads the rows of all relations that lie beside a record, even if the record itself is gone.
    pub(super) async fn relations_beside(
        &self,
        partition: &str,
        id: &str,
    ) -> Outcome<Vec<Attributes>> {
        let (mut rows, mut start) = (Vec::new(), None);
        loop {
            let answer = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.copies)
                .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
                .expression_attribute_values(":pk", text(partition))
                .expression_attribute_values(":sk", text(places::relations_of(id)))
                .projection_expression(READ)
                .set_exclusive_start_key(start)
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| fault("beside_query", &error))?;
            rows.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(rows);
            }
        }
    }
}

/// Returns the company of a relation's row. `None` if the row is a record's.
pub(super) fn company_of(row: &Attributes) -> Outcome<Option<KeyedHash>> {
    match row.text("sk")?.split_once("#R#") {
        None => Ok(None),
        Some((_, company)) => KeyedHash::parse(company)
            .map(Some)
            .ok_or_else(|| malformed("sk")),
    }
}
