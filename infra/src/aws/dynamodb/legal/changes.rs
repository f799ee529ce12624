//! The chain of changes of suppressions. Each change is written in one transaction with the suppressions that it changes, and moves
//! the head, which lies in the row that counts their editions.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::{
    fault::{Code, Fault, Outcome},
    legal::{
        chain::ChainHash,
        changes::{Change, Done, Standing},
    },
    ports::SuppressionKind,
    tenant::TenantId,
};

use super::{
    super::{
        batch::key,
        checkpoint::Transacted,
        item::{Attributes, Item, blob, number, text},
        store::AwsStore,
    },
    links::{Link, chain_hash},
};
use crate::aws::{fault::malformed, pause::pause, places};

/// Attempts to be the next change when others want that, too.
const TRIES: u32 = 20;
/// The longest pause between two attempts is that of this round.
const LONGEST: u32 = 4;

impl AwsStore {
    /// Writes a change and what it changes. Returns false if the conditions of `more` do not hold.
    pub(super) async fn write_change(
        &self,
        tenant: &TenantId,
        done: Done<'_>,
        more: &[TransactWriteItem],
    ) -> Outcome<bool> {
        let mut last = 0;
        for round in 0..TRIES {
            let head = self.read_head_of_changes(tenant).await?;
            let change = Change::next(tenant, head, last, done);
            let mut actions = vec![
                self.move_head(tenant, head, &change)?,
                self.put_change(tenant, &change)?,
            ];
            actions.extend_from_slice(more);
            match self.transact("suppressions_change", actions).await? {
                Transacted::Done => return Ok(true),
                Transacted::SecondFailed => {
                    // A change that has this number already is behind the head, so the head is not the one that we wrote.
                    last = self.last_number(tenant).await?;
                    if last < change.number {
                        return Ok(false);
                    }
                }
                Transacted::FirstFailed => pause(round.min(LONGEST)).await,
            }
        }
        Err(Fault::of(Code::SuppressionsContended))
    }

    pub(super) async fn read_head_of_changes(
        &self,
        tenant: &TenantId,
    ) -> Outcome<Option<(u64, ChainHash)>> {
        let found = self.read_marks(tenant).await?;
        // Rows from before 2026-11-30 have no head.
        let row = found.filter(|row| row.contains_key("head"));
        row.map(|row| Ok((row.number("changes")?, chain_hash(&row, "head")?)))
            .transpose()
    }

    /// Returns the highest number of a change. 0 if there is none.
    async fn last_number(&self, tenant: &TenantId) -> Outcome<u64> {
        let last = self.last_of(tenant, places::CHANGES).await?;
        last.map_or(Ok(0), |row| row.number("number"))
    }

    pub(super) async fn list_changes(
        &self,
        tenant: &TenantId,
        after: u64,
        most: usize,
    ) -> Outcome<Vec<Change>> {
        let start = (after > 0).then(|| places::change(after));
        let rows = self.some_of(tenant, places::CHANGES, start, most).await?;
        rows.iter().map(change).collect()
    }

    pub(super) async fn read_standing(&self, tenant: &TenantId) -> Outcome<Standing> {
        let mut standing = Standing::new();
        for kind in SuppressionKind::ALL {
            let people = self.suppressions_of(tenant, kind).await?;
            standing.extend(people.into_iter().map(|(person, kind)| (kind, person)));
        }
        Ok(standing)
    }

    /// Returns the update that moves the head and increases the edition, if the head is still the one that was read.
    fn move_head(
        &self,
        tenant: &TenantId,
        before: Option<(u64, ChainHash)>,
        change: &Change,
    ) -> Outcome<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::MARKS)))
            .update_expression("SET head = :head, changes = :changes ADD n :step")
            .expression_attribute_values(":head", blob(change.hash.as_bytes()))
            .expression_attribute_values(":changes", number(change.number))
            .expression_attribute_values(":step", number(step(change)));
        let update = match before {
            None => update.condition_expression("attribute_not_exists(head)"),
            Some((_, hash)) => update
                .condition_expression("head = :before")
                .expression_attribute_values(":before", blob(hash.as_bytes())),
        };
        let update = update.build().map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    fn put_change(&self, tenant: &TenantId, change: &Change) -> Outcome<TransactWriteItem> {
        let mut row = key(places::tenant(tenant), places::change(change.number));
        row.insert("kind".to_owned(), text(change.kind.name()));
        row.insert("lifts".to_owned(), AttributeValue::Bool(change.lifts));
        let link = Link {
            number: change.number,
            previous: change.previous,
            hash: change.hash,
            at: change.at,
            people: change.people.clone(),
        };
        self.append(row, &link)
    }
}

/// Returns by how much a change increases the edition. If the row was lost, its count begins anew. A process may still remember what
/// was in force at an edition, so the new count begins with the time, which is higher than any edition before.
fn step(change: &Change) -> u64 {
    match change.previous == ChainHash::START {
        true => u64::try_from(change.at.as_millisecond())
            .unwrap_or_default()
            .max(1),
        false => 1,
    }
}

fn change(row: &Attributes) -> Outcome<Change> {
    let lifts = row.get("lifts").and_then(|value| value.as_bool().ok());
    let link = Link::of(row)?;
    Ok(Change {
        number: link.number,
        previous: link.previous,
        hash: link.hash,
        at: link.at,
        kind: SuppressionKind::find(row.text("kind")?).ok_or_else(|| malformed("kind"))?,
        lifts: *lifts.ok_or_else(|| malformed("lifts"))?,
        people: link.people,
    })
}
