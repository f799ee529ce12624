//! What tenants state about themselves for the record of processing.

use crate::{fault::Outcome, seal::Sealed, tenant::TenantId};

/// The Ledger row in which a tenant states its identity.
#[port::port]
pub trait Controllers: Send + Sync {
    /// Returns the tenant's latest statement. `None` if there was none yet. The read is consistent.
    async fn controller(&self, tenant: &TenantId) -> Outcome<Option<Sealed>>;

    /// Stores the tenant's statement, and replaces the previous one.
    async fn put_controller(&self, tenant: &TenantId, stated: &Sealed) -> Outcome<()>;
}
