//! Keys of tenants.

use std::sync::Arc;

use crate::{
    fault::{Code, Fault, Outcome},
    seal::{KeyedHash, TenantKeys},
    tenant::TenantId,
};

/// The tenants' rows of the table Keys. A removal touches none of them. Opened keys may be remembered for five minutes at
/// most.
///
/// A tenant's objections are found by hashes under these keys. Other keys find none of them, and everybody would seem to be
/// free. So the first keys' check value is noted in the Ledger in the same step, and nothing is opened that differs from it.
/// Both methods answer [`lost`] for a tenant whose keys were noted, or have left rows, and are missing or others.
#[port::port]
pub trait TenantKeyring: Send + Sync {
    /// A tenant's keys for a write: made, if there never were any. Of callers who are first together all get the same.
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>>;

    /// A tenant's keys for a read, which never makes any; none: nobody has used them yet, so there is nothing that they seal
    /// or hash.
    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>>;
}

/// The fault of a tenant whose keys are missing or are not the ones that were noted. `how` names no key.
pub fn lost(how: &'static str) -> Fault {
    Fault::of(Code::KeysTenantLost).with_detail(how)
}

/// Holds opened keys against the check value that was noted.
///
/// # Errors
/// [`lost`], when they are others.
pub fn verify(keys: &TenantKeys, noted: KeyedHash) -> Outcome<()> {
    if keys.check() == noted {
        Ok(())
    } else {
        Err(lost("the keys are not those that were noted"))
    }
}
