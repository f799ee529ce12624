//! Grants, consents that are under way, and the right to renew a grant.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    seal::Sealed,
    tenant::{Scope, TenantId},
};

/// Sealed grants of integrations, and consents that were begun, in Ledger. Every method but [`Self::take_state`] is idempotent.
#[port::port]
pub trait Grants: Send + Sync {
    /// Stores a consent that was begun, under the hash of its state, at least until `expires`.
    async fn put_state(
        &self,
        tenant: &TenantId,
        hash: &str,
        begun: &Sealed,
        expires: Timestamp,
    ) -> Outcome<()>;

    /// Removes and returns a consent that was begun. A second call returns `None`, even if the answer to the first was lost.
    async fn take_state(&self, tenant: &TenantId, hash: &str) -> Outcome<Option<Sealed>>;

    /// Takes the right to renew the grant until `until`, and returns the sealed credentials as stored now. `None` while another
    /// holder has the right at `now`. Fenced if the integration is not connected in this generation.
    async fn begin_renewal(
        &self,
        scope: &Scope,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Outcome<Option<Sealed>>;

    /// Gives back the right to renew if `holder` has it.
    async fn end_renewal(&self, scope: &Scope, holder: &str) -> Outcome<()>;

    /// Stores renewed credentials, and gives back the right to renew. Fenced unless the integration is connected in this generation
    /// and `holder` has the right. A caller that lost the answer may call again.
    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()>;
}
