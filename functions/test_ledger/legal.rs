use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    legal::chain::Entry,
    ports::{Legal, MarkKind, Marked, StoredMark, StoredTemplate},
    seal::KeyedHash,
    tenant::TenantId,
};
use jiff::Timestamp;

use super::Ledger;

#[async_trait]
impl Legal for Ledger {
    async fn last_assessment(&self, _: &TenantId) -> Outcome<Option<Entry>> {
        self.unexpected()
    }

    async fn append_assessment(&self, _: &TenantId, _: &Entry) -> Outcome<bool> {
        self.unexpected()
    }

    async fn assessments(&self, _: &TenantId, _: u64, _: usize) -> Outcome<Vec<Entry>> {
        self.unexpected()
    }

    async fn assessments_at(&self, _: &TenantId, _: &[u64]) -> Outcome<Vec<Entry>> {
        self.unexpected()
    }

    async fn assessments_of(&self, _: &TenantId, _: &[KeyedHash]) -> Outcome<Vec<u64>> {
        self.unexpected()
    }

    async fn put_template(&self, _: &TenantId, _: &StoredTemplate) -> Outcome<bool> {
        self.unexpected()
    }

    async fn templates(&self, _: &TenantId) -> Outcome<Vec<StoredTemplate>> {
        self.unexpected()
    }

    async fn mark(&self, _: &TenantId, _: MarkKind, _: &[StoredMark]) -> Outcome<()> {
        self.unexpected()
    }

    async fn lift(&self, _: &TenantId, _: MarkKind, _: &[KeyedHash], _: Timestamp) -> Outcome<u64> {
        self.unexpected()
    }

    async fn is_marked(&self, _: &TenantId, _: &[KeyedHash]) -> Outcome<Vec<Marked>> {
        self.unexpected()
    }

    async fn marks_edition(&self, _: &TenantId) -> Outcome<u64> {
        self.unexpected()
    }

    async fn all_marked(&self, _: &TenantId, _: u64) -> Outcome<Arc<HashMap<KeyedHash, Marked>>> {
        self.unexpected()
    }
}
