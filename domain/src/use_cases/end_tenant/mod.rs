//! Ends a tenant: removes its integrations, deletes everything that outlives them, and proves it.
//!
//! [`begin()`] notes that the tenant has ended and orders the rest. [`end()`] does all of it: it goes as far as it can, and is called
//! again until it answers with the receipt. The order is: note that the tenant has
//! ended, after which no request of it is served; remove its integrations; wait until no request that began before can be active any
//! more; count everything; destroy the keys of integrations that are left; delete the rows; destroy the tenant's own keys; verify that
//! nothing is left; sign the receipt.
//!
//! If anything of the tenant is there again when the receipt is already signed, all of this begins anew, and ends with another receipt.
//!
//! The tenant's own keys come last. As long as a row is there that they seal or hash, their absence would be the alarm of lost keys.
//!
//! Everything is counted before anything is deleted, and nobody writes meanwhile. So a call may be ended at any request, and the
//! counts stay those of the first call that counted.

mod begin;
mod look;

use jiff::{SignedDuration, Timestamp};

use self::{
    begin::begun,
    look::{count, integrations},
};
pub use self::{
    begin::{begin, is_known},
    look::{Inventory, look},
};
use crate::{
    fault::{Code, Fault, Outcome},
    integration::{Status, Which},
    offboarding::{Counted, Facts, Offboarding, TenantReceipt},
    order::{OffboardingDue, Order, RemovalDue},
    ports::{EndStore, Keys, Signed},
    removal::Asked,
    tenant::{IntegrationId, TenantId},
};

/// The arguments of an offboarding.
pub struct End<'a> {
    /// The Ledger.
    pub store: &'a dyn EndStore,
    /// Keys and KMS.
    pub keys: &'a dyn Keys,
    /// The tenant.
    pub tenant: &'a TenantId,
    /// Who asks, and when. Only the first call's is kept.
    pub asked: Asked,
    /// Returns the current time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// The time after which no round begins.
    pub deadline: Timestamp,
    /// The operator's limits.
    pub limits: &'a EndLimits,
}

/// Two clocks differ by this at most.
const SKEW: SignedDuration = SignedDuration::from_secs(10);

/// The operator's limits.
#[derive(Clone, Debug)]
pub struct EndLimits {
    /// How long after the beginning a request that was served before may still be active, or a process may have a key cached.
    pub settle: SignedDuration,
    /// The number of rows deleted in a round.
    pub round: usize,
    /// The version of the software in receipts.
    pub software: String,
}

impl EndLimits {
    /// Returns the usual limits where requests and remembered keys are over after `settle`.
    pub fn settling(settle: SignedDuration) -> Self {
        Self {
            settle: settle.saturating_add(SKEW),
            ..Self::default()
        }
    }
}

