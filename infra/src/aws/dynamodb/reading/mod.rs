//! Reads of the copy: by index, by key, and all of an object.

mod index;
mod review;

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::{Fault, Outcome},
    ports::{Copied, HeldToken, Hits, Lookup, MAX_LOOKUPS, Reading, Related, Suggested},
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    batch::{self, key},
    copy_rows::{self, next_shard, read_token, status},
    further,
    item::{Attributes, Item, text},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

/// How many requests of one call are under way at a time.
const IN_FLIGHT: usize = MAX_LOOKUPS;

#[async_trait]
impl Reading for AwsStore {
    async fn hits(&self, scope: &Scope, asked: &[Lookup]) -> Outcome<Vec<Hits>> {
        stream::iter(asked.to_vec())
            .map(|ask| async move { self.ask_index(scope, &ask).await })
            .buffered(IN_FLIGHT)
            .try_collect()
            .await
    }

    async fn copied(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<Copied>>> {
        let mut wanted: Vec<&(Object, RecordId)> = records.iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let keys = wanted
            .into_iter()
            .map(|(object, id)| key(places::record_shard(scope, *object, id), id.as_str()))
            .collect();
        let rows = batch::read(
            &self.clients.dynamodb,
            &self.copies,
            keys,
            "pk, sk, d, m, b, p, r, #l, s, vn",
            &[("#l", "l")],
        )
        .await?;
        let found = self.with_bodies(scope, rows).await?;
        let mut found: HashMap<(Object, RecordId), Copied> = found
            .into_iter()
            .map(|copied| ((copied.object, copied.id.clone()), copied))
            .collect();
        let mut copied: Vec<Option<Copied>> = Vec::with_capacity(records.len());
        for (at, record) in records.iter().enumerate() {
            // A record that was requested twice is returned twice.
            let is_last = !records[at + 1..].contains(record);
            copied.push(if is_last {
                found.remove(record)
            } else {
                found.get(record).cloned()
            });
        }
        Ok(copied)
    }

    async fn scan(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Copied>, Option<HeldToken>)> {
        let (shard, start) = after.map_or(Ok((0, None)), read_token)?;
        let partition = places::shard(scope, object, shard);
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.copies)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(&partition))
            // Relations lie in between. They have no digest.
            .filter_expression("attribute_exists(d)")
            .set_exclusive_start_key(start.map(|sk| key(partition.as_str(), sk)))
            .limit(further::limit(most))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("scan_query", &error))?;
        let rows = answer.items.unwrap_or_default();
        let (rows, last) = further::page(rows, answer.last_evaluated_key, most);
        let last = last.map(|last| Ok::<_, Fault>(last.text("sk")?.to_owned()));
        let next = next_shard(shard, last.transpose()?);
        Ok((self.with_bodies(scope, rows).await?, next))
    }

    async fn relations(
        &self,
        scope: &Scope,
        relations: &[(Object, RecordId, KeyedHash)],
    ) -> Outcome<Vec<Option<Related>>> {
        let place = |(object, id, company): &(Object, RecordId, KeyedHash)| {
            (
                places::record_shard(scope, *object, id),
                places::relation(id, company),
            )
        };
        let mut wanted: Vec<(String, String)> = relations.iter().map(place).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let keys = wanted.into_iter().map(|(pk, sk)| key(pk, sk)).collect();
        let client = &self.clients.dynamodb;
        let rows = batch::read(client, &self.copies, keys, "pk, sk, st, sc, s", &[]).await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            let related = Related {
                status: status(row)?,
                score: row.number("sc")?,
                link: sealed(row, "s"),
            };
            let place = (row.text("pk")?.to_owned(), row.text("sk")?.to_owned());
            found.insert(place, related);
        }
        Ok(relations
            .iter()
            .map(|relation| found.get(&place(relation)).cloned())
            .collect())
    }

    async fn suggested(
        &self,
        scope: &Scope,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Suggested>, Option<HeldToken>)> {
        self.ask_review(scope, after, most).await
    }
}

impl AwsStore {
    /// Converts rows to records. Bodies that lie beside them are fetched concurrently.
    async fn with_bodies(&self, scope: &Scope, rows: Vec<Attributes>) -> Outcome<Vec<Copied>> {
        stream::iter(rows)
            .map(|mut row| async move {
                let (object, id) = record_of(&row)?;
                let known = copy_rows::read_known(&row)?;
                let sealed = if known.large {
                    self.pages.get(&places::body(scope, object, &id)).await?
                } else {
                    match row.remove("s") {
                        Some(AttributeValue::B(bytes)) => {
                            Some(Sealed::from_stored(bytes.into_inner()))
                        }
                        _ => return Err(malformed("s")),
                    }
                };
                Ok(Copied {
                    object,
                    id,
                    known,
                    sealed,
                })
            })
            .buffered(IN_FLIGHT)
            .try_collect()
            .await
    }
}

/// Returns the record of a row of Copies or of one of its indexes.
fn record_of(row: &Attributes) -> Outcome<(Object, RecordId)> {
    let object = places::object_of(row.text("pk")?).ok_or_else(|| malformed("pk"))?;
    let sk = row.text("sk")?;
    let id = sk.split('#').next().unwrap_or(sk);
    Ok((object, RecordId::parse(id)?))
}

fn sealed(row: &Attributes, name: &'static str) -> Option<Sealed> {
    let bytes = row.get(name)?.as_b().ok()?;
    Some(Sealed::from_stored(bytes.as_ref().to_vec()))
}
