//! Works on each RemovalDue of a batch from the queue: one slice of one integration's removal. An OffboardingDue comes by the same queue
//! ([`end`]). The two have data roles of their own: what ends a tenant reaches no copy, and a removal destroys no key of a tenant
//! ([`doors`]).

mod doors;
mod end;
mod world;

use domain::{
    fault::Outcome,
    order::RemovalDue,
    remove_integration::{self, Ended, Slice},
};
use futures::{FutureExt, future::BoxFuture};
use jiff::SignedDuration;
use serde_json::Value;
use tracing::Instrument;

use crate::{
    alarm,
    entry::Invocation,
    events,
    metrics::{self, Metric},
    queue::{Answer, Batch, Fate},
    settings, work,
};

/// The context in which a message is worked on.
pub type WorkContext<'a> = work::WorkContext<'a, remove_integration::RemovalLimits>;

/// Waits for some time.
pub type Sleep<'a> = dyn Fn(SignedDuration) -> BoxFuture<'static, ()> + Send + Sync + 'a;

/// Handles one invocation.
///
/// # Errors
/// Returns the fault of an event that is no batch. A message that fails is named in the answer.
pub async fn handle(
    settings: &settings::Remove,
    event: Value,
    invocation: Invocation,
) -> Outcome<Answer> {
    let batch = Batch::read(event)?;
    let world = world::world(settings).await;
    let each = async |given: &work::WorkContext<'_, _, ()>, body: &str| {
        world.ports_of.message(given, body).await
    };
    Ok(work::each(world, batch, &invocation, each).await)
}

/// Waits. A negative time is over at once.
fn sleep(time: SignedDuration) -> BoxFuture<'static, ()> {
    tokio::time::sleep(time.try_into().unwrap_or_default()).boxed()
}

/// Works on one message, but for an OffboardingDue.
pub async fn message(given: &WorkContext<'_>, sleep: &Sleep<'_>, body: &str) -> Fate {
    let due = match events::removal_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(
                code = %fault.code(),
                field = fault.field(),
                "the message is not a RemovalDue"
            );
            return Fate::Returned;
        }
    };
    // The span has the level of errors so that it exists at every log level.
    let span = tracing::error_span!(
        "removal",
        tenant = %due.scope.tenant,
        integration = %due.scope.integration,
        generation = due.scope.generation.0,
    );
    slice(given, sleep, &due).instrument(span).await
}

async fn slice(given: &WorkContext<'_>, sleep: &Sleep<'_>, due: &RemovalDue) -> Fate {
    if given.is_over(given.settings.reserve) {
        return Fate::Returned;
    }
    // The slice's future is boxed: it is large, and Lambda's workers have small stacks.
    let ended = Box::pin(remove_integration::remove(Slice {
        store: &*given.ports.store,
        keys: &*given.ports.keys,
        crm: &*given.ports.crm,
        scope: &due.scope,
        holder: (given.holder)(),
        deadline: given.deadline,
        clock: given.clock,
        sleep,
        settings: given.settings,
    }))
    .await;
    match ended {
        Ok(ended) => after(given, ended).await,
        Err(fault) => {
            // The progress so far is stored. The queue redelivers the message, and the hourly rule resumes the removal, later.
            let (code, detail) = (fault.code(), fault.detail());
            if fault.is_transient() {
                tracing::warn!(%code, detail, "the slice of a removal failed; the queue will redeliver the message");
            } else {
                let alarm = alarm::ring(&fault);
                tracing::error!(%code, detail, alarm, "the slice of a removal failed and will fail again");
            }
            Fate::Returned
        }
    }
}

/// Sends events, after the state is stored that they tell of.
async fn after(given: &WorkContext<'_>, ended: Ended) -> Fate {
    match ended {
        Ended::Finished {
            receipt,
            orders,
            is_new,
        } => {
            metrics::add(Metric::RemovalsFinished, u64::from(is_new));
            tracing::info!(
                receipt = receipt.number,
                is_new,
                "the integration is removed"
            );
            // If the message is redelivered, it finds the receipt and sends its events again.
            given.send_or_return(orders).await
        }
        Ended::HandedOver { orders } => {
            tracing::info!("the slice handed over to the next one");
            given.send_or_return(orders).await
        }
        Ended::Busy => {
            tracing::info!("another slice holds the lease");
            Fate::Consumed
        }
        Ended::Stale => {
            tracing::info!("nothing to do: no removal is under way in this generation");
            Fate::Consumed
        }
    }
}

#[cfg(test)]
mod tests;
