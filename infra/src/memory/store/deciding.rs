//! Users' decisions about relations, and merged and erased records.

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Kind, Outcome},
    integration::{Status, Which},
    ports::{Deciding, DecisionsOf, Fingerprint, Known, Merged, Relink, StoredDecision},
    record::{Object, RecordId},
    tenant::Scope,
};

use super::{MemoryStore, rows::Rows};

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
}
