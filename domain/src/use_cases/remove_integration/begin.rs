//! The beginning of a removal: the generation ends.

use crate::{
    fault::{Code, Fault, Outcome},
    integration::{Status, Which},
    order::{Order, RemovalDue},
    ports::Removals,
    removal::Asked,
    tenant::Scope,
};

/// The result of requesting a removal.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// The removal is under way, begun by this request or an earlier one.
    Removing {
        /// The generation that ended.
        scope: Scope,
        /// The orders for the bus. Dispatch repeats an order that is lost.
        orders: Vec<Order>,
    },
    /// The integration was removed before.
    Removed(Scope),
    /// There is no such integration.
    Unknown,
}

/// Ends the generation of an integration. Repeating the request is harmless, and changes neither the recorded user nor the time.
///
/// # Errors
/// The fault of the store.
pub async fn begin(store: &dyn Removals, which: &Which, asked: &Asked) -> Outcome<Begun> {
    match store.begin_removal(which, asked).await? {
        None => Ok(Begun::Unknown),
        Some((scope, Status::Removing)) => Ok(Begun::Removing {
            orders: vec![Order::RemovalDue(RemovalDue {
                scope: scope.clone(),
            })],
            scope,
        }),
        Some((scope, Status::Removed)) => Ok(Begun::Removed(scope)),
        Some((_, Status::Connected | Status::NeedsReconnect)) => {
            Err(Fault::of(Code::RemovalNotBegun))
        }
    }
}
