//! Held-back deletions.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    order::Order,
    ports::Vanishing,
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::{Decided, HeldBack, Vanished},
};

use super::MemoryStore;

#[async_trait]
impl Vanishing for MemoryStore {
    async fn hold_back(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        ids: &[RecordId],
    ) -> Outcome<()> {
        let mut rows = self.lock();
        for id in ids {
            let place = (scope.clone(), object, id.clone());
            if rows.held_back.contains_key(&place) {
                continue;
            }
            if let Some(row) = rows.records.get_mut(&place) {
                row.known.vanished = Some(Vanished::Waiting);
                let waiting = (run.clone(), Vanished::Waiting);
                rows.held_back.insert(place, waiting);
            }
        }
        Ok(())
    }

    async fn release(&self, scope: &Scope, object: Object, ids: &[RecordId]) -> Outcome<()> {
        let mut rows = self.lock();
        for id in ids {
            rows.held_back.remove(&(scope.clone(), object, id.clone()));
        }
        Ok(())
    }

    async fn leave(&self, scope: &Scope, object: Object, held: &[HeldBack]) -> Outcome<()> {
        let mut rows = self.lock();
        for held in held {
            let place = (scope.clone(), object, held.id.clone());
            if let Some(row) = rows.records.get_mut(&place)
                && row.known.vanished.is_some()
            {
                row.known.vanished = Some(Vanished::Left);
            }
            if let Some((_, vanished)) = rows.held_back.get_mut(&place) {
                *vanished = Vanished::Left;
            }
        }
        Ok(())
    }

    async fn held_back(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&RecordId>,
        most: usize,
    ) -> Outcome<(Vec<HeldBack>, Option<RecordId>)> {
        let most = most.min(self.page_size);
        let rows = self.lock();
        let mut held: Vec<HeldBack> = rows
            .held_back
            .iter()
            .filter(|((of, kind, _), _)| of == scope && *kind == object)
            .filter(|((_, _, id), _)| after.is_none_or(|after| id > after))
            .take(most + 1)
            .map(|((_, _, id), (run, vanished))| HeldBack {
                id: id.clone(),
                run: run.clone(),
                vanished: *vanished,
            })
            .collect();
        let more = held.len() > most;
        held.truncate(most);
        let next = held.last().filter(|_| more).map(|last| last.id.clone());
        Ok((held, next))
    }

    async fn decide_deletions(
        &self,
        scope: &Scope,
        decided: &Decided,
        _: &[(Object, u64)],
        order: &Order,
    ) -> Outcome<()> {
        let mut rows = self.lock();
        rows.may_change(scope)?;
        let place = (scope.tenant.clone(), scope.integration.clone());
        if let Some(integration) = rows.integrations.get_mut(&place) {
            integration.untold.push(order.clone());
        }
        let what = format!("deletions_{}", decided.answer.name());
        rows.note_change(scope, decided.asked.at, &decided.asked.by, &what);
        rows.decided.insert(scope.clone(), decided.clone());
        Ok(())
    }

    async fn deletions_decided(&self, scope: &Scope) -> Outcome<Option<Decided>> {
        Ok(self.lock().decided.get(scope).cloned())
    }
}
