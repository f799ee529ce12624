//! What tenants say of themselves, for the record of processing.

use async_trait::async_trait;

use crate::{fault::Outcome, seal::Sealed, tenant::TenantId};

/// The tenant's row of Ledger that says who it is.
#[async_trait]
pub trait Controllers: Send + Sync {
    /// What the tenant said last; none: nothing so far. What was stored is seen.
    async fn controller(&self, tenant: &TenantId) -> Outcome<Option<Sealed>>;

    /// Stores what the tenant says, in the place of what it said before.
    async fn put_controller(&self, tenant: &TenantId, stated: &Sealed) -> Outcome<()>;
}
