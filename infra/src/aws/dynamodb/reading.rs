//! Reads of the copy: by index, by key, and all of an object.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::{Fault, Outcome},
    ports::{
        Copied, HeldToken, Hit, Hits, Index, Lookup, MAX_LOOKUPS, Reading, Related, Suggested,
    },
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};
use futures::{StreamExt, TryStreamExt, stream};
use matching::RelationStatus;

use super::{
    batch::{self, key},
    copy_rows::{self, read_token},
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
        let next = match last {
            Some(last) => Some(HeldToken(format!("{shard} {}", last.text("sk")?))),
            None if shard + 1 < places::SHARDS => Some(HeldToken((shard + 1).to_string())),
            None => None,
        };
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
        let (shard, start) = after.map_or(Ok((0, None)), read_token)?;
        let partition = places::review(scope, shard);
        let start = start
            .map(|start| {
                let (sk, pk) = start
                    .split_once(' ')
                    .ok_or_else(|| malformed("suggested token"))?;
                let mut start = key(pk, sk);
                start.insert("hr".to_owned(), text(&partition));
                Ok::<_, Fault>(start)
            })
            .transpose()?;
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.copies)
            .index_name("by_review")
            .key_condition_expression("hr = :shard")
            .expression_attribute_values(":shard", text(&partition))
            .set_exclusive_start_key(start)
            .limit(further::limit(most))
            .send()
            .await
            .map_err(|error| fault("review_query", &error))?;
        let rows = answer.items.unwrap_or_default();
        let (rows, last) = further::page(rows, answer.last_evaluated_key, most);
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let (object, id) = record_of(row)?;
            let (_, company) = row
                .text("sk")?
                .split_once("#R#")
                .ok_or_else(|| malformed("sk"))?;
            found.push(Suggested {
                object,
                id,
                company: KeyedHash::parse(company).ok_or_else(|| malformed("sk"))?,
                score: row.number("sc")?,
            });
        }
        let next = match last {
            Some(last) => {
                let (pk, sk) = (last.text("pk")?, last.text("sk")?);
                Some(HeldToken(format!("{shard} {sk} {pk}")))
            }
            None if shard + 1 < places::SHARDS => Some(HeldToken((shard + 1).to_string())),
            None => None,
        };
        Ok((found, next))
    }
}

impl AwsStore {
    async fn ask_index(&self, scope: &Scope, ask: &Lookup) -> Outcome<Hits> {
        let (index, attribute) = match ask.index {
            Index::Email => ("by_email", "he"),
            Index::Domain => ("by_domain", "hd"),
            Index::Parent => ("by_parent", "hp"),
            Index::Company => ("by_company", "hc"),
        };
        let hash = places::lookup(scope, &ask.hash);
        let start = ask
            .after
            .as_ref()
            .map(|token| {
                let (sk, pk) = token
                    .0
                    .split_once(' ')
                    .ok_or_else(|| malformed("hits token"))?;
                let mut start = key(pk, sk);
                start.insert(attribute.to_owned(), text(&hash));
                Ok::<_, Fault>(start)
            })
            .transpose()?;
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.copies)
            .index_name(index)
            .key_condition_expression("#h = :h")
            .expression_attribute_names("#h", attribute)
            .expression_attribute_values(":h", text(&hash))
            .set_exclusive_start_key(start)
            .limit(further::limit(ask.most))
            .send()
            .await
            .map_err(|error| fault("index_query", &error))?;
        let rows = answer.items.unwrap_or_default();
        let (rows, last) = further::page(rows, answer.last_evaluated_key, ask.most);
        let mut hits = Vec::with_capacity(rows.len());
        for row in &rows {
            let (object, id) = record_of(row)?;
            let relation = match row.contains_key("st") {
                true => Some((status(row)?, row.number("sc")?)),
                false => None,
            };
            hits.push(Hit {
                object,
                id,
                relation,
                projection: sealed(row, "q"),
            });
        }
        let next = match last {
            None => None,
            Some(last) => {
                let (pk, sk) = (last.text("pk")?, last.text("sk")?);
                Some(HeldToken(format!("{sk} {pk}")))
            }
        };
        Ok(Hits { hits, next })
    }

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

pub(super) fn status(row: &Attributes) -> Outcome<RelationStatus> {
    let name = row.text("st")?;
    RelationStatus::find(name).ok_or_else(|| malformed("st"))
}

fn sealed(row: &Attributes, name: &'static str) -> Option<Sealed> {
    let bytes = row.get(name)?.as_b().ok()?;
    Some(Sealed::from_stored(bytes.as_ref().to_vec()))
}
