//! Assessments in their chain, and the numbers of each person's assessments.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::{
    fault::Outcome,
    legal::chain::Entry,
    seal::{KeyedHash, Sealed},
    tenant::TenantId,
};

use super::{
    super::{
        batch::{self, key},
        checkpoint::Transacted,
        item::{Attributes, Item, blob},
        store::AwsStore,
    },
    links::Link,
};
use crate::aws::{fault::malformed, places};

impl AwsStore {
    pub(super) async fn read_last_assessment(&self, tenant: &TenantId) -> Outcome<Option<Entry>> {
        let last = self.last_of(tenant, places::ASSESSMENTS).await?;
        last.as_ref().map(entry).transpose()
    }

    pub(super) async fn write_assessment(&self, tenant: &TenantId, entry: &Entry) -> Outcome<bool> {
        let mut row = key(places::tenant(tenant), places::assessment(entry.number));
        row.insert("sealed".to_owned(), blob(entry.sealed.as_bytes()));
        let link = Link {
            number: entry.number,
            previous: entry.previous,
            hash: entry.hash,
            at: entry.at,
            people: entry.people.clone(),
        };
        let mut actions = vec![self.append(row, &link)?];
        let people: BTreeSet<&KeyedHash> = entry.people.iter().collect();
        for person in people {
            actions.push(self.point_at(tenant, person, entry)?);
        }
        match self.transact("assessment_append", actions).await? {
            Transacted::Done => Ok(true),
            Transacted::FirstFailed | Transacted::SecondFailed => {
                // Our own write may have been applied and its answer lost.
                let there = self.read_assessments(tenant, &[entry.number]).await?;
                Ok(there.first().is_some_and(|there| there.hash == entry.hash))
            }
        }
    }

    pub(super) async fn list_assessments(
        &self,
        tenant: &TenantId,
        after: u64,
        most: usize,
    ) -> Outcome<Vec<Entry>> {
        let start = (after > 0).then(|| places::assessment(after));
        let rows = self
            .some_of(tenant, places::ASSESSMENTS, start, most)
            .await?;
        rows.iter().map(entry).collect()
    }

    pub(super) async fn read_assessments(
        &self,
        tenant: &TenantId,
        numbers: &[u64],
    ) -> Outcome<Vec<Entry>> {
        let numbers: BTreeSet<u64> = numbers.iter().copied().collect();
        let keys = numbers
            .into_iter()
            .map(|number| key(places::tenant(tenant), places::assessment(number)))
            .collect();
        let names = [("#number", "number"), ("#hash", "hash"), ("#at", "at")];
        let projection = "#number, previous, #hash, #at, people, sealed";
        let client = &self.clients.dynamodb;
        let rows = batch::read(client, &self.ledger, keys, projection, &names).await?;
        let mut entries = rows.iter().map(entry).collect::<Outcome<Vec<_>>>()?;
        entries.sort_unstable_by_key(|entry| entry.number);
        Ok(entries)
    }

    pub(super) async fn read_numbers(
        &self,
        tenant: &TenantId,
        people: &[KeyedHash],
    ) -> Outcome<Vec<u64>> {
        let people: BTreeSet<&KeyedHash> = people.iter().collect();
        let keys = people
            .into_iter()
            .map(|person| key(places::tenant(tenant), places::assessed(person)))
            .collect();
        let client = &self.clients.dynamodb;
        let rows = batch::read(client, &self.ledger, keys, "numbers", &[]).await?;
        let mut numbers = BTreeSet::new();
        for row in &rows {
            let of = row.get("numbers").and_then(|numbers| numbers.as_ns().ok());
            for number in of.ok_or_else(|| malformed("numbers"))? {
                numbers.insert(number.parse().map_err(|_| malformed("numbers"))?);
            }
        }
        Ok(numbers.into_iter().collect())
    }

    /// Returns the update that adds an assessment's number to a person's hash. It is part of the transaction of the assessment.
    fn point_at(
        &self,
        tenant: &TenantId,
        person: &KeyedHash,
        entry: &Entry,
    ) -> Outcome<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::assessed(person))))
            .update_expression("ADD numbers :number")
            .expression_attribute_values(
                ":number",
                AttributeValue::Ns(vec![entry.number.to_string()]),
            )
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

fn entry(row: &Attributes) -> Outcome<Entry> {
    let link = Link::of(row)?;
    Ok(Entry {
        number: link.number,
        previous: link.previous,
        hash: link.hash,
        at: link.at,
        people: link.people,
        sealed: Sealed::from_stored(row.blob("sealed")?.to_vec()),
    })
}
