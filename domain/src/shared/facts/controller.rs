//! The tenant's statement about itself, sealed in the Ledger. Its names and contact details are personal data, too.

use super::Accountable;
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Controllers, Keys, tenant_keys::lost},
    seal::{Place, Room},
    tenant::TenantId,
};

/// The key of the statement among the tenant's sealed things.
const KEY: &str = "controller";

/// Returns the tenant's statement. Parts that the tenant has not stated are marked as not stated.
///
/// # Errors
/// Permanent if the stored statement does not open. Otherwise the fault of the store or the keys.
pub async fn controller(
    store: &(impl Controllers + ?Sized),
    keys: &(impl Keys + ?Sized),
    tenant: &TenantId,
) -> Outcome<Accountable> {
    let Some(sealed) = store.controller(tenant).await? else {
        return Ok(Accountable::default());
    };
    let keys = keys.tenant_if_made(tenant).await?;
    let keys = keys.ok_or_else(|| lost("something is sealed, and there are no keys"))?;
    let place = Place::of_tenant(tenant, Room::LedgerTenant, KEY);
    let text = keys
        .sealing
        .open(&place, &sealed)
        .map_err(|error| Fault::of(Code::StoreUnreadable).with_detail(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|_| Fault::of(Code::StoreBodyMalformed))
}

/// Stores the tenant's statement about itself.
///
/// # Errors
/// Permanent if a part is out of bounds. Otherwise the fault of the store or the keys.
pub async fn put_controller(
    store: &(impl Controllers + ?Sized),
    keys: &(impl Keys + ?Sized),
    tenant: &TenantId,
    stated: &Accountable,
) -> Outcome<()> {
    stated.check()?;
    let keys = keys.tenant(tenant).await?;
    let text = serde_json::to_vec(stated).map_err(|_| Fault::of(Code::ControllerUnwritable))?;
    let place = Place::of_tenant(tenant, Room::LedgerTenant, KEY);
    let sealed = keys.sealing.seal(&place, &text)?;
    store.put_controller(tenant, &sealed).await
}
