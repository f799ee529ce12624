//! The legal register: assessments in their chain, templates, suppressions. All rows are in the tenant's own partition.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use domain::{
    fault::Outcome,
    legal::chain::{ChainHash, Entry},
    ports::{Legal, StoredSuppression, StoredTemplate, Suppressed, SuppressionKind},
    seal::{KeyedHash, Sealed},
    tenant::TenantId,
};
use futures::future::try_join;
use jiff::Timestamp;

use super::{
    batch::{self, key},
    checkpoint::Transacted,
    item::{Attributes, Item, blob, number, text, time},
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places,
};

impl AwsStore {
    /// Reads all rows of a tenant whose sort keys have this prefix.
    async fn rows_of(
        &self,
        tenant: &TenantId,
        prefix: &str,
        projection: Option<&str>,
    ) -> Outcome<Vec<Attributes>> {
        let home = places::tenant(tenant);
        self.rows_under("legal_query", &home, prefix, projection)
            .await
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

    /// Returns the update that increases the edition of a tenant's suppressions. It is part of the transaction that changes them.
    fn next_edition(&self, tenant: &TenantId) -> Outcome<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::MARKS)))
            .update_expression("ADD n :one")
            .expression_attribute_values(":one", number(1))
            .build()
            .map_err(|_| malformed("update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    async fn suppressions_of(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
    ) -> Outcome<Vec<(KeyedHash, SuppressionKind)>> {
        let prefix = places::suppression_rows(kind);
        let rows = self.rows_of(tenant, prefix, Some("sk, lifted")).await?;
        rows.iter()
            .filter(|row| !row.contains_key("lifted"))
            .map(|row| Ok((suppressed_person(row)?, kind)))
            .collect()
    }
}

#[async_trait]
impl Legal for AwsStore {
    async fn last_assessment(&self, tenant: &TenantId) -> Outcome<Option<Entry>> {
        self.clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(places::tenant(tenant)))
            .expression_attribute_values(":sk", text(places::ASSESSMENTS))
            .scan_index_forward(false)
            .limit(1)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("legal_query", &error))?
            .items()
            .first()
            .map(entry)
            .transpose()
    }

    async fn append_assessment(&self, tenant: &TenantId, entry: &Entry) -> Outcome<bool> {
        let mut row = key(places::tenant(tenant), places::assessment(entry.number));
        let mut put = |name: &str, value| row.insert(name.to_owned(), value);
        put("number", number(entry.number));
        put("previous", blob(entry.previous.as_bytes()));
        put("hash", blob(entry.hash.as_bytes()));
        put("at", text(time(entry.at)));
        let people = entry.people.iter().map(|person| text(person.to_string()));
        put("people", AttributeValue::L(people.collect()));
        put("sealed", blob(entry.sealed.as_bytes()));
        let put = Put::builder()
            .table_name(&self.ledger)
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| malformed("assessment"))?;
        let mut actions = vec![TransactWriteItem::builder().put(put).build()];
        let people: BTreeSet<&KeyedHash> = entry.people.iter().collect();
        for person in people {
            actions.push(self.point_at(tenant, person, entry)?);
        }
        match self.transact("assessment_append", actions).await? {
            Transacted::Done => Ok(true),
            Transacted::FirstFailed | Transacted::SecondFailed => {
                // Our own write may have been applied and its answer lost.
                let there = self.assessments_at(tenant, &[entry.number]).await?;
                Ok(there.first().is_some_and(|there| there.hash == entry.hash))
            }
        }
    }

    async fn assessments(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Entry>> {
        self.clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(places::tenant(tenant)))
            .expression_attribute_values(":from", text(places::assessment(after.saturating_add(1))))
            .expression_attribute_values(":to", text(places::assessment(u64::MAX)))
            .limit(i32::try_from(most).unwrap_or(i32::MAX).max(1))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("legal_query", &error))?
            .items()
            .iter()
            .map(entry)
            .collect()
    }

    async fn assessments_at(&self, tenant: &TenantId, numbers: &[u64]) -> Outcome<Vec<Entry>> {
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

    async fn assessments_of(&self, tenant: &TenantId, people: &[KeyedHash]) -> Outcome<Vec<u64>> {
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

    async fn put_template(&self, tenant: &TenantId, template: &StoredTemplate) -> Outcome<bool> {
        let sk = places::template(&template.name, template.version);
        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(key(places::tenant(tenant), sk.as_str())))
            .item("name", text(&template.name))
            .item("version", number(template.version))
            .item("at", text(time(template.at)))
            .item("sealed", blob(template.sealed.as_bytes()))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match put {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => {
                // Our own write may have been applied and its answer lost. No two sealed texts are equal, so equality proves it.
                let there = self.rows_of(tenant, &sk, None).await?;
                let ours = template.sealed.as_bytes();
                Ok(there.iter().any(|row| row.blob("sealed") == Ok(ours)))
            }
            Err(error) => Err(fault("template_put", &error)),
        }
    }

    async fn templates(&self, tenant: &TenantId) -> Outcome<Vec<StoredTemplate>> {
        let rows = self.rows_of(tenant, places::TEMPLATES, None).await?;
        let mut templates = rows
            .iter()
            .map(|row| {
                Ok(StoredTemplate {
                    name: row.text("name")?.to_owned(),
                    version: row.number("version")?,
                    at: row.time("at")?,
                    sealed: Sealed::from_stored(row.blob("sealed")?.to_vec()),
                })
            })
            .collect::<Outcome<Vec<_>>>()?;
        templates.sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
        Ok(templates)
    }

    async fn suppress(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        suppressions: &[StoredSuppression],
    ) -> Outcome<()> {
        let by_person: BTreeMap<KeyedHash, &StoredSuppression> =
            suppressions.iter().map(|one| (one.person, one)).collect();
        let suppressions: Vec<&StoredSuppression> = by_person.into_values().collect();
        for some in suppressions.chunks(MARKS) {
            let mut actions = vec![self.next_edition(tenant)?];
            for one in some {
                let mut row = key(
                    places::tenant(tenant),
                    places::suppression(kind, &one.person),
                );
                row.insert("at".to_owned(), text(time(one.at)));
                row.insert("sealed".to_owned(), blob(one.sealed.as_bytes()));
                let put = Put::builder()
                    .table_name(&self.ledger)
                    .set_item(Some(row))
                    .build()
                    .map_err(|_| malformed("suppression"))?;
                actions.push(TransactWriteItem::builder().put(put).build());
            }
            self.transact("suppress", actions).await?;
        }
        Ok(())
    }

    async fn lift(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        people: &[KeyedHash],
        at: Timestamp,
    ) -> Outcome<u64> {
        let mut lifted = 0;
        for person in people.iter().collect::<BTreeSet<_>>() {
            let update = Update::builder()
                .table_name(&self.ledger)
                .set_key(Some(key(
                    places::tenant(tenant),
                    places::suppression(kind, person),
                )))
                .update_expression("SET lifted = :at")
                .condition_expression("attribute_exists(pk) AND attribute_not_exists(lifted)")
                .expression_attribute_values(":at", text(time(at)))
                .build()
                .map_err(|_| malformed("update"))?;
            let lift = TransactWriteItem::builder().update(update).build();
            let actions = vec![self.next_edition(tenant)?, lift];
            match self.transact("mark_lift", actions).await? {
                Transacted::Done => lifted += 1,
                // The suppression was not in force.
                Transacted::FirstFailed | Transacted::SecondFailed => {}
            }
        }
        Ok(lifted)
    }

    async fn suppressed(
        &self,
        tenant: &TenantId,
        people: &[KeyedHash],
    ) -> Outcome<Vec<Suppressed>> {
        let wanted: BTreeSet<&KeyedHash> = people.iter().collect();
        let keys = wanted
            .into_iter()
            .flat_map(|person| KINDS.map(|kind| places::suppression(kind, person)))
            .map(|sk| key(places::tenant(tenant), sk))
            .collect();
        let client = &self.clients.dynamodb;
        let rows = batch::read(client, &self.ledger, keys, "sk, lifted", &[]).await?;
        let mut standing = Vec::new();
        for row in rows.iter().filter(|row| !row.contains_key("lifted")) {
            let kind = suppression_kind(row)?;
            standing.push((suppressed_person(row)?, kind));
        }
        let by_person = gathered(standing);
        let of = |person| by_person.get(person).copied().unwrap_or_default();
        Ok(people.iter().map(of).collect())
    }

    async fn suppressions_edition(&self, tenant: &TenantId) -> Outcome<u64> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::MARKS)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("marks_get", &error))?;
        found.item.map_or(Ok(0), |row| row.number("n"))
    }

    async fn all_suppressed(
        &self,
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Arc<HashMap<KeyedHash, Suppressed>>> {
        if let Some(suppressions) = self.suppressions.of(tenant, edition) {
            return Ok(suppressions);
        }
        let (objections, erasures) = try_join(
            self.suppressions_of(tenant, SuppressionKind::Objection),
            self.suppressions_of(tenant, SuppressionKind::Erasure),
        )
        .await?;
        let all = objections.into_iter().chain(erasures).collect();
        Ok(self.suppressions.remember(tenant, edition, gathered(all)))
    }
}

