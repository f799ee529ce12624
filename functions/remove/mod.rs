//! Works on each RemovalDue of a batch from the queue: one slice of one integration's removal.

use domain::{
    fault::Outcome,
    order::{Order, RemovalDue},
    ports::Ports,
    remove::{self, Ended, Slice},
};
use futures::{FutureExt, future::BoxFuture};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tracing::Instrument;

use crate::{
    clock::{self, Clock},
    entry::Invocation,
    events::{self, SendOrders},
    ids,
    queue::{Answer, Batch, Fate, ShowAgain},
    settings, wiring,
};

/// What the body works with.
pub struct Given<'a> {
    /// The world.
    pub ports: &'a Ports,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// What the operator set for a slice.
    pub settings: &'a remove::Settings,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
    /// Lets time pass.
    pub sleep: &'a (dyn Fn(SignedDuration) -> BoxFuture<'static, ()> + Send + Sync),
    /// Makes a slice's own id.
    pub holder: &'a (dyn Fn() -> String + Sync),
    /// When AWS ends the invocation.
    pub deadline: Timestamp,
}

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
    let given = Given {
        ports: &world.ports,
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        settings: &world.settings,
        clock: &clock::now,
        sleep: &sleep,
        holder: &ids::holder,
        deadline: invocation.deadline,
    };
    let before = world.meter.counts();
    let show_again: &ShowAgain<'_> =
        &|receipt, wait| Box::pin(async move { world.queue.show_again(&receipt, wait).await });
    let answer = batch
        .each(show_again, ids::random, async |body| {
            message(&given, body).await
        })
        .await;
    let requests = world.meter.since(&before);
    tracing::info!(?requests, "requests to AWS in this invocation");
    Ok(answer)
}

/// Time that is over passes at once.
fn sleep(time: SignedDuration) -> BoxFuture<'static, ()> {
    tokio::time::sleep(time.try_into().unwrap_or_default()).boxed()
}

/// One message.
pub async fn message(given: &Given<'_>, body: &str) -> Fate {
    let due = match events::removal_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(
                code = fault.code(),
                field = fault.detail(),
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
    slice(given, &due).instrument(span).await
}

async fn slice(given: &Given<'_>, due: &RemovalDue) -> Fate {
    if clock::is_nearly(given.deadline, given.clock, given.settings.reserve) {
        tracing::info!("no time left for this message of the batch");
        return Fate::Returned;
    }
    // Boxed: a slice's future is large, and Lambda's workers have small stacks.
    let ended = Box::pin(remove::remove(Slice {
        ports: given.ports,
        scope: &due.scope,
        holder: (given.holder)(),
        deadline: given.deadline,
        clock: given.clock,
        sleep: given.sleep,
        settings: given.settings,
    }))
    .await;
    match ended {
        Ok(ended) => after(given, ended).await,
        Err(fault) => {
            // What was reached is kept. The queue shows the message again, and so does the hourly rule, later.
            let (code, detail) = (fault.code(), fault.detail());
            if fault.is_passing() {
                tracing::warn!(code, detail, "the slice failed; the queue shows it again");
            } else {
                tracing::error!(code, detail, "the slice failed and will again");
            }
            Fate::Returned
        }
    }
}

/// Events leave only after the state that they tell of is stored.
async fn after(given: &Given<'_>, ended: Ended) -> Fate {
    match ended {
        Ended::Finished { receipt, orders } => {
            tracing::info!(receipt = receipt.number, "the integration is removed");
            // The message, shown again, finds the receipt and tells of it again.
            fate(send(given, orders).await)
        }
        Ended::HandedOver { orders } => {
            tracing::info!("handed over to the next slice");
            fate(send(given, orders).await)
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

fn fate(is_sent: bool) -> Fate {
    if is_sent {
        Fate::Consumed
    } else {
        Fate::Returned
    }
}

/// Whether the orders are on the bus.
async fn send(given: &Given<'_>, orders: Vec<Order>) -> bool {
    match (given.send)(orders).await {
        Ok(()) => true,
        Err(fault) => {
            tracing::error!(
                code = fault.code(),
                detail = fault.detail(),
                "events were lost"
            );
            false
        }
    }
}

#[cfg(test)]
mod tests;
