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

use super::store::FaultyStore;

#[async_trait]
impl Reading for FaultyStore {
    async fn hits(&self, scope: &Scope, asked: &[Look]) -> Outcome<Vec<Hits>> {
        let work = self.inner.hits(scope, asked);
        self.faults.call("hits", work).await
    }

    async fn copied(
        &self,
        scope: &Scope,
        records: &[(Object, RecordId)],
    ) -> Outcome<Vec<Option<Copied>>> {
        let work = self.inner.copied(scope, records);
        self.faults.call("copied", work).await
    }

    async fn scan(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Copied>, Option<HeldToken>)> {
        let work = self.inner.scan(scope, object, after, most);
        self.faults.call("scan", work).await
    }

    async fn relations(
        &self,
        scope: &Scope,
        relations: &[(Object, RecordId, KeyedHash)],
    ) -> Outcome<Vec<Option<Related>>> {
        let work = self.inner.relations(scope, relations);
        self.faults.call("relations", work).await
    }

    async fn suggested(
        &self,
        scope: &Scope,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Suggested>, Option<HeldToken>)> {
        let work = self.inner.suggested(scope, after, most);
        self.faults.call("suggested", work).await
    }
}

#[async_trait]
impl Deciding for FaultyStore {
    async fn decisions(&self, scope: &Scope, of: DecisionsOf<'_>) -> Outcome<Vec<StoredDecision>> {
        let work = self.inner.decisions(scope, of);
        self.faults.call("decisions", work).await
    }

    async fn relink(&self, scope: &Scope, change: &Relink) -> Outcome<bool> {
        let work = self.inner.relink(scope, change);
        self.faults.call("relink", work).await
    }

    async fn note_merged(&self, scope: &Scope, object: Object, merged: &[Merged]) -> Outcome<()> {
        let work = self.inner.note_merged(scope, object, merged);
        self.faults.call("note_merged", work).await
    }

    async fn merged_into(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<RecordId>> {
        let work = self.inner.merged_into(scope, object, id);
        self.faults.call("merged_into", work).await
    }

    async fn erase(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
        seen: &Known,
    ) -> Outcome<bool> {
        let work = self.inner.erase(scope, object, id, seen);
        self.faults.call("erase", work).await
    }
}
