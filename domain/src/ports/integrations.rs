//! The rows of integrations.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::{Integration, Status, Which},
    settings::StoredSettings,
    tenant::{Generation, IntegrationId, TenantId},
};

/// Integrations, in Ledger. Every method but the reading ones may be repeated: the state after is the same.
#[port::port]
pub trait Integrations: Send + Sync {
    /// An integration, as it stands now.
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>>;

    /// A tenant's integrations, removed ones among them, by their ids, some at a time; `after` continues an earlier
    /// answer.
    async fn integrations(
        &self,
        tenant: &TenantId,
        after: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)>;

    /// Stores a new or renewed integration, if the one that is there still has that generation and status (none: if
    /// none is there), and nobody has a lease on it that lasts beyond the new due time: whoever holds one may be writing.
    /// Answers whether it did.
    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool>;

    /// Stores settings, if those that are there are the ones before (or none are, for the first version), and nothing
    /// moved the due time or the open run since. Answers whether it did.
    async fn put_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool>;
}

/// New settings, and what follows from them.
pub struct ChangedSettings<'a> {
    /// The integration as it was seen.
    pub seen: &'a Integration,
    /// The settings; their version is one more than what was seen.
    pub kept: &'a StoredSettings,
    /// When dispatch looks at the integration next.
    pub due: Timestamp,
    /// When the run after the open one is due, where one is open.
    pub next: Option<Timestamp>,
}
