//! Lists an object's records, each compared with the relations that lie beside it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Comparing, Fingerprint, Held, HeldToken, Listed, RelationRow},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::{
    batch::{self, key},
    copy_rows::{self, read_token},
    item::{Attributes, Item, text},
    reading::status,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

/// The attributes that are read: of a record its companies, their fingerprint and its parent, of a relation its status and score.
/// DynamoDB bills a query by the items that it passes, so reading relations costs no more than skipping them.
const READ: &str = "sk, m, p, r, f, hp, vn, st, sc";

#[async_trait]
impl Comparing for AwsStore {
    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed> {
        let (shard, start) = match after {
            None => (0, None),
            Some(token) => read_token(token)?,
        };
        let partition = places::shard(scope, object, shard);
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.copies)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(&partition))
            .projection_expression(READ)
            .set_exclusive_start_key(start.clone().map(|sk| key(partition.as_str(), sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("held_query", &error))?;
        let last = match answer.last_evaluated_key() {
            Some(last) => Some(last.text("sk")?.to_owned()),
            None => None,
        };
        let mut shelf = Shelf::after(start.as_deref().map(record_part));
        for row in answer.items.unwrap_or_default() {
            shelf.add(row)?;
        }
        if let Some(last) = &last {
            // The next page may begin with more relations of the last record. They are read here and skipped there.
            let id = record_part(last);
            for row in self.relations_beside(&partition, id).await? {
                shelf.add(row)?;
            }
        }
        shelf.listed(match last {
            Some(last) => Some(HeldToken(format!("{shard} {last}"))),
            None if shard + 1 < places::SHARDS => Some(HeldToken((shard + 1).to_string())),
            None => None,
        })
    }

    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()> {
        let deletes = orphans
            .iter()
            .map(|(id, company)| {
                let shard = places::record_shard(scope, object, id);
                batch::delete(key(shard, places::relation(id, company)))
            })
            .collect::<Outcome<Vec<_>>>()?;
        batch::write(&self.clients.dynamodb, &self.copies, deletes).await
    }
}

impl AwsStore {
    /// Reads the rows of all relations that lie beside a record, even if the record itself is gone.
    pub(super) async fn relations_beside(
        &self,
        partition: &str,
        id: &str,
    ) -> Outcome<Vec<Attributes>> {
        let (mut rows, mut start) = (Vec::new(), None);
        loop {
            let answer = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.copies)
                .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
                .expression_attribute_values(":pk", text(partition))
                .expression_attribute_values(":sk", text(places::relations_of(id)))
                .projection_expression(READ)
                .set_exclusive_start_key(start)
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| fault("beside_query", &error))?;
            rows.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(rows);
            }
        }
    }
}

/// Returns the company of a relation's row. `None` if the row is a record's.
pub(super) fn company_of(row: &Attributes) -> Outcome<Option<KeyedHash>> {
    match row.text("sk")?.split_once("#R#") {
        None => Ok(None),
        Some((_, company)) => KeyedHash::parse(company)
            .map(Some)
            .ok_or_else(|| malformed("sk")),
    }
}

/// Returns the record's id in a sort key of Copies: the whole key, or the part before a relation's company.
fn record_part(sk: &str) -> &str {
    sk.split('#').next().unwrap_or(sk)
}

/// Collects the items of a partition into records with their relations.
struct Shelf<'a> {
    /// The last record of the page before. Its relations were read with that page.
    done: Option<&'a str>,
    places: BTreeMap<RecordId, StoredPlaces>,
}

/// The rows found at one record's place.
#[derive(Default)]
struct StoredPlaces {
    /// `None` if there are only relations and no record.
    item: Option<Attributes>,
    rows: BTreeMap<KeyedHash, RelationRow>,
}

impl<'a> Shelf<'a> {
    fn after(done: Option<&'a str>) -> Self {
        Self {
            done,
            places: BTreeMap::new(),
        }
    }

