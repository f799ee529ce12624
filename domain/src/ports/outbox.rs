//! Events that may not have reached the bus yet.

use crate::{fault::Outcome, order::Order, tenant::Scope};

/// The untold events of integrations, in Ledger. The writes that change an integration add to them.
#[port::port]
pub trait Outbox: Send + Sync {
    /// Removes these orders from the integration's untold events, because the event bus has them. Orders that are not among them
    /// are ignored.
    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()>;
}
