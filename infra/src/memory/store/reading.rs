//! Reads of the copy.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Copied, HeldToken, Hit, Hits, Index, Lookup, Reading, Related, Suggested},
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
    vanished::Vanished,
};
use matching::RelationStatus;

use super::{
    MemoryStore,
    rows::{RecordKey, Row, Rows},
};

#[async_trait]
impl Reading for MemoryStore {
    async fn hits(&self, scope: &Scope, asked: &[Lookup]) -> Outcome<Vec<Hits>> {
        let rows = self.lock();
        Ok(asked.iter().map(|ask| rows.hits(scope, ask)).collect())
    }

    async fn copied(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<Copied>>> {
        let rows = self.lock();
        let found = records
            .iter()
            .map(|(object, id)| rows.copied(&(scope.clone(), *object, id.clone())));
        Ok(found.collect())
    }

    async fn scan(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Copied>, Option<HeldToken>)> {
        let most = most.min(self.page_size);
        let rows = self.lock();
        let listed = rows.held(scope, object, after, most)?;
        let copied = listed
            .held
            .into_iter()
            .filter_map(|held| rows.copied(&(scope.clone(), object, held.id)));
        Ok((copied.collect(), listed.next))
    }

    async fn relations(
        &self,
        scope: &Scope,
        relations: &[(Object, RecordId, KeyedHash)],
    ) -> Outcome<Vec<Option<Related>>> {
        let rows = self.lock();
        let found = relations.iter().map(|(object, id, company)| {
            let place = ((scope.clone(), *object, id.clone()), *company);
            let (status, score) = *rows.relations.get(&place)?;
            let link = rows.links.get(&place).cloned();
            Some(Related {
                status,
                score,
                link,
            })
        });
        Ok(found.collect())
    }

    async fn suggested(
        &self,
        scope: &Scope,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Suggested>, Option<HeldToken>)> {
        let most = most.min(self.page_size);
        let rows = self.lock();
        let found = rows
            .relations
            .iter()
            .filter(|(((of, ..), _), (status, _))| {
                of == scope && *status == RelationStatus::Suggested
            })
            .map(|(((_, object, id), company), (_, score))| Suggested {
                object: *object,
                id: id.clone(),
                company: *company,
                score: *score,
            });
        let mark = |found: &Suggested| format!("{} {} {}", found.object, found.id, found.company);
        let mut found: Vec<Suggested> = found
            .filter(|found| after.is_none_or(|after| mark(found) > after.0))
            .collect();
        found.sort_by_key(mark);
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more);
        let next = next.map(|last| HeldToken(mark(last)));
        Ok((found, next))
    }
}

impl Rows {
    fn copied(&self, place: &RecordKey) -> Option<Copied> {
        let Row { known, sealed, .. } = self.records.get(place)?;
        let sealed = sealed.as_ref().or_else(|| self.bodies.get(place));
        Some(Copied {
            object: place.1,
            id: place.2.clone(),
            known: known.clone(),
            sealed: sealed.cloned(),
        })
    }

    fn hits(&self, scope: &Scope, ask: &Lookup) -> Hits {
        let mut hits: Vec<(String, Hit)> = match ask.index {
            Index::Company => self.related(scope, ask.hash),
            Index::Email | Index::Domain | Index::Parent => self.looked_up(scope, ask),
        };
        hits.sort_by(|(left, _), (right, _)| left.cmp(right));
        hits.retain(|(mark, _)| ask.after.as_ref().is_none_or(|after| *mark > after.0));
        let more = hits.len() > ask.most;
        hits.truncate(ask.most);
        let next = hits.last().filter(|_| more);
        Hits {
            next: next.map(|(mark, _)| HeldToken(mark.clone())),
            hits: hits.into_iter().map(|(_, hit)| hit).collect(),
        }
    }

    fn looked_up(&self, scope: &Scope, ask: &Lookup) -> Vec<(String, Hit)> {
        self.records
            .iter()
            .filter(|((of, ..), row)| {
                let hash = match ask.index {
                    Index::Email => row.lookups.email,
                    Index::Domain => row.lookups.domain,
                    Index::Parent => row.lookups.parent,
                    Index::Company => None,
                };
                of == scope && hash == Some(ask.hash)
            })
            .map(|((_, object, id), row)| {
                // While the deletion of a record waits for a decision, its projection is not shown.
                let is_shown =
                    ask.index == Index::Parent && row.known.vanished != Some(Vanished::Waiting);
                let projection = row.projection.clone().filter(|_| is_shown);
                (mark(*object, id), hit(*object, id, None, projection))
            })
            .collect()
    }

    fn related(&self, scope: &Scope, company: KeyedHash) -> Vec<(String, Hit)> {
        self.relations
            .iter()
            .filter(|(((of, ..), there), _)| of == scope && *there == company)
            .map(|(((_, object, id), _), relation)| {
                (mark(*object, id), hit(*object, id, Some(*relation), None))
            })
            .collect()
    }
}

fn hit(
    object: Object,
    id: &RecordId,
    relation: Option<(RelationStatus, u16)>,
    projection: Option<Sealed>,
) -> Hit {
    Hit {
        object,
        id: id.clone(),
        relation,
        projection,
    }
}

fn mark(object: Object, id: &RecordId) -> String {
    format!("{id} {object}")
}
