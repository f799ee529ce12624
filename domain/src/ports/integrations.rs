//! The rows of integrations.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::{Integration, Origin, Status, Which},
    settings::StoredSettings,
    tenant::{Generation, IntegrationId, TenantId},
};

/// Integrations in Ledger. Every writing method is idempotent.
#[port::port]
pub trait Integrations: Send + Sync {
    /// Returns an integration. The read is consistent.
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>>;

    /// Returns an integration's origin. The read is consistent, and the grant is not read.
    async fn origin(&self, which: &Which) -> Outcome<Option<Origin>>;

    /// Returns some of a tenant's integrations by id, including removed ones. `after` continues an earlier list.
    async fn integrations(
        &self,
        tenant: &TenantId,
        after: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)>;

    /// Stores a new or renewed integration. It is stored only if the current one still has the given generation and status (`None`:
    /// there must not be one), and no lease outlives the new due time, because a lease holder may still be writing. Returns whether
    /// it was stored.
    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool>;

    /// Stores settings. They are stored only if the current settings are the previous ones (for the first version: there must not
    /// be any), and neither due time nor open run has changed since. Returns whether they were stored.
    async fn put_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool>;
}

/// New settings, and the schedule that follows from them.
pub struct ChangedSettings<'a> {
    /// The integration as it was seen.
    pub seen: &'a Integration,
    /// The settings. Their version is one more than that of the settings seen.
    pub kept: &'a StoredSettings,
    /// The time at which dispatch next looks at the integration.
    pub due: Timestamp,
    /// The due time of the run after the open one, if a run is open.
    pub next: Option<Timestamp>,
}
