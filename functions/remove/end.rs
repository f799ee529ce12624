//! Works on an OffboardingDue: the end of a tenant goes on as far as it can.

use domain::{
    end_tenant::{self, End, EndLimits, Ended},
    fault::Outcome,
    removal::Asked,
    remove_integration::RemovalLimits,
    tenant::TenantId,
};
use tracing::Instrument;

use crate::{adapters::EndPorts, alarm, events, queue::Fate, work};

/// The context in which a message is worked on.
pub(super) type WorkContext<'a> = work::WorkContext<'a, RemovalLimits, EndPorts>;

/// Works on one message.
pub(super) async fn message(given: &WorkContext<'_>, limits: &EndLimits, body: &str) -> Fate {
    let due = match events::offboarding_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(
                code = %fault.code(),
                field = fault.field(),
                "the message is not an OffboardingDue"
            );
            return Fate::Returned;
        }
    };
    // The span has the level of errors so that it exists at every log level.
    let span = tracing::error_span!("end", tenant = %due.tenant);
    step(given, limits, &due.tenant).instrument(span).await
}

async fn step(given: &WorkContext<'_>, limits: &EndLimits, tenant: &TenantId) -> Fate {
    if given.is_over(given.settings.reserve) {
        return Fate::Returned;
    }
    match Box::pin(goes_on(given, limits, tenant)).await {
        Ok(Some(ended)) => after(given, ended).await,
        Ok(None) => {
            tracing::info!("nothing to do: the tenant has not ended");
            Fate::Consumed
        }
        Err(fault) => {
            // What was done is stored. The queue redelivers the message.
            let (code, detail) = (fault.code(), fault.detail());
            if fault.is_transient() {
                tracing::warn!(%code, detail, "the end of the tenant failed; the queue will redeliver the message");
            } else {
                let alarm = alarm::ring(&fault);
                tracing::error!(%code, detail, alarm, "the end of the tenant failed and will fail again");
            }
            Fate::Returned
        }
    }
}

/// Goes on with the end of a tenant. `None` if nobody began it: an order alone ends no tenant.
async fn goes_on(
    given: &WorkContext<'_>,
    limits: &EndLimits,
    tenant: &TenantId,
) -> Outcome<Option<Ended>> {
    let store = &*given.ports.store;
    let Some(state) = store.offboarding(tenant).await? else {
        return Ok(None);
    };
    let deadline = given.deadline.saturating_sub(given.settings.reserve);
    let ended = end_tenant::end(End {
        store,
        keys: &*given.ports.keys,
        tenant,
        asked: Asked {
            // The order says nobody. Whoever ordered the end orders what follows from it.
            by: state.asked.by,
            at: (given.clock)(),
        },
        clock: given.clock,
        deadline: deadline.unwrap_or(given.deadline),
        limits,
    });
    ended.await.map(Some)
}

/// Sends orders, after the state is stored that they tell of.
async fn after(given: &WorkContext<'_>, ended: Ended) -> Fate {
    match ended {
        Ended::Waits {
            removing,
            until,
            orders,
        } => {
            tracing::info!(removing = removing.len(), %until, "the end of the tenant waits");
            if !given.try_send(orders).await {
                return Fate::Returned;
            }
            // Once the time is over, the last removal's end orders it.
            match until.duration_since((given.clock)()).try_into() {
                Ok(early) if !std::time::Duration::is_zero(&early) => Fate::Early(early),
                _ => Fate::Consumed,
            }
        }
        Ended::HandedOver { orders } => {
            tracing::info!("the end of the tenant handed over");
            given.send_or_return(orders).await
        }
        Ended::Gone(_) => {
            tracing::info!("nothing is left of the tenant");
            Fate::Consumed
        }
    }
}