/// How many suppressions one transaction has. It takes 100 actions.
const MARKS: usize = 99;

const KINDS: [SuppressionKind; 2] = [SuppressionKind::Objection, SuppressionKind::Erasure];

fn gathered(standing: Vec<(KeyedHash, SuppressionKind)>) -> HashMap<KeyedHash, Suppressed> {
    let mut by_person: HashMap<KeyedHash, Suppressed> = HashMap::new();
    for (person, kind) in standing {
        let suppressed = by_person.entry(person).or_default();
        match kind {
            SuppressionKind::Objection => suppressed.objected = true,
            SuppressionKind::Erasure => suppressed.erased = true,
        }
    }
    by_person
}

fn suppression_kind(row: &Attributes) -> Outcome<SuppressionKind> {
    let sk = row.text("sk")?;
    KINDS
        .into_iter()
        .find(|kind| sk.starts_with(places::suppression_rows(*kind)))
        .ok_or_else(|| malformed("sk"))
}

fn suppressed_person(row: &Attributes) -> Outcome<KeyedHash> {
    person(row.text("sk")?.rsplit('#').next())
}

fn person(text: Option<&str>) -> Outcome<KeyedHash> {
    text.and_then(KeyedHash::parse)
        .ok_or_else(|| malformed("person"))
}

fn entry(row: &Attributes) -> Outcome<Entry> {
    let hash = |name| ChainHash::from_bytes(row.blob(name)?).ok_or_else(|| malformed(name));
    let people = row.get("people").and_then(|people| people.as_l().ok());
    Ok(Entry {
        number: row.number("number")?,
        previous: hash("previous")?,
        hash: hash("hash")?,
        at: row.time("at")?,
        people: people
            .ok_or_else(|| malformed("people"))?
            .iter()
            .map(|one| person(one.as_s().ok().map(String::as_str)))
            .collect::<Outcome<_>>()?,
        sealed: Sealed::from_stored(row.blob("sealed")?.to_vec()),
    })
}
