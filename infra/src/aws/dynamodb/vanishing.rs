//! Held-back deletions. Each has a row in the Ledger and a flag in the record's item.
//!
//! The flag is set before the row is written and cleared after the row is deleted, so every row belongs to a flagged
//! record. While a deletion waits, the record's projection lies under another name, so that the index by parent does
//! not carry it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    order::Order,
    ports::{Copies, Vanishing},
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::{Decided, HeldBack, Vanished},
};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    batch::{self, key},
    checkpoint::{Transacted, put},
    copy_rows::{VANISHED, vanished_name},
    item::{Attributes, Item, number, text},
    removals::audit,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places,
};

/// How many items are flagged at a time.
const IN_FLIGHT: usize = 16;

#[async_trait]
impl Vanishing for AwsStore {
    async fn hold_back(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        ids: &[RecordId],
    ) -> Outcome<()> {
        let noted = self.held_among(scope, object, ids).await?;
        let new: BTreeSet<RecordId> = ids
            .iter()
            .filter(|id| !noted.contains(*id))
            .cloned()
            .collect();
        let flagged: Vec<Option<RecordId>> = stream::iter(new)
            .map(|id| async move {
                let is_there = self.hide(scope, object, &id).await?;
                Ok::<_, Fault>(is_there.then_some(id))
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        let rows = flagged
            .into_iter()
            .flatten()
            .map(|id| batch::put(held_row(scope, object, &id, run, Vanished::Waiting)))
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.ledger, rows).await
    }

    async fn release(&self, scope: &Scope, object: Object, ids: &[RecordId]) -> Outcome<()> {
        let ids: BTreeSet<&RecordId> = ids.iter().collect();
        let rows = ids
            .into_iter()
            .map(|id| batch::delete(held_place(scope, object, id)))
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.ledger, rows).await
    }

    async fn leave(&self, scope: &Scope, object: Object, held: &[HeldBack]) -> Outcome<()> {
        let ids: BTreeSet<RecordId> = held.iter().map(|held| held.id.clone()).collect();
        stream::iter(ids)
            .map(|id| async move { self.show_again(scope, object, &id).await })
            .buffer_unordered(IN_FLIGHT)
            .try_collect::<()>()
            .await?;
        let rows = held
            .iter()
            .map(|held| {
                let row = held_row(scope, object, &held.id, &held.run, Vanished::Left);
                batch::put(row)
            })
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.ledger, rows).await
    }

    async fn held_back(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&RecordId>,
        most: usize,
    ) -> Outcome<(Vec<HeldBack>, Option<RecordId>)> {
        let prefix = places::held_back_rows(scope.generation, object);
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(places::integration_in(scope)))
            .expression_attribute_values(":sk", text(prefix.as_str()))
            .set_exclusive_start_key(after.map(|after| held_place(scope, object, after)))
            .limit(i32::try_from(most.max(1)).unwrap_or(i32::MAX))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("held_back_query", &error))?;
        let held = answer
            .items()
            .iter()
            .map(|row| held_of(row, &prefix))
            .collect::<Outcome<Vec<_>>>()?;
        let next = match answer.last_evaluated_key() {
            Some(last) => Some(id_of(last, &prefix)?),
            None => None,
        };
        Ok((held, next))
    }

    async fn decide_deletions(
        &self,
        scope: &Scope,
        decided: &Decided,
        counts: &[(Object, u64)],
        order: &Order,
    ) -> Outcome<()> {
        let written = serde_json::to_string(decided).map_err(|_| malformed("decided"))?;
        let mut row = decided_place(scope);
        row.insert("state".to_owned(), text(written));
        let what = format!("deletions_{}", decided.answer.name());
        let mut entry = audit(scope, decided.asked.at, &what, &decided.asked);
        entry.insert("run".to_owned(), text(decided.run.as_str()));
        for (object, n) in counts {
            entry.insert(format!("n_{object}"), number(n));
        }
        let actions = vec![
            self.keep_untold(scope, order)?,
            put(&self.ledger, row)?,
            put(&self.ledger, entry)?,
        ];
        match self.transact("deletions_decide", actions).await? {
            Transacted::Done => Ok(()),
            Transacted::FirstFailed | Transacted::SecondFailed => {
                Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced))
            }
        }
    }

    async fn deletions_decided(&self, scope: &Scope) -> Outcome<Option<Decided>> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(decided_place(scope)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("decided_get", &error))?;
        let Some(row) = found.item else {
            return Ok(None);
        };
        serde_json::from_str(row.text("state")?)
            .map(Some)
            .map_err(|_| malformed("decided"))
    }
}

