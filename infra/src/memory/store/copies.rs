//! Records, relations, bodies, pages.

use std::ops::Bound;

use domain::{
    fault::{Fault, Outcome},
    ports::{
        Fingerprint, Held, HeldToken, Known, Listed, Lookups, RelationRow, StoredRecord,
        StoredRelation,
    },
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::{RunId, Scope},
};

use super::{
    rows::{RecordKey, Row, Rows},
    writes::{Write, is_large, writes},
};

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

    /// Puts records as a whole.
    pub(super) fn put(&mut self, scope: &Scope, object: Object, records: Vec<StoredRecord>) {
        for write in writes(scope, object, records) {
            self.write(write);
        }
    }

    /// Does one of the writes that a put consists of.
    pub(super) fn write(&mut self, write: Write) {
        match write {
            Write::Unfinished(place, known) => {
                let row = Row {
                    known,
                    fingerprint: None,
                    lookups: Lookups::default(),
                    sealed: None,
                    brief: None,
                };
                self.records.insert(place, row);
            }
            Write::Body(place, Some(body)) => {
                self.bodies.insert(place, body);
            }
            Write::Body(place, None) => {
                self.bodies.remove(&place);
            }
            Write::Drop(place, company) => {
                self.relations.remove(&(place.clone(), company));
                self.links.remove(&(place, company));
            }
            Write::Relation(place, relation) => self.put_relation(&place, &relation),
            Write::Record(place, record) => self.put_record(place, *record),
        }
    }

    fn put_record(&mut self, place: RecordKey, record: StoredRecord) {
        let large = is_large(&record);
        let known = Known {
            digest: record.digest,
            modified: record.modified,
            born: record.born,
            page: record.page,
            relations: record
                .relations
                .iter()
                .map(|relation| relation.company)
                .collect(),
            large,
            vanished: record.vanished,
        };
        let row = Row {
            known,
            fingerprint: Fingerprint::of_stored(&record.relations),
            lookups: record.lookups,
            sealed: (!large).then_some(record.sealed),
            brief: record.brief,
        };
        self.records.insert(place, row);
    }

    pub(super) fn drop_orphans(
        &mut self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) {
        for (id, company) in orphans {
            self.write(Write::Drop((scope.clone(), object, id.clone()), *company));
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
    ) -> Outcome<Listed> {
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
            .range((from.clone(), Bound::Unbounded))
            .take_while(|((of, kind, _), _)| of == scope && *kind == object)
            .take(most + 1)
            .map(|(place, row)| {
                let record = (place.2.clone(), row.known.modified, row.known.page);
                let rows = self.rows_beside(place);
                Held {
                    vanished: row.known.vanished,
                    ..Held::compare(record, &row.known.relations, row.fingerprint, rows)
                }
            })
            .collect();
        let more = held.len() > most;
        held.truncate(most);
        let last = held.last().filter(|_| more).map(|held| held.id.clone());
        let until = match &last {
            Some(id) => Bound::Included((scope.clone(), object, id.clone())),
            None => Bound::Unbounded,
        };
        let is_of = |place: &RecordKey| {
            let is_past = match &until {
                Bound::Included(until) => place > until,
                _ => false,
            };
            let is_before = match &from {
                Bound::Excluded(from) => place <= from,
                _ => false,
            };
            place.0 == *scope && place.1 == object && !is_past && !is_before
        };
        let orphans = self
            .relations
            .keys()
            .filter(|(place, _)| is_of(place) && !self.records.contains_key(place))
            .map(|((.., id), company)| (id.clone(), *company))
            .collect();
        Ok(Listed {
            held,
            orphans,
            next: last.map(|id| HeldToken(id.to_string())),
        })
    }

    fn rows_beside(&self, place: &RecordKey) -> Vec<RelationRow> {
        self.relations
            .range((place.clone(), KeyedHash::LEAST)..)
            .take_while(|((of, _), _)| of == place)
            .map(|((_, company), (status, score))| RelationRow {
                company: *company,
                status: *status,
                score: *score,
            })
            .collect()
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
