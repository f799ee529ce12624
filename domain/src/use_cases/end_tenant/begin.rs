//! The beginning of an offboarding.

use super::{End, is_empty};
use crate::{
    fault::{Code, Fault, Outcome},
    offboarding::Offboarding,
    order::{OffboardingDue, Order},
    ports::EndStore,
    removal::Asked,
    tenant::TenantId,
};

/// Returns whether anything was ever stored of a tenant. A mistyped id must not end a tenant that comes later.
///
/// # Errors
/// The fault of the store.
pub async fn is_known(store: &dyn EndStore, tenant: &TenantId) -> Outcome<bool> {
    Ok(!store.owned_rows(tenant, None, 1).await?.is_empty()
        || store.last_receipt(tenant).await?.is_some()
        || store.offboarding(tenant).await?.is_some())
}

/// Notes that the tenant has ended, unless that was done before. Returns the state, and the order with which [`end()`](super::end()) follows.
///
/// # Errors
/// The fault of the store.
pub async fn begin(
    store: &dyn EndStore,
    tenant: &TenantId,
    asked: Asked,
) -> Outcome<(Offboarding, Vec<Order>)> {
    let state = match store.offboarding(tenant).await? {
        Some(state) => shown(store, tenant, state).await?,
        None => put(store, tenant, None, asked).await?,
    };
    let tenant = tenant.clone();
    Ok((
        state,
        vec![Order::OffboardingDue(OffboardingDue { tenant })],
    ))
}

/// Notes that the tenant has ended, unless that was done before. A receipt that is no longer true is replaced by a new beginning.
pub(super) async fn begun(end: &End<'_>) -> Outcome<Offboarding> {
    let (store, tenant) = (end.store, end.tenant);
    let before = store.offboarding(tenant).await?;
    match &before {
        Some(state) if state.receipt.is_none() => {
            return shown(store, tenant, state.clone()).await;
        }
        Some(state) if is_empty(end).await? => return Ok(state.clone()),
        Some(_) => {}
        None if is_known(store, tenant).await? => {}
        None => return Err(Fault::of(Code::TenantUnknown)),
    }
    put(store, tenant, before.as_ref(), end.asked.clone()).await
}

/// Stores an end that is not over once more, as it is. Builds before 30 November 2026 (17:05 UTC) kept such a row out of the list of
/// ends, so that dispatch never found it. Each write puts it there.
async fn shown(
    store: &dyn EndStore,
    tenant: &TenantId,
    state: Offboarding,
) -> Outcome<Offboarding> {
    if state.receipt.is_none() {
        store.put_offboarding(tenant, Some(&state), &state).await?;
    }
    Ok(state)
}

/// Stores the beginning of an offboarding. Returns what is stored then: another call may have been first.
async fn put(
    store: &dyn EndStore,
    tenant: &TenantId,
    before: Option<&Offboarding>,
    asked: Asked,
) -> Outcome<Offboarding> {
    let state = Offboarding::begin(asked);
    store.put_offboarding(tenant, before, &state).await?;
    let stored = store.offboarding(tenant).await?;
    stored.ok_or_else(|| Fault::of(Code::TenantEndContended))
}
