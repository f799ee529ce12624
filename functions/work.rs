//! What the functions that work on orders from the queue have in common.

use domain::{order::Order, ports::Ports, tenant::Scope};
use jiff::{SignedDuration, Timestamp};

use crate::{
    clock::{self, Clock},
    entry::Invocation,
    events::SendOrders,
    ids,
    queue::{Answer, Batch, Fate, ShowAgain},
    wiring::Working,
};

/// What a message's work is given. `S` is what the operator set for a slice.
pub struct WorkContext<'a, S> {
    /// The world.
    pub ports: &'a Ports,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// What the operator set for a slice.
    pub settings: &'a S,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
    /// Makes a slice's own id.
    pub holder: &'a (dyn Fn() -> String + Sync),
    /// When AWS ends the invocation.
    pub deadline: Timestamp,
}

impl<S> WorkContext<'_, S> {
    /// Whether there is no time left to begin with a message: less than `reserve`.
    pub fn is_over(&self, reserve: SignedDuration) -> bool {
        let is_over = clock::is_nearly(self.deadline, self.clock, reserve);
        if is_over {
            tracing::info!("no time left for this message of the batch");
        }
        is_over
    }

    /// Whether the orders are on the bus.
    pub async fn send(&self, orders: Vec<Order>) -> bool {
        if orders.is_empty() {
            return true;
        }
        match (self.send)(orders).await {
            Ok(()) => true,
            Err(fault) => {
                let (code, detail) = (fault.code(), fault.detail());
                tracing::error!(%code, detail, "events were lost");
                false
            }
        }
    }

    /// Whether the orders that an integration keeps as untold are on the bus. Then the integration keeps them no more; if that
    /// cannot be noted, they come once more with the next run.
    pub async fn tell(&self, scope: &Scope, orders: Vec<Order>) -> bool {
        if !self.send(orders.clone()).await {
            return false;
        }
        if let Err(fault) = self.ports.store.note_told(scope, &orders).await {
            tracing::warn!(code = %fault.code(), "events will come twice");
        }
        true
    }

    /// What becomes of a message that is done once its orders are on the bus: shown again, it stands in for those that were lost.
    pub async fn send_or_return(&self, orders: Vec<Order>) -> Fate {
        if self.send(orders).await {
            Fate::Consumed
        } else {
            Fate::Returned
        }
    }
}

/// Works on a batch, message after message.
pub async fn each<S: Sync>(
    world: &'static Working<S>,
    batch: Batch,
    invocation: &Invocation,
    message: impl AsyncFn(&WorkContext<'_, S>, &str) -> Fate,
) -> Answer {
    let given = WorkContext {
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
    answer
}
