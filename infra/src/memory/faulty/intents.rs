use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Concluded, Intents, Made, StoredIntent},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::store::FaultyStore;

#[async_trait]
impl Intents for FaultyStore {
    async fn intent(&self, scope: &Scope, key: &KeyedHash) -> Outcome<Option<StoredIntent>> {
        let work = self.inner.intent(scope, key);
        self.faults.call("intent", work).await
    }

    async fn put_intent(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: Option<&str>,
    ) -> Outcome<bool> {
        let work = self.inner.put_intent(scope, intent, before);
        self.faults.call("put_intent", work).await
    }

    async fn conclude(
        &self,
        scope: &Scope,
        intent: &StoredIntent,
        before: &str,
        made: &[Made],
    ) -> Outcome<Concluded> {
        let work = self.inner.conclude(scope, intent, before, made);
        self.faults.call("conclude", work).await
    }

    async fn drop_intent(&self, scope: &Scope, key: &KeyedHash, before: &str) -> Outcome<()> {
        let work = self.inner.drop_intent(scope, key, before);
        self.faults.call("drop_intent", work).await
    }

    async fn makers(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<KeyedHash>>> {
        let work = self.inner.makers(scope, records);
        self.faults.call("makers", work).await
    }

    async fn note_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<()> {
        let work = self.inner.note_made(scope, key, records);
        self.faults.call("note_made", work).await
    }

    async fn claim_made(
        &self,
        scope: &Scope,
        key: &KeyedHash,
        records: &[(Object, RecordId)],
    ) -> Outcome<Option<RecordId>> {
        let work = self.inner.claim_made(scope, key, records);
        self.faults.call("claim_made", work).await
    }
}
