//! What the functions share that work on orders from the queue.

use std::sync::Arc;

use domain::{order::Order, ports::Ports, tenant::Scope};
use infra::aws::{events::Bus, meter::Meter, queue::Queue};
use jiff::{SignedDuration, Timestamp};

use crate::{
    adapters::PortsOf,
    alarm,
    clock::{self, Clock},
    entry::Invocation,
    events::{self, SendOrders},
    ids,
    queue::{Answer, Batch, Fate, ShowAgain},
};

/// What a function that works on orders from the queue works with. `S` is the type of the operator's settings for a slice,
/// `O` what gives the ports of an order's tenant.
pub struct World<S, O = Box<PortsOf>> {
    /// Gives the ports of an order's tenant.
    pub ports_of: O,
    /// The event bus.
    pub bus: Bus,
    /// The queue on which orders arrive.
    pub queue: Queue,
    /// The operator's settings for a slice.
    pub settings: S,
    /// Counts the requests to AWS.
    pub meter: Meter,
}

/// The context in which a message is worked on. `S` is the type of the operator's settings for a slice, `P` that of the
/// ports: `()` until it is known what kind of order the message is, since that decides which session is opened.
pub struct WorkContext<'a, S, P = Ports> {
    /// The ports of the message's tenant.
    pub ports: &'a P,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// The operator's settings for a slice.
    pub settings: &'a S,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
    /// Draws a slice's own id.
    pub holder: &'a (dyn Fn() -> String + Sync),
    /// The time at which AWS ends the invocation.
    pub deadline: Timestamp,
}

impl<S, P> WorkContext<'_, S, P> {
    /// Returns whether less than `reserve` is left, which is too little to begin with a message.
    pub fn is_over(&self, reserve: SignedDuration) -> bool {
        let is_over = clock::is_nearly(self.deadline, self.clock, reserve);
        if is_over {
            tracing::info!("the invocation has no time left for this message");
        }
        is_over
    }

    /// Puts the orders on the bus. Returns whether it worked.
    pub async fn try_send(&self, orders: Vec<Order>) -> bool {
        if orders.is_empty() {
            return true;
        }
        match (self.send)(orders).await {
            Ok(()) => true,
            Err(fault) => {
                let (code, detail) = (fault.code(), fault.detail());
                let alarm = alarm::ring(&fault);
                tracing::error!(%code, detail, alarm, "events were lost");
                false
            }
        }
    }

    /// Returns the fate of a message that is done once its orders are on the bus. If the bus did not take them, the
    /// redelivered message makes up for them.
    pub async fn send_or_return(&self, orders: Vec<Order>) -> Fate {
        if self.try_send(orders).await {
            Fate::Consumed
        } else {
            Fate::Returned
        }
    }
}

impl<S> WorkContext<'_, S> {
    /// Puts the orders that an integration keeps as untold on the bus, and removes them from the integration. Returns
    /// whether the bus has them. If the removal fails, the orders come once more with the next run.
    pub async fn send_untold(&self, scope: &Scope, orders: Vec<Order>) -> bool {
        if !self.try_send(orders.clone()).await {
            return false;
        }
        if let Err(fault) = self.ports.store.note_told(scope, &orders).await {
            tracing::warn!(code = %fault.code(), "the events were sent, and will be sent again: they could not be marked as sent");
        }
        true
    }
}

impl<S> WorkContext<'_, S, ()> {
    /// Works on a message with the ports of the tenant that it names, and of no other. If there are none, the message is
    /// redelivered, and a message without a tenant ends among the dead letters.
    pub async fn with<P: 'static>(
        &self,
        ports_of: &PortsOf<P>,
        body: &str,
        message: impl AsyncFn(&WorkContext<'_, S, P>, &str) -> Fate,
    ) -> Fate {
        let Some(ports) = opened(ports_of, body).await else {
            return Fate::Returned;
        };
        let given = WorkContext {
            ports: &*ports,
            send: &|orders| (self.send)(orders),
            settings: self.settings,
            clock: self.clock,
            holder: self.holder,
            deadline: self.deadline,
        };
        message(&given, body).await
    }
}

/// Works on a batch, one message after the other. `message` opens its ports itself ([`WorkContext::with`]).
pub async fn each<S: Sync, O: Sync>(
    world: &'static World<S, O>,
    batch: Batch,
    invocation: &Invocation,
    message: impl AsyncFn(&WorkContext<'_, S, ()>, &str) -> Fate,
) -> Answer {
    let before = world.meter.counts();
    let show_again: &ShowAgain<'_> =
        &|receipt, wait| Box::pin(async move { world.queue.show_again(&receipt, wait).await });
    let answer = batch
        .each(show_again, ids::random, async |body| {
            let given = WorkContext {
                ports: &(),
                send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
                settings: &world.settings,
                clock: &clock::now,
                holder: &ids::holder,
                deadline: invocation.deadline,
            };
            message(&given, body).await
        })
        .await;
    let requests = world.meter.since(&before);
    tracing::info!(?requests, "requests to AWS in this invocation");
    answer
}

/// Returns the ports of the tenant that a message names. `None` if there are none.
async fn opened<P>(ports_of: &PortsOf<P>, body: &str) -> Option<Arc<P>> {
    let tenant = events::tenant(body)
        .inspect_err(|fault| {
            tracing::error!(code = %fault.code(), field = fault.field(), "the message names no tenant");
        })
        .ok()?;
    match ports_of(tenant.clone()).await {
        Ok(ports) => Some(ports),
        Err(fault) if fault.is_transient() => {
            tracing::warn!(code = %fault.code(), %tenant, "no session of the tenant; the queue will redeliver the message");
            None
        }
        Err(fault) => {
            let alarm = alarm::ring(&fault);
            tracing::error!(code = %fault.code(), %tenant, alarm, "no session of the tenant");
            None
        }
    }
}
