use async_trait::async_trait;
use domain::{
    fault::Outcome,
    order::Order,
    ports::Vanishing,
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::{Decided, HeldBack},
};

use super::store::FaultyStore;

#[async_trait]
impl Vanishing for FaultyStore {
    async fn hold_back(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        ids: &[RecordId],
    ) -> Outcome<()> {
        let work = self.inner.hold_back(scope, object, run, ids);
        self.faults.call("hold_back", work).await
    }

    async fn release(&self, scope: &Scope, object: Object, ids: &[RecordId]) -> Outcome<()> {
        let work = self.inner.release(scope, object, ids);
        self.faults.call("release", work).await
    }

    async fn leave(&self, scope: &Scope, object: Object, held: &[HeldBack]) -> Outcome<()> {
        let work = self.inner.leave(scope, object, held);
        self.faults.call("leave", work).await
    }

    async fn held_back(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&RecordId>,
        most: usize,
    ) -> Outcome<(Vec<HeldBack>, Option<RecordId>)> {
        let work = self.inner.held_back(scope, object, after, most);
        self.faults.call("held_back", work).await
    }

    async fn decide_deletions(
        &self,
        scope: &Scope,
        decided: &Decided,
        counts: &[(Object, u64)],
        order: &Order,
    ) -> Outcome<()> {
        let work = self.inner.decide_deletions(scope, decided, counts, order);
        self.faults.call("decide_deletions", work).await
    }

    async fn deletions_decided(&self, scope: &Scope) -> Outcome<Option<Decided>> {
        let work = self.inner.deletions_decided(scope);
        self.faults.call("deletions_decided", work).await
    }
}