    /// Adds an item. The same item may be added twice.
    fn add(&mut self, row: Attributes) -> Outcome<()> {
        let id = record_part(row.text("sk")?);
        if self.done == Some(id) {
            return Ok(());
        }
        let place = self.places.entry(RecordId::parse(id)?).or_default();
        match company_of(&row)? {
            None => place.item = Some(row),
            Some(company) => {
                let relation = RelationRow {
                    company,
                    status: status(&row)?,
                    score: row.number("sc")?,
                };
                place.rows.insert(company, relation);
            }
        }
        Ok(())
    }

    fn listed(self, next: Option<HeldToken>) -> Outcome<Listed> {
        let mut listed = Listed {
            next,
            ..Listed::default()
        };
        for (id, StoredPlaces { item, rows }) in self.places {
            let Some(item) = item else {
                let companies = rows.into_keys();
                let orphans = companies.map(|company| (id.clone(), company));
                listed.orphans.extend(orphans);
                continue;
            };
            let fingerprint = match item.get("f") {
                None => None,
                Some(_) => Fingerprint::from_bytes(item.blob("f")?),
            };
            let named = copy_rows::read_companies(&item)?;
            let record = (id, copy_rows::modified(&item)?, item.number("p")?);
            let rows = rows.into_values().collect();
            listed.held.push(Held {
                vanished: copy_rows::vanished(&item)?,
                parent: copy_rows::parent(&item)?,
                ..Held::compare(record, &named, fingerprint, rows)
            });
        }
        Ok(listed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::ports::StoredRelation;
    use matching::RelationStatus;

    use super::{super::item::number, *};

    fn hash(n: u8) -> KeyedHash {
        KeyedHash::parse(&format!("AAAAAAAAAAAAAAAAAAAA{n}A")).unwrap()
    }

    fn record(id: &str, relations: &[StoredRelation]) -> Attributes {
        let mut row = key("pk", id);
        row.insert("m".to_owned(), number(5));
        row.insert("p".to_owned(), number(7));
        if let Some(fingerprint) = Fingerprint::of_stored(relations) {
            let named: Vec<KeyedHash> = relations.iter().map(|one| one.company).collect();
            row.insert("r".to_owned(), copy_rows::companies(&named));
            let bytes = super::super::item::blob(fingerprint.as_bytes());
            row.insert("f".to_owned(), bytes);
        }
        row
    }

    fn relation(id: &str, company: KeyedHash) -> Attributes {
        let mut row = key("pk", format!("{id}#R#{company}"));
        row.insert("st".to_owned(), text("automatic"));
        row.insert("sc".to_owned(), number(990));
        row
    }

    #[test]
    fn relations_that_the_next_page_begins_with_are_the_last_record_s_own() {
        let relations: Vec<StoredRelation> = [1, 2]
            .map(|n| StoredRelation {
                company: hash(n),
                status: RelationStatus::Automatic,
                score: 990,
                link: None,
            })
            .into();
        let item = record("A", &relations);
        let row = |n| relation("A", hash(n));
        // The page ends after the first relation. The query beside it returns both relations, and the next page brings
        // the second one again.
        let mut first = Shelf::after(None);
        for row in [item, row(1), row(1), row(2)] {
            first.add(row).unwrap();
        }
        let first = first.listed(None).unwrap();
        assert_eq!(first.held.len(), 1);
        assert_eq!((&first.held[0].astray, first.held[0].page), (&None, 7));
        let mut second = Shelf::after(Some("A"));
        for row in [row(2), record("B", &[]), relation("C", hash(1))] {
            second.add(row).unwrap();
        }
        let second = second.listed(None).unwrap();
        let ids: Vec<_> = second.held.iter().map(|held| held.id.as_str()).collect();
        assert_eq!(ids, ["B"]);
        assert_eq!(second.orphans, [(RecordId::parse("C").unwrap(), hash(1))]);
    }
}
