//! Works on each SyncDue of a batch from the queue: one slice of one integration's run. An ExportDue comes by the same queue,
//! since an export reads and opens the copy, as only this function may ([`export`]).

mod export;

use domain::{
    fault::{Fault, Kind, Outcome},
    integration::Which,
    order::{Order, SyncDue},
    ports::Ports,
    sync::{self, Ended, Slice},
};
use jiff::Timestamp;
use serde_json::Value;
use tracing::Instrument;

pub use crate::queue::{Answer, Batch, Fate, ShowAgain};
use crate::{
    clock::{self, Clock},
    entry::Invocation,
    events::{self, SendOrders},
    ids, settings, wiring,
};

/// What the body works with.
pub struct Given<'a> {
    /// The world.
    pub ports: &'a Ports,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// What the operator set for a slice.
    pub settings: &'a sync::Settings,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
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
    settings: &settings::Sync,
    event: Value,
    invocation: Invocation,
) -> Outcome<Answer> {
    let batch = Batch::read(event)?;
    let world = wiring::sync(settings).await;
    let given = Given {
        ports: &world.ports,
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        settings: &world.settings,
        clock: &clock::now,
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

/// One message.
pub async fn message(given: &Given<'_>, body: &str) -> Fate {
    if events::is(body, "ExportDue") {
        return export::message(given, body).await;
    }
    let due = match events::sync_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(code = fault.code(), field = fault.detail(), "not a SyncDue");
            return Fate::Returned;
        }
    };
    // An error's span: it has to be there at every level.
    let span = tracing::error_span!(
        "slice",
        tenant = %due.scope.tenant,
        integration = %due.scope.integration,
        generation = due.scope.generation.0,
        run = %due.run,
        slice = due.slice,
    );
    slice(given, &due).instrument(span).await
}

async fn slice(given: &Given<'_>, due: &SyncDue) -> Fate {
    if clock::is_nearly(given.deadline, given.clock, given.settings.reserve) {
        tracing::info!("no time left for this message of the batch");
        return Fate::Returned;
    }
    // Boxed: a slice's future is large, and Lambda's workers have small stacks.
    let ended = Box::pin(sync::sync(Slice {
        ports: given.ports,
        due,
        holder: (given.holder)(),
        deadline: given.deadline,
        clock: given.clock,
        settings: given.settings,
    }))
    .await;
    match ended {
        Ok(ended) => after(given, due, ended).await,
        Err(fault) => failed(&fault),
    }
}

/// Events leave only after the state that they tell of is stored.
async fn after(given: &Given<'_>, due: &SyncDue, ended: Ended) -> Fate {
    match ended {
        Ended::Finished { report, orders } => {
            match &report.failure {
                None => tracing::info!(objects = report.objects.len(), "the run is finished"),
                Some(code) => tracing::error!(code, "the run failed"),
            }
            // The run's end is stored: the message, shown again, would find nothing to do and send nothing.
            send(given, orders).await;
            Fate::Consumed
        }
        Ended::HandedOver { orders } => {
            tracing::info!("handed over to the next slice");
            // Shown again, the message stands in for the order that was lost; so does the hourly rule, later.
            if send(given, orders).await {
                Fate::Consumed
            } else {
                Fate::Returned
            }
        }
        Ended::Paused { code, wait } => {
            tracing::warn!(code, seconds = wait.as_secs(), "the CRM asks for quiet");
            Fate::Quiet(wait)
        }
        Ended::Busy => {
            tracing::info!("another slice is at work");
            Fate::Consumed
        }
        Ended::Stale => {
            stale(given, due).await;
            Fate::Consumed
        }
    }
}

/// Tells an order that came late from one for an integration that never was.
async fn stale(given: &Given<'_>, due: &SyncDue) {
    let which = Which {
        tenant: due.scope.tenant.clone(),
        integration: due.scope.integration.clone(),
    };
    match given.ports.store.integration(&which).await {
        Ok(None) => tracing::error!(code = "integration.unknown", "there is no such integration"),
        Ok(Some(_)) => tracing::info!("nothing to do: the run has ended, or the generation has"),
        Err(fault) => tracing::warn!(code = fault.code(), "nothing to do"),
    }
}

/// Whether the orders are on the bus.
async fn send(given: &Given<'_>, orders: Vec<Order>) -> bool {
    if orders.is_empty() {
        return true;
    }
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

fn failed(fault: &Fault) -> Fate {
    let (code, detail) = (fault.code(), fault.detail());
    match fault.kind() {
        Kind::Passing => {
            tracing::warn!(code, detail, "the slice failed; the queue shows it again");
            Fate::Returned
        }
        // The one who holds the lease now carries on.
        Kind::Fenced => {
            tracing::info!(code, "fenced");
            Fate::Consumed
        }
        // Somebody has to change something, and not even the run's failure could be stored: the dead-letter queue is
        // where an operator looks, and its message, sent again, continues the run.
        Kind::Lasting | Kind::Revoked => {
            tracing::error!(code, detail, "the slice failed and will again");
            Fate::Returned
        }
    }
}

#[cfg(test)]
mod tests;
