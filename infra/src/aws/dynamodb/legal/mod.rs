//! The legal register: assessments in their chain, templates, suppressions. All rows are in the tenant's own partition.

mod assessments;
mod changes;
mod links;
mod suppressions;
mod templates;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    legal::{
        chain::{ChainHash, Entry},
        changes::{Change, Standing},
    },
    ports::{Legal, StoredSuppression, StoredTemplate, Suppressed, SuppressionKind},
    seal::KeyedHash,
    tenant::TenantId,
};
use jiff::Timestamp;

use super::{batch::key, item::Attributes, listed::Listing, store::AwsStore};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

#[async_trait]
impl Legal for AwsStore {
    async fn last_assessment(&self, tenant: &TenantId) -> Outcome<Option<Entry>> {
        self.read_last_assessment(tenant).await
    }

    async fn append_assessment(&self, tenant: &TenantId, entry: &Entry) -> Outcome<bool> {
        self.write_assessment(tenant, entry).await
    }

    async fn assessments(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Entry>> {
        self.list_assessments(tenant, after, most).await
    }

    async fn assessments_at(&self, tenant: &TenantId, numbers: &[u64]) -> Outcome<Vec<Entry>> {
        self.read_assessments(tenant, numbers).await
    }

    async fn assessments_of(&self, tenant: &TenantId, people: &[KeyedHash]) -> Outcome<Vec<u64>> {
        self.read_numbers(tenant, people).await
    }

    async fn put_template(&self, tenant: &TenantId, template: &StoredTemplate) -> Outcome<bool> {
        self.write_template(tenant, template).await
    }

    async fn templates(&self, tenant: &TenantId) -> Outcome<Vec<StoredTemplate>> {
        self.list_templates(tenant).await
    }

    async fn suppress(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        suppressions: &[StoredSuppression],
    ) -> Outcome<()> {
        self.write_suppressions(tenant, kind, suppressions).await
    }

    async fn lift(
        &self,
        tenant: &TenantId,
        kind: SuppressionKind,
        people: &[KeyedHash],
        at: Timestamp,
    ) -> Outcome<u64> {
        self.lift_suppressions(tenant, kind, people, at).await
    }

    async fn suppressed(
        &self,
        tenant: &TenantId,
        people: &[KeyedHash],
    ) -> Outcome<Vec<Suppressed>> {
        self.read_suppressed(tenant, people).await
    }

    async fn suppressions_edition(&self, tenant: &TenantId) -> Outcome<u64> {
        self.read_suppressions_edition(tenant).await
    }

    async fn all_suppressed(
        &self,
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Arc<HashMap<KeyedHash, Suppressed>>> {
        self.read_all_suppressed(tenant, edition).await
    }

    async fn head_of_changes(&self, tenant: &TenantId) -> Outcome<Option<(u64, ChainHash)>> {
        self.read_head_of_changes(tenant).await
    }

    async fn changes(&self, tenant: &TenantId, after: u64, most: usize) -> Outcome<Vec<Change>> {
        self.list_changes(tenant, after, most).await
    }

    async fn standing(&self, tenant: &TenantId) -> Outcome<Standing> {
        self.read_standing(tenant).await
    }
}

impl AwsStore {
    /// Reads all rows of a tenant whose sort keys have this prefix.
    async fn rows_of(
        &self,
        tenant: &TenantId,
        prefix: &str,
        projection: Option<&str>,
    ) -> Outcome<Vec<Attributes>> {
        let home = places::tenant(tenant);
        self.rows_under("legal_query", &home, prefix, projection)
            .await
    }

    /// Returns the last of the tenant's rows whose sort keys begin like this.
    async fn last_of(&self, tenant: &TenantId, prefix: &str) -> Outcome<Option<Attributes>> {
        let listing = Listing {
            operation: "legal_query",
            home: &places::tenant(tenant),
            prefix,
            projection: None,
            after: None,
            most: Some(1),
            is_backwards: true,
        };
        Ok(self.list(listing).await?.0.pop())
    }

    /// Returns at most about `most` of the tenant's rows whose sort keys begin like this, from behind `after` on.
    async fn some_of(
        &self,
        tenant: &TenantId,
        prefix: &str,
        after: Option<String>,
        most: usize,
    ) -> Outcome<Vec<Attributes>> {
        let home = places::tenant(tenant);
        let listing = Listing {
            operation: "legal_query",
            home: &home,
            prefix,
            projection: None,
            after: after.map(|after| key(&home, after)),
            most: Some(i32::try_from(most.max(1)).unwrap_or(i32::MAX)),
            is_backwards: false,
        };
        Ok(self.list(listing).await?.0)
    }

    /// Returns the row that counts the editions of suppressions, and has the head of their changes.
    async fn read_marks(&self, tenant: &TenantId) -> Outcome<Option<Attributes>> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::tenant(tenant), places::MARKS)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("marks_get", &error))?;
        Ok(found.item)
    }
}

/// Reads the keyed hash of a person.
fn person(text: Option<&str>) -> Outcome<KeyedHash> {
    text.and_then(KeyedHash::parse)
        .ok_or_else(|| malformed("person"))
}
