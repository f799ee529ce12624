//! Records, relations, bodies, pages.

use std::ops::Bound;

use domain::{
    fault::{Fault, Outcome},
    ports::{Held, HeldToken, Known, StoredRecord, StoredRelation},
    record::{Object, RecordId},
    seal::Sealed,
    tenant::{RunId, Scope},
};

use super::rows::{RecordKey, Row, Rows};
use crate::MAX_ITEM_BODY;

impl Rows {
    pub(super) fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Vec<Option<Known>> {
        ids.iter()
            .map(|id| {
                let row = self.records.get(&(scope.clone(), object, id.clone()));
                row.map(|row| row.known.clone())
            })
            .collect()
    }

    pub(super) fn put(&mut self, scope: &Scope, object: Object, records: Vec<StoredRecord>) {
        for record in records {
            let place = (scope.clone(), object, record.id);
            for company in record.dropped {
                self.relations.remove(&(place.clone(), company));
                self.links.remove(&(place.clone(), company));
            }
            let large = record.sealed.as_bytes().len() > MAX_ITEM_BODY;
            if record.was_large && !large {
                self.bodies.remove(&place);
            }
            let mut relations = Vec::with_capacity(record.relations.len());
            for relation in record.relations {
                relations.push(relation.company);
                self.put_relation(&place, &relation);
            }
            let known = Known {
                digest: record.digest,
                modified: record.modified,
                born: record.born,
                page: record.page,
                relations,
                large,
            };
            let mut sealed = Some(record.sealed);
            if large && let Some(body) = sealed.take() {
                self.bodies.insert(place.clone(), body);
            }
            let row = Row {
                known,
                lookups: record.lookups,
                sealed,
                brief: record.brief,
            };
            self.records.insert(place, row);
        }
    }

    pub(super) fn put_relation(&mut self, place: &RecordKey, relation: &StoredRelation) {
        let place = (place.clone(), relation.company);
        match &relation.link {
            Some(link) => self.links.insert(place.clone(), link.clone()),
            None => self.links.remove(&place),
        };
        self.relations
            .insert(place, (relation.status, relation.score));
    }

    pub(super) fn take_out(&mut self, scope: &Scope, object: Object, id: &RecordId, known: &Known) {
        let place = (scope.clone(), object, id.clone());
        for company in &known.relations {
            self.relations.remove(&(place.clone(), *company));
            self.links.remove(&(place.clone(), *company));
        }
        if known.large {
            self.bodies.remove(&place);
        }
        self.records.remove(&place);
    }

    pub(super) fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Held>, Option<HeldToken>)> {
        let after = after
            .map(|token| RecordId::parse(&token.0))
            .transpose()
            .map_err(|_| Fault::lasting("copies.token_malformed"))?;
        let from = match after {
            Some(id) => Bound::Excluded((scope.clone(), object, id)),
            // The first of all ids.
            None => Bound::Included((scope.clone(), object, RecordId::parse("!")?)),
        };
        let mut held: Vec<Held> = self
            .records
            .range((from, Bound::Unbounded))
            .take_while(|((of, kind, _), _)| of == scope && *kind == object)
            .take(most + 1)
            .map(|((_, _, id), row)| Held {
                id: id.clone(),
                modified: row.known.modified,
            })
            .collect();
        let more = held.len() > most;
        held.truncate(most);
        let next = held.last().filter(|_| more);
        let next = next.map(|held| HeldToken(held.id.to_string()));
        Ok((held, next))
    }

    /// Some(None): there is no such record. None: there is, but the body that should lie beside it does not.
    pub(super) fn record(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Option<Option<Sealed>> {
        let place = (scope.clone(), object, id.clone());
        let Some(row) = self.records.get(&place) else {
            return Some(None);
        };
        let body = row.sealed.as_ref().or_else(|| self.bodies.get(&place));
        body.map(|body| Some(body.clone()))
    }

    pub(super) fn put_page(
        &mut self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) {
        let place = (scope.clone(), run.clone(), object, page);
        self.pages.insert(place, sealed);
    }
}
