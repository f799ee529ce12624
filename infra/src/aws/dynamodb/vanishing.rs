//! Held-back deletions. Each has a row in the Ledger and a flag in the record's item.
//!
//! The flag is set before the row is written and cleared after the row is deleted, so every row belongs to a flagged
//! record. While a deletion waits, the record's projection lies under another name, so that the index by parent does
//! not carry it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    order::Order,
    ports::Vanishing,
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::{Decided, HeldBack, Vanished},
};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    audit,
    batch::{self, key},
    checkpoint::{Transacted, put},
    copy_rows::{VANISHED, vanished_name},
    item::{Attributes, Item, number, text},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
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
        let mut entry = audit::of_change(scope, decided.asked.at, &what, &decided.asked);
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
