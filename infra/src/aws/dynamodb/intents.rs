//! Intents to create records. They are rows of their generation and change under the fence.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{ConditionCheck, Put, TransactWriteItem, Update};
use domain::{
    fault::{AwsCode, Code, Fault, Kind, Outcome},
    integration::Status,
    ports::{Concluded, Intents, Made, Runs, StoredIntent},
    record::{Object, RecordId},
    seal::{Digest, KeyedHash, Sealed},
    tenant::Scope,
};

use super::{
    batch::{self, key},
    checkpoint::{Transacted, put},
    copy_rows, deciding,
    item::{Attributes, Item, blob, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, given_back, malformed},
    places,
};

/// The condition that the integration is connected, in this generation.
const ADMITTED: &str = "#status = :connected AND generation = :g";
/// The condition that the row is as the caller saw it.
const AS_SEEN: &str = "revision = :before";
/// How many made records one transaction notes. It has 100 actions, and one is the fence.
const CLAIMS: usize = 99;

impl AwsStore {
    fn admitted(&self, scope: &Scope) -> Outcome<TransactWriteItem> {
        let check = ConditionCheck::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::INTEGRATION,
            )))
            .condition_expression(ADMITTED)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(scope.generation.0))
            .build()
            .map_err(|_| malformed("condition"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    fn put_of_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<TransactWriteItem> {
        let sk = places::intent(scope.generation, &intent.key);
        let mut row = key(places::integration_in(scope), sk);
        let mut put = |name: &str, value| row.insert(name.to_owned(), value);
        put("digest", blob(intent.digest.as_bytes()));
        put("revision", text(&intent.revision));
        put("holder", text(&intent.holder));
        put("until", text(time(intent.until)));
        put("sealed", blob(intent.sealed.as_bytes()));
        let put = Put::builder().table_name(&self.ledger).set_item(Some(row));
        let put = match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression(AS_SEEN)
                .expression_attribute_values(":before", text(before)),
        };
        let put = put.build().map_err(|_| malformed("intent"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Runs a transaction of the fence, the intent, and more. [`Concluded::Known`] means that the intent is as it was
    /// seen, so one of the other actions failed.
    async fn move_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
        more: Vec<TransactWriteItem>,
    ) -> Outcome<Concluded> {
        let mut actions = vec![
            self.admitted(scope)?,
            self.put_of_intent(scope, intent, before)?,
        ];
        actions.extend(more);
        match self.transact("intent", actions).await? {
            Transacted::Done => Ok(Concluded::Kept),
            Transacted::FirstFailed => {
                Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced))
            }
            // Our own write may have been applied and its answer lost. No other writer uses this revision.
            Transacted::SecondFailed => {
                let there = self.intent(scope, &intent.key).await?;
                let revision = there.map(|there| there.revision);
                Ok(if revision.as_deref() == Some(&intent.revision) {
                    Concluded::Kept
                } else if revision.as_deref() == before {
                    Concluded::Known
                } else {
                    Concluded::Overtaken
                })
            }
        }
    }

    /// Returns the actions that add made records to the copy, with their relations, and count them.
    fn copies_of(
        &self,
        scope: &Scope,
        made: &[Made],
        counted: &[Object],
    ) -> Outcome<Vec<TransactWriteItem>> {
        let mut actions = Vec::new();
        let mut counts: BTreeMap<Object, u32> = BTreeMap::new();
        for made in made {
            if let Some(decision) = &made.decision {
                let row = deciding::of_decision(scope, decision);
                actions.push(put(&self.ledger, row)?);
            }
            let Some(record) = made.record.as_ref().filter(|one| !copy_rows::is_large(one)) else {
                continue;
            };
            let object = made.object;
            *counts.entry(object).or_default() += 1;
            let shard = places::record_shard(scope, object, &record.id);
            for relation in &record.relations {
                let row = copy_rows::relation_attributes(scope, &shard, &record.id, relation);
                actions.push(self.put_new(row)?);
            }
            actions.push(self.put_new(copy_rows::record_row(scope, shard, record.clone()))?);
        }
        // For an object that was never read, the first reading will count the records.
        for (object, count) in counts.into_iter().filter(|(of, _)| counted.contains(of)) {
            actions.push(self.count_up(scope, object, count)?);
        }
        Ok(actions)
    }

    fn put_new(&self, row: Attributes) -> Outcome<TransactWriteItem> {
        let put = Put::builder()
            .table_name(&self.copies)
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| malformed("put"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    fn count_up(&self, scope: &Scope, object: Object, count: u32) -> Outcome<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(scope),
                places::progress(scope.generation, object),
            )))
            .update_expression("ADD held :held")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":held", number(count))
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Returns the put of a record's attribution. With `unless_others` it fails if the record is attributed to another intent.
    fn put_maker(
        &self,
        scope: &Scope,
        maker: &KeyedHash,
        (object, id): &(Object, RecordId),
        unless_others: bool,
    ) -> Outcome<TransactWriteItem> {
        let sk = places::maker(scope.generation, *object, id);
        let mut row = key(places::integration_in(scope), sk);
        row.insert("maker".to_owned(), text(maker.to_string()));
        let mut put = Put::builder().table_name(&self.ledger).set_item(Some(row));
        if unless_others {
            put = put
                .condition_expression("attribute_not_exists(pk) OR maker = :maker")
                .expression_attribute_values(":maker", text(maker.to_string()));
        }
        let put = put.build().map_err(|_| malformed("made"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

#[async_trait]
impl Intents for AwsStore {
    async fn intent(&self, scope: &Scope, hash: &KeyedHash) -> Outcome<Option<StoredIntent>> {
        let sk = places::intent(scope.generation, hash);
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("intent_get", &error))?;
        let Some(row) = found.item else {
            return Ok(None);
        };
        Ok(Some(StoredIntent {
            key: *hash,
            digest: Digest::from_bytes(row.blob("digest")?).ok_or_else(|| malformed("digest"))?,
            revision: row.text("revision")?.to_owned(),
            holder: row.text("holder")?.to_owned(),
            until: row.time("until")?,
            sealed: Sealed::from_stored(row.blob("sealed")?.to_vec()),
        }))
    }

    async fn put_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<bool> {
        let moved = self.move_intent(scope, intent, before, Vec::new()).await?;
        Ok(moved == Concluded::Kept)
    }

    async fn conclude(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: &str,
        made: &[Made],
    ) -> Outcome<Concluded> {
        let counted = if made.iter().all(|made| made.record.is_none()) {
            Vec::new()
        } else {
            let progress = self.progress(scope).await?;
            progress.into_iter().map(|one| one.object).collect()
        };
        let more = self.copies_of(scope, made, &counted)?;
        self.move_intent(scope, intent, Some(before), more).await
    }

    async fn drop_intent(&self, scope: &Scope, hash: &KeyedHash, before: &str) -> Outcome<()> {
        let sk = places::intent(scope.generation, hash);
        let deleted = self
            .clients
            .dynamodb
            .delete_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), sk)))
            .condition_expression(AS_SEEN)
            .expression_attribute_values(":before", text(before))
            .send()
            .await;
        given_back("intent_delete", deleted)
    }

    async fn makers(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<KeyedHash>>> {
        let sort = |(object, id): &(Object, RecordId)| places::maker(scope.generation, *object, id);
        let mut sorts: Vec<String> = records.iter().map(sort).collect();
        sorts.sort_unstable();
        sorts.dedup();
        let keys = sorts
            .into_iter()
            .map(|sk| key(places::integration_in(scope), sk))
            .collect();
        let client = &self.clients.dynamodb;
        let rows = batch::read(client, &self.ledger, keys, "sk, maker", &[]).await?;
        let mut by_sort = BTreeMap::new();
        for row in &rows {
            let maker = KeyedHash::parse(row.text("maker")?).ok_or_else(|| malformed("maker"))?;
            by_sort.insert(row.text("sk")?, maker);
        }
        let maker = |record| by_sort.get(sort(record).as_str()).copied();
        Ok(records.iter().map(maker).collect())
    }

    async fn note_made(
        &self,
        scope: &Scope,
        hash: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<()> {
        for records in records.chunks(CLAIMS) {
            let mut actions = vec![self.admitted(scope)?];
            for record in records {
                actions.push(self.put_maker(scope, hash, record, false)?);
            }
            match self.transact("note_made", actions).await? {
                Transacted::Done => {}
                Transacted::FirstFailed => {
                    return Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced));
                }
                Transacted::SecondFailed => return Err(Fault::aws("note_made", AwsCode::Conflict)),
            }
        }
        Ok(())
    }

    async fn claim_made(
        &self,
        scope: &Scope,
        hash: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<Option<RecordId>> {
        for records in records.chunks(CLAIMS) {
            let mut actions = vec![self.admitted(scope)?];
            for record in records {
                actions.push(self.put_maker(scope, hash, record, true)?);
            }
            match self.transact("claim_made", actions).await? {
                Transacted::Done => {}
                Transacted::FirstFailed => {
                    return Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced));
                }
                Transacted::SecondFailed => {
                    let makers = self.makers(scope, records).await?;
                    let other = |maker: &Option<KeyedHash>| maker.is_some_and(|one| one != *hash);
                    let at = makers.iter().position(other);
                    return at
                        .and_then(|at| records.get(at))
                        .map(|(_, id)| Some(id.clone()))
                        .ok_or_else(|| Fault::aws("claim_made", AwsCode::Conflict));
                }
            }
        }
        Ok(None)
    }
}
