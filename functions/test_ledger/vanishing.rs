use async_trait::async_trait;
use domain::{
    fault::Outcome,
    order::Order,
    ports::Vanishing,
    record::{Object, RecordId},
    tenant::{RunId, Scope},
    vanished::{Decided, HeldBack},
};

use super::Ledger;

#[async_trait]
impl Vanishing for Ledger {
    async fn hold_back(&self, _: &Scope, _: Object, _: &RunId, _: &[RecordId]) -> Outcome<()> {
        self.unexpected()
    }

    async fn release(&self, _: &Scope, _: Object, _: &[RecordId]) -> Outcome<()> {
        self.unexpected()
    }

    async fn leave(&self, _: &Scope, _: Object, _: &[HeldBack]) -> Outcome<()> {
        self.unexpected()
    }

    async fn held_back(
        &self,
        _: &Scope,
        _: Object,
        _: Option<&RecordId>,
        _: usize,
    ) -> Outcome<(Vec<HeldBack>, Option<RecordId>)> {
        self.unexpected()
    }

    async fn decide_deletions(
        &self,
        _: &Scope,
        _: &Decided,
        _: &[(Object, u64)],
        _: &Order,
    ) -> Outcome<()> {
        self.unexpected()
    }

    async fn deletions_decided(&self, _: &Scope) -> Outcome<Option<Decided>> {
        self.unexpected()
    }
}
