//! The ids in the copy, each compared with what lies beside the record.

use std::ops::Bound;

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Comparing, Held, HeldToken, Listed, RelationRow},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::{
    MemoryStore,
    rows::{RecordKey, Rows},
    writes::Write,
};

#[async_trait]
impl Comparing for MemoryStore {
    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed> {
        self.lock().held(scope, object, after, self.page_size)
    }

    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()> {
        let mut rows = self.lock();
        for (id, company) in orphans {
            rows.write(Write::Drop((scope.clone(), object, id.clone()), *company));
        }
        Ok(())
    }
}

impl Rows {
    /// Lists what the copy has of an object, at most `most` records.
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
            .map_err(|_| Fault::of(Code::CopiesTokenMalformed))?;
        let from = match after {
            Some(id) => Bound::Excluded((scope.clone(), object, id)),
            // No id sorts before this one.
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
                    parent: row.lookups.parent,
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
}
