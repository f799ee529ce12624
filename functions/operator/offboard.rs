//! Shows what a tenant has, and ends it.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    end_tenant::{self, End, EndLimits, Ended, Inventory},
    fault::{Code, Fault, Outcome},
    offboarding::{Owned, TenantReceipt},
    ports::{Keys, Ports, Signed},
    removal::{Asked, Asker},
    tenant::TenantId,
};
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{clock::Clock, events::SendOrders};

/// Returns who orders the end of a tenant.
pub(super) type AskerOf<'a> = dyn Fn(TenantId) -> BoxFuture<'a, Outcome<Asker>> + Send + Sync + 'a;

/// What an offboarding works with.
pub(super) struct OffboardContext<'a> {
    /// The ports.
    pub(super) ports: &'a Ports,
    /// Names who has the credentials of this process.
    pub(super) asker: &'a AskerOf<'a>,
    /// The event bus.
    pub(super) send: &'a SendOrders<'a>,
    /// Tells the time.
    pub(super) clock: &'a Clock<'a>,
    /// The operator's limits.
    pub(super) limits: &'a EndLimits,
}

/// Shows what a tenant has, or goes on with its end if that is confirmed by the tenant's id.
pub(super) async fn offboard(
    given: &OffboardContext<'_>,
    tenant: &str,
    confirm: Option<&str>,
) -> Outcome<Value> {
    let tenant = TenantId::parse(tenant.trim())?;
    let Some(confirm) = confirm else {
        let round = given.limits.round;
        let found = end_tenant::look(&*given.ports.store, &tenant, round).await?;
        return Ok(shown(&tenant, &found));
    };
    if TenantId::parse(confirm.trim())? != tenant {
        return Err(Fault::of(Code::TenantNotConfirmed));
    }
    let now = (given.clock)();
    let ended = end_tenant::end(End {
        store: &*given.ports.store,
        keys: &*given.ports.keys,
        tenant: &tenant,
        asked: Asked {
            by: (given.asker)(tenant.clone()).await?,
            at: Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now),
        },
        clock: given.clock,
        // A command has no deadline.
        deadline: Timestamp::MAX,
        limits: given.limits,
    });
    match ended.await? {
        Ended::HandedOver { .. } => Err(Fault::of(Code::TenantEndContended)),
        Ended::Gone(receipt) => gone(&*given.ports.keys, &tenant, &receipt).await,
        Ended::Waits {
            removing,
            until,
            orders,
        } => {
            let ordered = orders.is_empty() || (given.send)(orders).await.is_ok();
            if !ordered {
                tracing::warn!("no order was sent: dispatch sends them within the hour");
            }
            Ok(json!({
                "tenant": tenant,
                "ended": true,
                "removing": removing,
                "goes_on_at": until,
                "receipt": null,
            }))
        }
    }
}

fn shown(tenant: &TenantId, found: &Inventory) -> Value {
    let rows = Owned::ALL.into_iter().map(|kind| {
        let n = found.rows.get(&kind).copied().unwrap_or(0);
        (kind.name().to_owned(), Value::from(n))
    });
    let integrations = found.integrations.iter().map(|there| {
        json!({
            "integration": there.scope.integration,
            "provider": there.provider,
            "status": there.status,
        })
    });
    json!({
        "tenant": tenant,
        "ended": found.offboarding.is_some(),
        "integrations": integrations.collect::<Vec<_>>(),
        "rows": rows.collect::<Map<_, _>>(),
    })
}

/// Returns the receipt, with the key that verifies it. Its document is a text, because the signature is over these bytes.
async fn gone(keys: &dyn Keys, tenant: &TenantId, receipt: &TenantReceipt) -> Outcome<Value> {
    let key = keys.public_key(Signed::Receipt).await?;
    Ok(json!({
        "tenant": tenant,
        "ended": true,
        "receipt": {
            "document": receipt.document,
            "signature": STANDARD.encode(&receipt.signature),
            "keyId": receipt.key_id,
            "publicKey": { "keyId": key.id, "pem": key.pem },
        },
    }))
}

#[cfg(test)]
mod tests;
