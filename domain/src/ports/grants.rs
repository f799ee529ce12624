//! Grants: begun consents, and the right to renew.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    seal::Sealed,
    tenant::{Scope, TenantId},
};

/// Sealed grants of integrations, and consents that were begun, in Ledger. Every method but [`Self::take_state`] may be repeated: the
/// state after is the same.
#[port::port]
pub trait Grants: Send + Sync {
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

    /// Stores renewed credentials, and gives the right to renew back. Fenced, unless the integration is connected in this
    /// generation and `holder` has that right; a lost answer may be asked for again.
    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()>;
}
