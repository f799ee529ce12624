//! What a tenant has.

use std::collections::BTreeMap;

use crate::{
    fault::Outcome,
    integration::Integration,
    offboarding::{Offboarding, Owned},
    ports::EndStore,
    tenant::TenantId,
};

/// What a tenant has.
pub struct Inventory {
    /// The state of its offboarding. `None` unless it was begun.
    pub offboarding: Option<Offboarding>,
    /// Its integrations.
    pub integrations: Vec<Integration>,
    /// The number of rows of each kind that outlive integrations.
    pub rows: BTreeMap<Owned, u64>,
}

/// Returns what a tenant has, and changes nothing.
///
/// # Errors
/// The fault of the store.
pub async fn look(store: &dyn EndStore, tenant: &TenantId, round: usize) -> Outcome<Inventory> {
    Ok(Inventory {
        offboarding: store.offboarding(tenant).await?,
        integrations: integrations(store, tenant).await?,
        rows: count(store, tenant, round).await?,
    })
}

pub(super) async fn integrations(
    store: &dyn EndStore,
    tenant: &TenantId,
) -> Outcome<Vec<Integration>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (found, next) = store.integrations(tenant, after.as_ref()).await?;
        all.extend(found);
        after = next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

pub(super) async fn count(
    store: &dyn EndStore,
    tenant: &TenantId,
    round: usize,
) -> Outcome<BTreeMap<Owned, u64>> {
    let (mut rows, mut last) = (BTreeMap::new(), None);
    loop {
        let found = store.owned_rows(tenant, last.as_ref(), round).await?;
        for row in &found {
            *rows.entry(row.kind).or_default() += 1;
        }
        last = found.into_iter().next_back();
        if last.is_none() {
            return Ok(rows);
        }
    }
}
