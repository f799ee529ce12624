//! Removes an integration: deletes everything that was copied, and proves it.
//!
//! [`begin()`] ends the generation in one step. [`remove()`] does one slice of the rest. Each step can be repeated. The order is:
//! revoke the grant ([`revoke`]); destroy all versions of the keys, and the sealed grant; delete everything ([`sweep`]); wait until
//! no writer that began before the end can be active any more; delete everything again; verify that nothing is left; sign the
//! receipt ([`close`]).
//!
//! A slice may be ended at any request. The counts stay correct, because entries are counted before they are deleted, with
//! fingerprints by which the next slice recognises them ([`Removal::count`](crate::removal::Removal::count)).

mod begin;
mod close;
mod revoke;
mod run;
mod sweep;

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

pub use self::{
    begin::{Begun, begin},
    run::remove,
};
use crate::{
    order::Order,
    ports::{ConnectCrm, Keys, RemoveStore},
    removal::SignedReceipt,
    tenant::Scope,
};

/// The arguments of a slice.
pub struct Slice<'a> {
    /// Ledger, Copies, Pages.
    pub store: &'a dyn RemoveStore,
    /// Keys and KMS.
    pub keys: &'a dyn Keys,
    /// Creates the connector of an integration.
    pub crm: &'a ConnectCrm,
    /// The generation that ended.
    pub scope: &'a Scope,
    /// A random id that only this slice has.
    pub holder: String,
    /// The time at which AWS ends this invocation.
    pub deadline: Timestamp,
    /// Returns the current time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// Sleeps.
    pub sleep: &'a (dyn Fn(SignedDuration) -> BoxFuture<'static, ()> + Send + Sync),
    /// The operator's limits.
    pub settings: &'a RemovalLimits,
}

/// The operator's limits.
#[derive(Clone, Debug)]
pub struct RemovalLimits {
    /// Time reserved before the deadline to finish a round and hand over.
    pub reserve: SignedDuration,
    /// How long after the destruction of the keys a writer without a lease (a request to the API) may still be active, or a process
    /// may have a key cached.
    pub settle: SignedDuration,
    /// The largest difference between two clocks.
    pub skew: SignedDuration,
    /// The interval at which a lease that is waited for is checked.
    pub look_again: SignedDuration,
    /// The most deletions per second, so that other tenants are not starved.
    pub deletes_per_second: u32,
    /// The number of entries deleted in a round.
    pub round: usize,
    /// Attempts to revoke the grant.
    pub revoke_tries: u32,
    /// The time limit of one attempt.
    pub revoke_patience: SignedDuration,
    /// The version of the software in receipts.
    pub software: String,
}

impl Default for RemovalLimits {
    fn default() -> Self {
        Self {
            reserve: SignedDuration::from_secs(30),
            // The API's limit is 29 s, and keys are cached for 300 s.
            settle: SignedDuration::from_secs(300),
            skew: SignedDuration::from_secs(10),
            look_again: SignedDuration::from_secs(10),
            deletes_per_second: 1_000,
            // 250 keys of each of 16 shards. Their fingerprints take 43 KB in the Ledger.
            round: 4_000,
            revoke_tries: 3,
            revoke_patience: SignedDuration::from_secs(20),
            software: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The end of a slice.
#[derive(Debug)]
pub enum Ended {
    /// The removal is over.
    Finished {
        /// Its receipt.
        receipt: SignedReceipt,
        /// The orders for the bus.
        orders: Vec<Order>,
        /// Whether this slice ended it. False if the slice found an earlier one's receipt: an order may come late, or again.
        is_new: bool,
    },
    /// The time was up. The next slice is ordered.
    HandedOver {
        /// The orders for the bus.
        orders: Vec<Order>,
    },
    /// Another slice is working on it.
    Busy,
    /// No removal is under way in this generation.
    Stale,
}
