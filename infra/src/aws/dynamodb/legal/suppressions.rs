//! Suppressions, and the edition that counts their changes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use domain::{
    fault::{Code, Fault, Outcome},
    legal::changes::Done,
    ports::{StoredSuppression, Suppressed, SuppressionKind},
    seal::KeyedHash,
    tenant::TenantId,
};
use futures::future::try_join;
use jiff::Timestamp;

use super::{
    super::{
        batch::{self, key},
        item::{Attributes, Item, blob, text, time},
        store::AwsStore,
    },
    person,
};
use crate::aws::{fault::malformed, places};

/// How many suppressions one transaction has. It takes 100 actions, two of which are the change.
const MARKS: usize = 98;

impl AwsStore {
    pub(super) async fn write_suppressions(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        suppressions: &[StoredSuppression],
    ) -> Outcome<()> {
        let by_person: BTreeMap<KeyedHash, &StoredSuppression> =
            suppressions.iter().map(|one| (one.person, one)).collect();
        let suppressions: Vec<&StoredSuppression> = by_person.into_values().collect();
        for some in suppressions.chunks(MARKS) {
            let mut actions = Vec::with_capacity(some.len());
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
            let people: Vec<KeyedHash> = some.iter().map(|one| one.person).collect();
            let at = some.iter().map(|one| one.at).max().unwrap_or_default();
            let done = Done {
                at,
                kind,
                lifts: false,
                people: &people,
            };
            // These actions have no conditions. Whatever stopped them, nobody is told that the suppressions are stored.
            if !self.write_change(tenant, done, &actions).await? {
                return Err(Fault::of(Code::SuppressionsContended));
            }
        }
        Ok(())
    }

    pub(super) async fn lift_suppressions(
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
            let done = Done {
                at,
                kind,
                lifts: true,
                people: std::slice::from_ref(person),
            };
            // It is refused if the suppression was not in force.
            if self.write_change(tenant, done, &[lift]).await? {
                lifted += 1;
            }
        }
        Ok(lifted)
    }

    pub(super) async fn read_suppressed(
        &self,
        tenant: &TenantId,
        people: &[KeyedHash],
    ) -> Outcome<Vec<Suppressed>> {
        let wanted: BTreeSet<&KeyedHash> = people.iter().collect();
        let keys = wanted
            .into_iter()
            .flat_map(|person| SuppressionKind::ALL.map(|kind| places::suppression(kind, person)))
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

    pub(super) async fn read_suppressions_edition(&self, tenant: &TenantId) -> Outcome<u64> {
        let row = self.read_marks(tenant).await?;
        row.map_or(Ok(0), |row| row.number("n"))
    }

    pub(super) async fn read_all_suppressed(
        &self,
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Arc<HashMap<KeyedHash, Suppressed>>> {
        let remembered = self.suppressions.of(tenant, edition);
        // Without the row that counts, nothing tells one state from another.
        if let Some(suppressions) = remembered.filter(|_| edition > 0) {
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

    pub(super) async fn suppressions_of(
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
    SuppressionKind::ALL
        .into_iter()
        .find(|kind| sk.starts_with(places::suppression_rows(*kind)))
        .ok_or_else(|| malformed("sk"))
}

fn suppressed_person(row: &Attributes) -> Outcome<KeyedHash> {
    person(row.text("sk")?.rsplit('#').next())
}
