//! Whether a tenant has ended.

use crate::{
    fault::{Code, Fault, Outcome},
    ports::Offboardings,
    tenant::TenantId,
};

/// Refuses a tenant that has ended.
///
/// # Errors
/// `tenant.ended`, or the fault of the store.
pub async fn refuse(store: &(impl Offboardings + ?Sized), tenant: &TenantId) -> Outcome<()> {
    match store.offboarding(tenant).await? {
        None => Ok(()),
        Some(_) => Err(Fault::of(Code::TenantEnded)),
    }
}
