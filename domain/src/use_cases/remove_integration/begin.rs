//! The beginning of a removal: the generation ends.

use crate::{
    fault::{Code, Fault, Outcome},
    integration::{Status, Which},
    order::{Order, RemovalDue},
    ports::Removals,
    removal::Asked,
    tenant::Scope,
};

/// What asking for a removal came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is under way: since now, or since it was asked for before.
    Removing {
        /// The generation that ended.
        scope: Scope,
        /// What to put on the bus. An order that is lost is found again by dispatch.
        orders: Vec<Order>,
    },
    /// It was removed before.
    Removed(Scope),
    /// There is no such integration.
    Unknown,
}

/// Ends the generation of an integration. Asking again is harmless, and changes neither who asked nor when.
///
/// # Errors
/// Those of the store.
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
