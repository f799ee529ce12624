//! Keys of tenants.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{fault::Outcome, seal::TenantKeys, tenant::TenantId};

/// The tenants' rows of the table Keys. A removal touches none of them. Opened keys may be remembered for five minutes at
/// most.
#[async_trait]
pub trait TenantKeyring: Send + Sync {
    /// A tenant's keys, made on first use. Of callers who are first together all get the same.
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>>;

    /// A tenant's keys; none: nobody has used them yet, so there is nothing that they seal or hash.
    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>>;
}
