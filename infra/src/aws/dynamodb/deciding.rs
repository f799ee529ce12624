//! What users decided about relations, and how the decisions are laid over the copy.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    ports::{Deciding, DecisionsOf, Fingerprint, Known, Merged, Relink, StoredDecision},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::{
    batch::{self, key},
    checkpoint::{Transacted, put},
    comparing::company_of,
    copy_rows::{companies, relation_attributes},
    decision_rows::{decision, of_decision},
    item::{Attributes, Item, blob, number, text},
    store::AwsStore,
    vanishing::held_place,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

#[async_trait]
impl Deciding for AwsStore {
    async fn decisions(&self, scope: &Scope, of: DecisionsOf<'_>) -> Outcome<Vec<StoredDecision>> {
        let prefix = match of {
            DecisionsOf::Everything => places::decision_rows(scope.generation, None),
            DecisionsOf::Object(object) => {
                places::decision_rows(scope.generation, Some((object, None)))
            }
            DecisionsOf::Record(object, id) => {
                places::decision_rows(scope.generation, Some((object, Some(id))))
            }
        };
        let home = places::integration_in(scope);
        let rows = self
            .rows_under("decisions_query", &home, &prefix, None)
            .await?;
        rows.iter().map(decision).collect()
    }

    async fn relink(&self, scope: &Scope, change: &Relink) -> Outcome<bool> {
        let id = &change.id;
        let shard = places::record_shard(scope, change.object, id);
        let mut actions = vec![self.is_there(scope)?, self.relate(&shard, change)?];
        for company in change.dropped() {
            let place = key(shard.as_str(), places::relation(id, &company));
            actions.push(delete(&self.copies, place)?);
        }
        for relation in &change.relations {
            let item = relation_attributes(scope, &shard, id, relation);
            actions.push(put(&self.copies, item)?);
        }
        if let Some(decision) = &change.decision {
            actions.push(put(&self.ledger, of_decision(scope, decision))?);
        }
        match self.transact("relink", actions).await? {
            Transacted::Done => Ok(true),
            Transacted::FirstFailed => {
                Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced))
            }
            Transacted::SecondFailed => Ok(false),
        }
    }

    async fn note_merged(&self, scope: &Scope, object: Object, merged: &[Merged]) -> Outcome<()> {
        let rows = merged
            .iter()
            .map(|merged| {
                let sk = places::merged(scope.generation, object, &merged.id);
                let mut row = batch::key(places::integration_in(scope), sk);
                row.insert("into".to_owned(), text(merged.survivor.as_str()));
                batch::put(row)
            })
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.ledger, rows).await
    }

    async fn merged_into(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<RecordId>> {
        let sk = places::merged(scope.generation, object, id);
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("merged_get", &error))?;
        let row = found.item.as_ref();
        row.map(|row| RecordId::parse(row.text("into")?))
            .transpose()
    }

    async fn erase(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
        seen: &Known,
    ) -> Outcome<bool> {
        let shard = places::record_shard(scope, object, id);
        // What lies beside the item is deleted first, since the item names it.
        if seen.large {
            self.pages.delete(&places::body(scope, object, id)).await?;
        }
        let (condition, values) = as_seen(seen);
        let record = Delete::builder()
            .table_name(&self.copies)
            .set_key(Some(key(shard.as_str(), id.as_str())))
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(|_| malformed("delete"))?;
        let mut actions = vec![
            self.is_there(scope)?,
            TransactWriteItem::builder().delete(record).build(),
        ];
        // The record names its relations. A put that was cut off may have left more beside it, and they are deleted,
        // too.
        let mut companies: BTreeSet<KeyedHash> = seen.relations.iter().copied().collect();
        for row in self.relations_beside(&shard, id.as_str()).await? {
            companies.extend(company_of(&row)?);
        }
        for company in &companies {
            let place = key(shard.as_str(), places::relation(id, company));
            actions.push(delete(&self.copies, place)?);
        }
        for decided in self
            .decisions(scope, DecisionsOf::Record(object, id))
            .await?
        {
            let sk = places::decision(scope.generation, object, id, &decided.company);
            let place = key(places::integration_in(scope), sk);
            actions.push(delete(&self.ledger, place)?);
        }
        if seen.vanished.is_some() {
            actions.push(delete(&self.ledger, held_place(scope, object, id))?);
        }
        match self.transact("erase", actions).await? {
            Transacted::Done => Ok(true),
            Transacted::FirstFailed => {
                Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced))
            }
            Transacted::SecondFailed => Ok(false),
        }
    }
}

/// Returns the condition that a record is still as the caller saw it, and the values of that condition.
fn as_seen(seen: &Known) -> (String, Attributes) {
    let mut values = Attributes::from([
        (":d".to_owned(), blob(seen.digest.as_bytes())),
        (":p".to_owned(), number(seen.page)),
    ]);
    let relations = if seen.relations.is_empty() {
        "attribute_not_exists(r)"
    } else {
        values.insert(":before".to_owned(), companies(&seen.relations));
        "r = :before"
    };
    (format!("d = :d AND p = :p AND {relations}"), values)
}

fn delete(table: &str, place: Attributes) -> Outcome<TransactWriteItem> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(place))
        .build()
        .map_err(|_| malformed("delete"))?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

impl AwsStore {
    /// Returns the update that writes a record's relations into its item, if the record is still as the caller saw it.
    fn relate(&self, shard: &str, change: &Relink) -> Outcome<TransactWriteItem> {
        let after = change.companies();
        let (condition, mut values) = as_seen(&change.seen);
        let update = match Fingerprint::of_stored(&change.relations) {
            None => "REMOVE r, f",
            Some(fingerprint) => {
                values.insert(":after".to_owned(), companies(&after));
                values.insert(":f".to_owned(), blob(fingerprint.as_bytes()));
                "SET r = :after, f = :f"
            }
        };
        let update = Update::builder()
            .table_name(&self.copies)
            .set_key(Some(key(shard, change.id.as_str())))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
