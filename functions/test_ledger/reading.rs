use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::{
        Copied, Deciding, DecisionsOf, HeldToken, Hits, Known, Look, Merged, Reading, Related,
        Relink, StoredDecision, Suggested,
    },
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

use super::Ledger;

#[async_trait]
impl Reading for Ledger {
    async fn hits(&self, _: &Scope, _: &[Look]) -> Outcome<Vec<Hits>> {
        self.unexpected()
    }

    async fn copied(&self, _: &Scope, _: &[(Object, RecordId)]) -> Outcome<Vec<Option<Copied>>> {
        self.unexpected()
    }

    async fn scan(
        &self,
        _: &Scope,
        _: Object,
        _: Option<&HeldToken>,
        _: usize,
    ) -> Outcome<(Vec<Copied>, Option<HeldToken>)> {
        self.unexpected()
    }

    async fn relations(
        &self,
        _: &Scope,
        _: &[(Object, RecordId, KeyedHash)],
    ) -> Outcome<Vec<Option<Related>>> {
        self.unexpected()
    }

    async fn suggested(
        &self,
        _: &Scope,
        _: Option<&HeldToken>,
        _: usize,
    ) -> Outcome<(Vec<Suggested>, Option<HeldToken>)> {
        self.unexpected()
    }
}

#[async_trait]
impl Deciding for Ledger {
    async fn decisions(&self, _: &Scope, _: DecisionsOf<'_>) -> Outcome<Vec<StoredDecision>> {
        self.unexpected()
    }

    async fn relink(&self, _: &Scope, _: &Relink) -> Outcome<bool> {
        self.unexpected()
    }

    async fn note_merged(&self, _: &Scope, _: Object, _: &[Merged]) -> Outcome<()> {
        self.unexpected()
    }

    async fn merged_into(&self, _: &Scope, _: Object, _: &RecordId) -> Outcome<Option<RecordId>> {
        self.unexpected()
    }

    async fn erase(&self, _: &Scope, _: Object, _: &RecordId, _: &Known) -> Outcome<bool> {
        self.unexpected()
    }
}
