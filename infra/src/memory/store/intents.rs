//! Intents to create records.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Concluded, Intents, Made, StoredIntent, StoredRecord},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::{MemoryStore, rows::Rows};
use crate::MAX_ITEM_BODY;

impl Rows {
    fn put_intent(
        &mut self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<bool> {
        self.admitted(scope)?;
        let place = (scope.clone(), intent.key);
        let there = self.intents.intents.get(&place);
        let revision = there.map(|there| there.revision.as_str());
        if revision == Some(intent.revision.as_str()) {
            return Ok(true);
        }
        if revision != before {
            return Ok(false);
        }
        self.intents.intents.insert(place, intent.clone());
        Ok(true)
    }
}

#[async_trait]
impl Intents for MemoryStore {
    async fn intent(&self, scope: &Scope, key: &KeyedHash) -> Outcome<Option<StoredIntent>> {
        let place = (scope.clone(), *key);
        Ok(self.lock().intents.intents.get(&place).cloned())
    }

    async fn put_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<bool> {
        self.lock().put_intent(scope, intent, before)
    }

    async fn conclude(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: &str,
        made: &[Made],
    ) -> Outcome<Concluded> {
        let mut rows = self.lock();
        rows.admitted(scope)?;
        let there = rows.intents.intents.get(&(scope.clone(), intent.key));
        if there.is_some_and(|there| there.revision == intent.revision) {
            return Ok(Concluded::Kept);
        }
        let fits = |record: &&StoredRecord| record.sealed.as_bytes().len() <= MAX_ITEM_BODY;
        let new: Vec<(Object, &StoredRecord)> = made
            .iter()
            .filter_map(|made| Some((made.object, made.record.as_ref().filter(fits)?)))
            .collect();
        let is_known = |(object, record): &(Object, &StoredRecord)| {
            let place = (scope.clone(), *object, record.id.clone());
            rows.records.contains_key(&place)
        };
        let is_as_seen = there.is_some_and(|there| there.revision == before);
        if is_as_seen && new.iter().any(is_known) {
            return Ok(Concluded::Known);
        }
        if !rows.put_intent(scope, intent, Some(before))? {
            return Ok(Concluded::Overtaken);
        }
        for (object, record) in new {
            rows.put(scope, object, vec![record.clone()]);
            if let Some(progress) = rows.progress.get_mut(&(scope.clone(), object)) {
                progress.held += 1;
            }
        }
        for decision in made.iter().filter_map(|made| made.decision.as_ref()) {
            let place = (scope.clone(), decision.object, decision.id.clone());
            rows.decisions
                .insert((place, decision.company), decision.clone());
        }
        Ok(Concluded::Kept)
    }

    async fn drop_intent(&self, scope: &Scope, key: &KeyedHash, before: &str) -> Outcome<()> {
        let mut rows = self.lock();
        let place = (scope.clone(), *key);
        let there = rows.intents.intents.get(&place);
        if there.is_some_and(|there| there.revision == before) {
            rows.intents.intents.remove(&place);
        }
        Ok(())
    }

    async fn makers(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<KeyedHash>>> {
        let rows = self.lock();
        let maker = |(object, id): &(Object, RecordId)| {
            let place = (scope.clone(), *object, id.clone());
            rows.intents.makers.get(&place).copied()
        };
        Ok(records.iter().map(maker).collect())
    }

    async fn note_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<()> {
        let mut rows = self.lock();
        rows.admitted(scope)?;
        for (object, id) in records {
            let place = (scope.clone(), *object, id.clone());
            rows.intents.makers.insert(place, *key);
        }
        Ok(())
    }

    async fn claim_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<Option<RecordId>> {
        let mut rows = self.lock();
        rows.admitted(scope)?;
        let place = |(object, id): &(Object, RecordId)| (scope.clone(), *object, id.clone());
        let of_another = |record: &&(Object, RecordId)| {
            let maker = rows.intents.makers.get(&place(record));
            maker.is_some_and(|maker| maker != key)
        };
        if let Some((_, id)) = records.iter().find(of_another) {
            return Ok(Some(id.clone()));
        }
        for record in records {
            rows.intents.makers.insert(place(record), *key);
        }
        Ok(None)
    }
}
