//! Works on each RemovalDue of a batch from the queue: one slice of one integration's removal.

use domain::{
    fault::Outcome,
    order::RemovalDue,
    remove::{self, Ended, Slice},
};
use futures::{FutureExt, future::BoxFuture};
use jiff::SignedDuration;
use serde_json::Value;
use tracing::Instrument;

use crate::{
    entry::Invocation,
    events,
    queue::{Answer, Batch, Fate},
    settings, wiring, work,
};

/// What a message's work is given.
pub type WorkContext<'a> = work::WorkContext<'a, remove::RemovalLimits>;

/// Lets time pass.
pub type Sleep<'a> = dyn Fn(SignedDuration) -> BoxFuture<'static, ()> + Send + Sync + 'a;

/// One invocation.
///
/// # Errors
/// An event that is no batch; each message's own failure is in the answer.
pub async fn handle(
    settings: &settings::Remove,
    event: Value,
    invocation: Invocation,
) -> Outcome<Answer> {
    let batch = Batch::read(event)?;
    let world = wiring::remove(settings).await;
    let one = async |given: &WorkContext<'_>, body: &str| message(given, &sleep, body).await;
    Ok(work::each(world, batch, &invocation, one).await)
}

/// Time that is over passes at once.
fn sleep(time: SignedDuration) -> BoxFuture<'static, ()> {
    tokio::time::sleep(time.try_into().unwrap_or_default()).boxed()
}

/// One message.
pub async fn message(given: &WorkContext<'_>, sleep: &Sleep<'_>, body: &str) -> Fate {
    let due = match events::removal_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(
                code = %fault.code(),
                field = fault.field(),
                "not a RemovalDue"
            );
            return Fate::Returned;
        }
    };
    // An error's span: it has to be there at every level.
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
    // Boxed: a slice's future is large, and Lambda's workers have small stacks.
    let ended = Box::pin(remove::remove(Slice {
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
            // What was reached is kept. The queue shows the message again, and so does the hourly rule, later.
            let (code, detail) = (fault.code(), fault.detail());
            if fault.is_transient() {
                tracing::warn!(%code, detail, "the slice failed; the queue shows it again");
            } else {
                tracing::error!(%code, detail, "the slice failed and will again");
            }
            Fate::Returned
        }
    }
}

/// Events leave only after the state that they tell of is stored.
async fn after(given: &WorkContext<'_>, ended: Ended) -> Fate {
    match ended {
        Ended::Finished { receipt, orders } => {
            tracing::info!(receipt = receipt.number, "the integration is removed");
            // The message, shown again, finds the receipt and tells of it again.
            given.send_or_return(orders).await
        }
        Ended::HandedOver { orders } => {
            tracing::info!("handed over to the next slice");
            given.send_or_return(orders).await
        }
        Ended::Busy => {
            tracing::info!("another slice is at work");
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
