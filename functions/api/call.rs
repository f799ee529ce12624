//! A request of an allowed caller, and what its handler works with.

use std::sync::OnceLock;

use domain::{audit::AuditPlace, fault::Outcome, order::Order, ports::Ports, tenant::Scope};
use jiff::Timestamp;

use super::{caller::Caller, query::Query, request::Request, world::World};
use crate::{alarm, settings};

/// A request whose caller is allowed to make it.
pub struct Call<'a> {
    /// The request's id.
    pub id: &'a str,
    /// The route's operation.
    pub operation: &'static str,
    /// The request.
    pub request: &'a Request,
    /// The parameters of its query that the route knows.
    pub query: Query,
    /// The caller.
    pub caller: &'a Caller,
    /// The ports, with the rights to the data of the caller's tenant.
    pub ports: &'a Ports,
    /// Everything else that is made once per process.
    pub world: &'a World,
    /// The operator's settings.
    pub settings: &'a settings::Api,
    /// The time at which AWS ends the invocation.
    pub deadline: Timestamp,
    /// Where the audit has an entry of the request. [`Self::note`] sets it.
    pub noted: OnceLock<AuditPlace>,
}

impl Call<'_> {
    /// Returns the time to the millisecond. The Ledger stores no finer one.
    pub fn now(&self) -> Timestamp {
        let now = (self.world.clock)();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Puts orders on the bus.
    ///
    /// # Errors
    /// Returns a transient fault if the bus does not take them.
    pub async fn send(&self, orders: Vec<Order>) -> Outcome<()> {
        if orders.is_empty() {
            return Ok(());
        }
        (self.world.send)(orders).await
    }

    /// Puts orders on the bus that an integration keeps as untold, and removes them from it. If that fails, a later run does both.
    pub async fn send_untold(&self, scope: &Scope, orders: Vec<Order>) {
        if orders.is_empty() {
            return;
        }
        let told = async {
            self.send(orders.clone()).await?;
            self.ports.store.note_told(scope, &orders).await
        };
        if let Err(fault) = told.await {
            let alarm = alarm::ring(&fault);
            tracing::warn!(code = %fault.code(), alarm, "a later run will send the events");
        }
    }

    /// Puts orders on the bus that only report what has happened. A failure is logged and nothing else, since nothing has to be undone.
    pub async fn try_send(&self, orders: Vec<Order>) {
        if let Err(fault) = self.send(orders).await {
            let alarm = alarm::ring(&fault);
            tracing::warn!(
                code = %fault.code(),
                alarm,
                "an event was lost, but what it reports has happened"
            );
        }
    }
}
