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

use super::store::FaultyStore;

#[async_trait]
impl Legal for FaultyStore {
    async fn last_assessment(&self, tenant: &TenantId) -> Outcome<Option<Entry>> {
        let work = self.inner.last_assessment(tenant);
        self.faults.call("last_assessment", work).await
    }

    async fn append_assessment(&self, tenant: &TenantId, entry: &Entry) -> Outcome<bool> {
        let work = self.inner.append_assessment(tenant, entry);
        self.faults.call("append_assessment", work).await
    }

    async fn assessments(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Entry>> {
        let work = self.inner.assessments(tenant, after, most);
        self.faults.call("assessments", work).await
    }

    async fn assessments_at(&self, tenant: &TenantId, numbers: &[u64]) -> Outcome<Vec<Entry>> {
        let work = self.inner.assessments_at(tenant, numbers);
        self.faults.call("assessments_at", work).await
    }

    async fn assessments_of(&self, tenant: &TenantId, people: &[KeyedHash]) -> Outcome<Vec<u64>> {
        let work = self.inner.assessments_of(tenant, people);
        self.faults.call("assessments_of", work).await
    }

    async fn put_template(&self, tenant: &TenantId, template: &StoredTemplate) -> Outcome<bool> {
        let work = self.inner.put_template(tenant, template);
        self.faults.call("put_template", work).await
    }

    async fn templates(&self, tenant: &TenantId) -> Outcome<Vec<StoredTemplate>> {
        let work = self.inner.templates(tenant);
        self.faults.call("templates", work).await
    }

    async fn mark(&self, tenant: &TenantId, kind: MarkKind, marks: &[StoredMark]) -> Outcome<()> {
        let work = self.inner.mark(tenant, kind, marks);
        self.faults.call("mark", work).await
    }

    async fn lift(
        &self,
        tenant: &TenantId,
        kind: MarkKind,
        people: &[KeyedHash],
        at: Timestamp,
    ) -> Outcome<u64> {
        let work = self.inner.lift(tenant, kind, people, at);
        self.faults.call("lift", work).await
    }

    async fn is_marked(&self, tenant: &TenantId, people: &[KeyedHash]) -> Outcome<Vec<Marked>> {
        let work = self.inner.is_marked(tenant, people);
        self.faults.call("is_marked", work).await
    }

    async fn marks_edition(&self, tenant: &TenantId) -> Outcome<u64> {
        let work = self.inner.marks_edition(tenant);
        self.faults.call("marks_edition", work).await
    }

    async fn all_marked(
        &self,
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Arc<HashMap<KeyedHash, Marked>>> {
        let work = self.inner.all_marked(tenant, edition);
        self.faults.call("all_marked", work).await
    }
}
