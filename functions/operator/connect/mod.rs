//! Connects an integration to a CRM organisation with a grant that the operator has.

mod args;

use domain::{
    connect::{self, Connect},
    fault::Outcome,
    ports::Ports,
};
use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::args::ConnectArgs;
use crate::events::SendOrders;

/// What connecting works with.
pub struct ConnectContext<'a> {
    /// The ports.
    pub ports: &'a Ports,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// The time.
    pub now: Timestamp,
}

/// Connects the integration and announces it.
///
/// # Errors
/// Returns the fault of [`connect::connect`].
pub async fn connect(given: &ConnectContext<'_>, connect: Connect) -> Outcome<Value> {
    let connected = connect::connect(given.ports.into(), given.now, connect).await?;
    let announced = async {
        (given.send)(connected.orders.clone()).await?;
        let scope = &connected.integration.scope;
        given.ports.store.note_told(scope, &connected.orders).await
    };
    let announced = announced.await;
    if let Err(fault) = &announced {
        tracing::warn!(
            code = %fault.code(),
            "the integration is connected, and its first run will announce it"
        );
    }
    let integration = connected.integration;
    Ok(json!({
        "tenant": integration.scope.tenant,
        "integration": integration.scope.integration,
        "generation": integration.scope.generation,
        "provider": integration.provider,
        "organisation": integration.organisation,
        "due": integration.due,
        "announced": announced.is_ok(),
    }))
}

#[cfg(test)]
mod tests;