impl AwsStore {
    /// Returns those of the ids whose deletions are noted as held back.
    async fn held_among(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<BTreeSet<RecordId>> {
        let ids: BTreeSet<&RecordId> = ids.iter().collect();
        let keys = ids
            .into_iter()
            .map(|id| held_place(scope, object, id))
            .collect();
        let client = &self.clients.dynamodb;
        let rows = batch::read(client, &self.ledger, keys, "sk", &[]).await?;
        let prefix = places::held_back_rows(scope.generation, object);
        rows.iter().map(|row| id_of(row, &prefix)).collect()
    }

    /// Flags a record whose deletion waits. Returns whether there is such a record.
    async fn hide(&self, scope: &Scope, object: Object, id: &RecordId) -> Outcome<bool> {
        let waiting = vanished_name(Vanished::Waiting);
        let flag = || {
            self.update_copy(scope, object, id)
                .expression_attribute_values(":v", text(waiting))
        };
        let is_new = format!("attribute_exists(d) AND attribute_not_exists({VANISHED})");
        if object.has_projection() {
            let with_projection = flag()
                .update_expression(format!("SET {VANISHED} = :v, xq = q REMOVE q"))
                .condition_expression(format!("{is_new} AND attribute_exists(q)"));
            if applied("copy_hide", with_projection).await? {
                return Ok(true);
            }
        }
        let bare = flag()
            .update_expression(format!("SET {VANISHED} = :v"))
            .condition_expression(is_new);
        if applied("copy_hide", bare).await? {
            return Ok(true);
        }
        // The record was flagged before, or it is gone.
        let known = self.known(scope, object, std::slice::from_ref(id)).await?;
        Ok(known.first().is_some_and(Option::is_some))
    }

    /// Displays a record again whose deletion waited.
    async fn show_again(&self, scope: &Scope, object: Object, id: &RecordId) -> Outcome<()> {
        let flag = || {
            self.update_copy(scope, object, id)
                .expression_attribute_values(":v", text(vanished_name(Vanished::Left)))
        };
        let is_flagged = format!("attribute_exists({VANISHED})");
        let with_projection = flag()
            .update_expression(format!("SET {VANISHED} = :v, q = xq REMOVE xq"))
            .condition_expression(format!("{is_flagged} AND attribute_exists(xq)"));
        if object.has_projection() && applied("copy_show", with_projection).await? {
            return Ok(());
        }
        let bare = flag()
            .update_expression(format!("SET {VANISHED} = :v"))
            .condition_expression(is_flagged);
        applied("copy_show", bare).await.map(drop)
    }

    fn update_copy(&self, scope: &Scope, object: Object, id: &RecordId) -> UpdateItemFluentBuilder {
        let place = key(places::record_shard(scope, object, id), id.as_str());
        let update = self.clients.dynamodb.update_item();
        update.table_name(&self.copies).set_key(Some(place))
    }
}

/// Returns whether the condition of an update held.
async fn applied(operation: &'static str, update: UpdateItemFluentBuilder) -> Outcome<bool> {
    match update.send().await {
        Ok(_) => Ok(true),
        Err(error) if is_refused(&error) => Ok(false),
        Err(error) => Err(fault(operation, &error)),
    }
}

/// Returns the key of a held-back deletion's row.
pub(super) fn held_place(scope: &Scope, object: Object, id: &RecordId) -> Attributes {
    let sort = places::held_back(scope.generation, object, id);
    key(places::integration_in(scope), sort)
}

fn decided_place(scope: &Scope) -> Attributes {
    let sort = places::deletions_decided(scope.generation);
    key(places::integration_in(scope), sort)
}

fn held_row(
    scope: &Scope,
    object: Object,
    id: &RecordId,
    run: &RunId,
    vanished: Vanished,
) -> Attributes {
    let mut row = held_place(scope, object, id);
    row.insert("run".to_owned(), text(run.as_str()));
    row.insert(VANISHED.to_owned(), text(vanished_name(vanished)));
    row
}

fn held_of(row: &Attributes, prefix: &str) -> Outcome<HeldBack> {
    Ok(HeldBack {
        id: id_of(row, prefix)?,
        run: RunId::parse(row.text("run")?)?,
        vanished: super::copy_rows::vanished(row)?.ok_or_else(|| malformed(VANISHED))?,
    })
}

fn id_of(row: &Attributes, prefix: &str) -> Outcome<RecordId> {
    let id = row.text("sk")?.strip_prefix(prefix);
    RecordId::parse(id.ok_or_else(|| malformed("sk"))?)
}
