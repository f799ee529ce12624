//! What connecting, setting and showing an integration needs of the store.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::Integration,
    order::Order,
    progress::RunReport,
    seal::Sealed,
    settings::Kept,
    tenant::{IntegrationId, RunId, Scope, TenantId},
};

/// A part of [`Store`](super::Store).
#[async_trait]
pub trait Connections: Send + Sync {
    /// A tenant's integrations, removed ones among them, by their ids, some at a time; `after` continues an earlier
    /// answer.
    async fn integrations(
        &self,
        tenant: &TenantId,
        after: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)>;

    /// Keeps what was begun under a state whose hash this is, at least until `expires`.
    async fn put_state(
        &self,
        tenant: &TenantId,
        hash: &str,
        begun: &Sealed,
        expires: Timestamp,
    ) -> Outcome<()>;

    /// Takes out what was begun: whoever asks for it again gets none, also when the answer was lost.
    async fn take_state(&self, tenant: &TenantId, hash: &str) -> Outcome<Option<Sealed>>;

    /// Takes the right to renew the grant until `until`: the sealed credentials as they are stored now; none, while
    /// somebody else has that right at `now`. Fenced, when the integration is not connected in this generation.
    async fn begin_renewal(
        &self,
        scope: &Scope,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Outcome<Option<Sealed>>;

    /// Gives the right to renew back, if `holder` has it.
    async fn end_renewal(&self, scope: &Scope, holder: &str) -> Outcome<()>;

    /// Stores settings, if those that are there are the ones before (or none are, for the first version), and nothing
    /// moved the due time or the open run since. Answers whether it did.
    async fn put_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool>;

    /// The reports of a generation's runs, the newest first, at most `most`; `after` continues an earlier answer.
    async fn runs(
        &self,
        scope: &Scope,
        after: Option<&RunId>,
        most: u32,
    ) -> Outcome<Vec<RunReport>>;

    /// The report of a finished run.
    async fn run(&self, scope: &Scope, run: &RunId) -> Outcome<Option<RunReport>>;

    /// Notes that the event bus has these orders: the integration keeps them as untold no more. Orders that it does not keep
    /// are passed over.
    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()>;
}

/// New settings, and what follows from them.
pub struct ChangedSettings<'a> {
    /// The integration as it was seen.
    pub seen: &'a Integration,
    /// The settings; their version is one more than what was seen.
    pub kept: &'a Kept,
    /// When dispatch looks at the integration next.
    pub due: Timestamp,
    /// When the run after the open one is due, where one is open.
    pub next: Option<Timestamp>,
}
