//! Intents to create records.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Intents, Made, StoredIntent},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::{MemoryStore, rows::Rows};
use crate::MAX_ITEM_BODY;

/// What intents left.
#[derive(Default)]
pub(super) struct IntentRows {
    pub(super) intents: BTreeMap<(Scope, KeyedHash), StoredIntent>,
    pub(super) makers: BTreeMap<(Scope, Object, RecordId), KeyedHash>,
}

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
        made: Vec<Made>,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        let place = (scope.clone(), intent.key);
        let there = rows.intents.intents.get(&place);
        let repeated = there.is_some_and(|there| there.revision == intent.revision);
        if !rows.put_intent(scope, intent, Some(before))? {
            return Ok(false);
        }
        if repeated {
            return Ok(true);
        }
        for Made { object, record } in made {
            let place = (scope.clone(), object, record.id.clone());
            let is_large = record.sealed.as_bytes().len() > MAX_ITEM_BODY;
            if is_large || rows.records.contains_key(&place) {
                continue;
            }
            rows.put(scope, object, vec![record]);
            if let Some(progress) = rows.progress.get_mut(&(scope.clone(), object)) {
                progress.held += 1;
            }
        }
        Ok(true)
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
