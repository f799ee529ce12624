//! Reads of the copy, and users' decisions about its relations.

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    integration::{Status, Which},
    ports::{
        Copied, Deciding, DecisionsOf, Fingerprint, HeldToken, Hit, Hits, Index, Known, Lookup,
        Merged, Reading, Related, Relink, StoredDecision, Suggested,
    },
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

#[async_trait]
impl Deciding for MemoryStore {
    async fn decisions(&self, scope: &Scope, of: DecisionsOf<'_>) -> Outcome<Vec<StoredDecision>> {
        let rows = self.lock();
        let is_meant = |decision: &StoredDecision| match of {
            DecisionsOf::Everything => true,
            DecisionsOf::Object(object) => decision.object == object,
            DecisionsOf::Record(object, id) => decision.object == object && decision.id == *id,
        };
        let decisions = rows.decisions.iter();
        let ours = decisions.filter(|(((of, ..), _), _)| of == scope);
        let meant = ours.filter(|(_, decision)| is_meant(decision));
        Ok(meant.map(|(_, decision)| decision.clone()).collect())
    }

    async fn relink(&self, scope: &Scope, change: &Relink) -> Outcome<bool> {
        self.lock().relink(scope, change)
    }

    async fn note_merged(&self, scope: &Scope, object: Object, merged: &[Merged]) -> Outcome<()> {
        let mut rows = self.lock();
        for Merged { id, survivor } in merged {
            let place = (scope.clone(), object, id.clone());
            rows.merged.insert(place, survivor.clone());
        }
        Ok(())
    }

    async fn merged_into(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<RecordId>> {
        let place = (scope.clone(), object, id.clone());
        Ok(self.lock().merged.get(&place).cloned())
    }

    async fn erase(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
        seen: &Known,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        rows.may_change(scope)?;
        let place = (scope.clone(), object, id.clone());
        if rows.records.get(&place).map(|row| &row.known) != Some(seen) {
            return Ok(false);
        }
        rows.take_out(scope, object, id, seen);
        rows.relations.retain(|(of, _), _| *of != place);
        rows.links.retain(|(of, _), _| *of != place);
        rows.decisions.retain(|(of, _), _| *of != place);
        rows.held_back.remove(&place);
        Ok(true)
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

    /// Returns a fenced fault unless the integration is in this generation and neither being removed nor removed.
    pub(super) fn may_change(&self, scope: &Scope) -> Outcome<()> {
        let which = Which {
            tenant: scope.tenant.clone(),
            integration: scope.integration.clone(),
        };
        let is_there = self.integration(&which).is_some_and(|integration| {
            integration.scope == *scope
                && matches!(
                    integration.status,
                    Status::Connected | Status::NeedsReconnect
                )
        });
        if is_there {
            Ok(())
        } else {
            Err(Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced))
        }
    }

    fn relink(&mut self, scope: &Scope, change: &Relink) -> Outcome<bool> {
        self.may_change(scope)?;
        let place = (scope.clone(), change.object, change.id.clone());
        let Some(row) = self.records.get_mut(&place) else {
            return Ok(false);
        };
        if row.known != change.seen {
            return Ok(false);
        }
        row.known.relations = change.companies();
        row.fingerprint = Fingerprint::of_stored(&change.relations);
        for company in change.dropped() {
            self.relations.remove(&(place.clone(), company));
            self.links.remove(&(place.clone(), company));
        }
        for relation in &change.relations {
            self.put_relation(&place, relation);
        }
        if let Some(decision) = &change.decision {
            self.decisions
                .insert((place, decision.company), decision.clone());
        }
        Ok(true)
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
