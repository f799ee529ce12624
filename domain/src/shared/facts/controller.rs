//! What a tenant said of itself, sealed into the Ledger and out of it: names and contact details are personal data, too.

use super::Accountable;
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Controllers, Keys, tenant_keys::lost},
    seal::{Opener, Place, Room, Sealer},
    tenant::TenantId,
};

/// Which of the tenant's things it is.
const KEY: &str = "controller";

/// What the tenant said; of what it did not say, that it did not.
///
/// # Errors
/// Permanent, when what is there does not open; what the ports answer otherwise.
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
    let text = Opener::new(&keys.sealing)
        .and_then(|mut opener| opener.open(&place, &sealed))
        .map_err(|error| Fault::of(Code::StoreUnreadable).with_detail(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|_| Fault::of(Code::StoreBodyMalformed))
}

/// Stores what the tenant says of itself.
///
/// # Errors
/// Permanent, when a part does not fit; what the ports answer otherwise.
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
    let sealed = Sealer::new(&keys.sealing, 1)?.seal(&place, &text)?;
    store.put_controller(tenant, &sealed).await
}
