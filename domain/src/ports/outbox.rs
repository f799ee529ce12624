//! Events that the bus may not have yet.

use crate::{fault::Outcome, order::Order, tenant::Scope};

/// What integrations keep as untold, in Ledger. The writes that change an integration add to it.
#[port::port]
pub trait Outbox: Send + Sync {
    /// Notes that the event bus has these orders: the integration keeps them as untold no more. Orders that it does not keep
    /// are passed over.
    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()>;
}
