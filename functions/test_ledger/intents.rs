use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{Concluded, Intents, Made, StoredIntent},
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::Ledger;

#[async_trait]
impl Intents for Ledger {
    async fn intent(&self, _: &Scope, _: &KeyedHash) -> Outcome<Option<StoredIntent>> {
        self.unexpected()
    }

    async fn put_intent(&self, _: &Scope, _: &StoredIntent, _: Option<&str>) -> Outcome<bool> {
        self.unexpected()
    }

    async fn conclude(
        &self,
        _: &Scope,
        _: &StoredIntent,
        _: &str,
        _: &[Made],
    ) -> Outcome<Concluded> {
        self.unexpected()
    }

    async fn drop_intent(&self, _: &Scope, _: &KeyedHash, _: &str) -> Outcome<()> {
        self.unexpected()
    }

    async fn makers(&self, _: &Scope, _: &[(Object, RecordId)]) -> Outcome<Vec<Option<KeyedHash>>> {
        self.unexpected()
    }

    async fn note_made(&self, _: &Scope, _: &KeyedHash, _: &[(Object, RecordId)]) -> Outcome<()> {
        self.unexpected()
    }

    async fn claim_made(
        &self,
        _: &Scope,
        _: &KeyedHash,
        _: &[(Object, RecordId)],
    ) -> Outcome<Option<RecordId>> {
        self.unexpected()
    }
}
