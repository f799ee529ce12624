//! What tenants say of themselves, for the record of processing.

use crate::{fault::Outcome, seal::Sealed, tenant::TenantId};

/// The tenant's row of Ledger that says who it is.
#[port::port]
pub trait Controllers: Send + Sync {
    /// What the tenant said last; none: nothing so far. What was stored is seen.
    async fn controller(&self, tenant: &TenantId) -> Outcome<Option<Sealed>>;

    /// Stores what the tenant says, in the place of what it said before.
    async fn put_controller(&self, tenant: &TenantId, stated: &Sealed) -> Outcome<()>;
}
