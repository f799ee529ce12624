//! Keys of tenants.

use std::sync::Arc;

use crate::{
    fault::{Code, Fault, Outcome},
    seal::{KeyedHash, TenantKeys},
    tenant::TenantId,
};

/// The table TenantKeys. No removal touches them, and only the end of a tenant destroys them. Opened keys may be cached for five
/// minutes at most.
///
/// A tenant's objections are found by hashes under these keys. With other keys none of them would be found, and nobody would seem
/// to have objected. So the check value of the first keys is stored in the Ledger in the same step, and keys that differ from it
/// are not opened. The methods that return keys fail with [`lost`] if the tenant's keys were stored, or have left rows, and are now missing or
/// different.
#[port::port]
pub trait TenantKeyring: Send + Sync {
    /// Returns a tenant's keys for a write, and creates them if they never existed. Concurrent first callers all get the same keys.
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>>;

    /// Returns a tenant's keys for a read, and never creates any. `None` if the tenant has no keys yet, in which case nothing is
    /// sealed or hashed with them.
    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>>;

    /// Returns the names of the existing versions of a tenant's keys. The read is consistent.
    async fn tenant_versions(&self, tenant: &TenantId) -> Outcome<Vec<String>>;

    /// Destroys a tenant's keys and their check value, in one step. Only the end of a tenant does so, after everything is deleted that
    /// they sealed or hashed.
    async fn destroy_tenant(&self, tenant: &TenantId) -> Outcome<()>;
}

/// Returns the fault for a tenant whose keys are missing or differ from the check value. `how` must not name a key.
pub fn lost(how: &'static str) -> Fault {
    Fault::of(Code::KeysTenantLost).with_detail(how)
}

/// Compares opened keys with the stored check value.
///
/// # Errors
/// [`lost`] if they differ.
pub fn verify(keys: &TenantKeys, noted: KeyedHash) -> Outcome<()> {
    if keys.check() == noted {
        Ok(())
    } else {
        Err(lost("the keys are not those that were noted"))
    }
}
