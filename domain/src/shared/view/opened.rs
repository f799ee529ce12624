//! Opens records of the copy, with their relations.

use std::collections::HashMap;

use super::{Freshness, Shown, ShownRelation, View};
use crate::{
    body::Body,
    decision,
    fault::Outcome,
    ports::{Copied, Related},
    record::{Object, RecordId},
    seal::{KeyedHash, Opener},
};

impl View<'_> {
    /// Opens records with their current relations, which takes one more request. Suppressed people are included, because a request
    /// for access must report them.
    pub(crate) async fn opened(
        &self,
        copied: Vec<Copied>,
        freshness: &Freshness,
    ) -> Outcome<Vec<Shown>> {
        let places: Vec<(Object, RecordId, KeyedHash)> = copied
            .iter()
            .flat_map(|copied| {
                let companies = copied.known.relations.iter();
                companies.map(|company| (copied.object, copied.id.clone(), *company))
            })
            .collect();
        let rows = if places.is_empty() {
            Vec::new()
        } else {
            self.store.relations(self.scope(), &places).await?
        };
        let rows: HashMap<_, _> = places.into_iter().zip(rows).collect();
        let mut opener = self.opener()?;
        let mut shown = Vec::with_capacity(copied.len());
        for copied in copied {
            shown.extend(self.open_one(&mut opener, copied, &rows, freshness)?);
        }
        Ok(shown)
    }

    /// Opens one record. `None` if its body is being moved to the place beside the item, and will be shown later.
    fn open_one(
        &self,
        opener: &mut Opener,
        copied: Copied,
        rows: &HashMap<(Object, RecordId, KeyedHash), Option<Related>>,
        freshness: &Freshness,
    ) -> Outcome<Option<Shown>> {
        let Some(sealed) = &copied.sealed else {
            return Ok(None);
        };
        let (scope, object) = (self.scope(), copied.object);
        let body = Body::open(opener, scope, object, &copied.id, sealed)?;
        let mut named: HashMap<KeyedHash, _> = body
            .relations
            .into_iter()
            .map(|relation| {
                (
                    decision::hash(&self.keys.index, &relation.company),
                    relation,
                )
            })
            .collect();
        let mut relations = Vec::with_capacity(copied.known.relations.len());
        for hash in &copied.known.relations {
            let place = (object, copied.id.clone(), *hash);
            let Some(Some(row)) = rows.get(&place) else {
                // The relation's row is just being written, or has just been deleted.
                continue;
            };
            let (company, evidence) = match (named.remove(hash), &row.link) {
                (Some(relation), _) => (relation.company, relation.evidence),
                (None, Some(link)) => {
                    let record = (object, &copied.id);
                    let company = decision::open_link(opener, scope, record, *hash, link)?;
                    (company, Vec::new())
                }
                (None, None) => continue,
            };
            relations.push(ShownRelation {
                company,
                status: row.status,
                score: row.score,
                evidence,
            });
        }
        let parent = body.attributes.as_ref();
        let parent = parent.and_then(|attributes| attributes.parent.as_ref());
        Ok(Some(Shown {
            object,
            confirmed: freshness.of(object, body.copied),
            id: copied.id,
            modified: copied.known.modified,
            copied: body.copied,
            parent_object: parent.and_then(|parent| self.origin.provider.object_of(parent)),
            attributes: body.attributes.unwrap_or_default(),
            display: body.display.unwrap_or_default(),
            people: body.people,
            relations,
            fields: body.fields,
            vanished: copied.known.vanished,
            omitted: Vec::new(),
        }))
    }
}