impl Default for EndLimits {
    fn default() -> Self {
        Self {
            // The API's limit is 29 s, and keys are cached for 300 s.
            settle: SignedDuration::from_secs(300).saturating_add(SKEW),
            round: 1_000,
            software: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// How far an offboarding came.
#[derive(Debug)]
pub enum Ended {
    /// Something has to end first. A later call goes on.
    Waits {
        /// The integrations whose removals are not over.
        removing: Vec<IntegrationId>,
        /// The time before which nothing is deleted.
        until: Timestamp,
        /// The orders for the bus. Dispatch repeats an order that is lost.
        orders: Vec<Order>,
    },
    /// The time was up. The order continues.
    HandedOver {
        /// The order for the bus.
        orders: Vec<Order>,
    },
    /// The tenant is gone.
    Gone(TenantReceipt),
}

/// Ends a tenant, or goes on with that. Repeating it is harmless.
///
/// # Errors
/// Permanent if nothing was ever stored of the tenant. Otherwise the fault of a port, after which a later call goes on.
pub async fn end(end: End<'_>) -> Outcome<Ended> {
    let (store, tenant) = (end.store, end.tenant);
    // Nothing is begun that could not be signed at its end.
    let key_id = end.keys.public_key(Signed::Receipt).await?.id;
    let state = begun(&end).await?;
    if let Some(receipt) = state.receipt {
        return Ok(Ended::Gone(receipt));
    }
    // The time comes first: a request that began in time may still connect an integration before it.
    let (now, until) = (
        (end.clock)(),
        state.asked.at.saturating_add(end.limits.settle),
    );
    let until = until.unwrap_or(Timestamp::MAX);
    let (removing, orders) = remove_integrations(&end).await?;
    if !removing.is_empty() || now < until {
        return Ok(Ended::Waits {
            removing,
            until,
            orders,
        });
    }
    let state = counted(&end, state).await?;
    // A connection that was cut off may have left keys that no removal knew. They go before the rows that name the integrations.
    end.keys.destroy_all(tenant).await?;
    if !end.keys.all_versions(tenant).await?.is_empty() {
        return Err(Fault::of(Code::TenantNotEmpty));
    }
    loop {
        let found = store.owned_rows(tenant, None, end.limits.round).await?;
        if found.is_empty() {
            break;
        }
        if (end.clock)() >= end.deadline {
            let tenant = tenant.clone();
            return Ok(Ended::HandedOver {
                orders: vec![Order::OffboardingDue(OffboardingDue { tenant })],
            });
        }
        store.discard_owned(tenant, &found).await?;
    }
    end.keys.destroy_tenant(tenant).await?;
    close(&end, state, key_id).await.map(Ended::Gone)
}

/// Begins the removal of each integration that has none. Returns those whose removals are not over, and the orders.
async fn remove_integrations(end: &End<'_>) -> Outcome<(Vec<IntegrationId>, Vec<Order>)> {
    let (mut removing, mut orders) = (Vec::new(), Vec::new());
    for there in integrations(end.store, end.tenant).await? {
        if there.status == Status::Removed {
            continue;
        }
        let which = Which {
            tenant: there.scope.tenant,
            integration: there.scope.integration,
        };
        let begun = end.store.begin_removal(&which, &end.asked).await?;
        let ordered = begun.filter(|(_, status)| *status == Status::Removing);
        orders.extend(ordered.map(|(scope, _)| Order::RemovalDue(RemovalDue { scope })));
        removing.push(which.integration);
    }
    Ok((removing, orders))
}

/// Counts everything, unless an earlier call did.
async fn counted(end: &End<'_>, state: Offboarding) -> Outcome<Offboarding> {
    if state.counted.is_some() {
        return Ok(state);
    }
    let (store, tenant) = (end.store, end.tenant);
    let mut keys = end.keys.all_versions(tenant).await?;
    keys.extend(end.keys.tenant_versions(tenant).await?);
    let after = Offboarding {
        counted: Some(Counted {
            at: (end.clock)(),
            rows: count(store, tenant, end.limits.round).await?,
            keys,
        }),
        ..state.clone()
    };
    // Another call may have counted, and deleted some of it since. Its counts are the right ones.
    match store.put_offboarding(tenant, Some(&state), &after).await? {
        true => Ok(after),
        false => Err(Fault::of(Code::TenantEndContended)),
    }
}

/// Returns whether nothing is left of the tenant.
async fn is_empty(end: &End<'_>) -> Outcome<bool> {
    let there = integrations(end.store, end.tenant).await?;
    Ok(there.iter().all(|there| there.status == Status::Removed)
        && end.store.owned_rows(end.tenant, None, 1).await?.is_empty()
        && end.keys.all_versions(end.tenant).await?.is_empty()
        && end.keys.tenant_versions(end.tenant).await?.is_empty())
}

/// Verifies that nothing is left, and writes, signs and stores the receipt.
async fn close(end: &End<'_>, state: Offboarding, key_id: String) -> Outcome<TenantReceipt> {
    let (store, tenant) = (end.store, end.tenant);
    if !is_empty(end).await? {
        return Err(Fault::of(Code::TenantNotEmpty));
    }
    let verified = (end.clock)();
    let previous = store.last_receipt(tenant).await?;
    let document = state.document(&Facts {
        tenant,
        previous: previous.as_ref(),
        key_id: &key_id,
        software: &end.limits.software,
        verified,
        now: (end.clock)(),
    })?;
    let receipt = TenantReceipt {
        signature: end.keys.sign(Signed::Receipt, document.as_bytes()).await?,
        document,
        key_id,
    };
    let after = Offboarding {
        receipt: Some(receipt.clone()),
        ..state.clone()
    };
    match store.put_offboarding(tenant, Some(&state), &after).await? {
        true => Ok(receipt),
        // Another call has signed one. It is as good, and it is the one that is stored.
        false => {
            let stored = store.offboarding(tenant).await?;
            let stored = stored.and_then(|stored| stored.receipt);
            stored.ok_or_else(|| Fault::of(Code::TenantEndContended))
        }
    }
}
