//! Collects the items of a partition into records with their relations.

use std::collections::BTreeMap;

use domain::{
    fault::Outcome,
    ports::{Fingerprint, Held, HeldToken, Listed, RelationRow},
    record::RecordId,
    seal::KeyedHash,
};

use super::{
    super::{
        copy_rows::{self, status},
        item::{Attributes, Item},
    },
    company_of,
};

/// The items of a partition, as far as they were read.
pub(super) struct Shelf<'a> {
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
    pub(super) fn after(done: Option<&'a str>) -> Self {
        Self {
            done,
            places: BTreeMap::new(),
        }
    }

    /// Adds an item. The same item may be added twice.
    pub(super) fn add(&mut self, row: Attributes) -> Outcome<()> {
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

    pub(super) fn listed(self, next: Option<HeldToken>) -> Outcome<Listed> {
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

/// Returns the record's id in a sort key of Copies: the whole key, or the part before a relation's company.
pub(super) fn record_part(sk: &str) -> &str {
    sk.split('#').next().unwrap_or(sk)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use domain::ports::StoredRelation;
    use matching::RelationStatus;

    use super::{
        super::super::{
            batch::key,
            item::{blob, number, text},
        },
        *,
    };

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
            let bytes = blob(fingerprint.as_bytes());
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
