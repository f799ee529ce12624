//! Removes an integration: everything that was copied goes, provably.
//!
//! [`begin()`] ends the generation, in one step. [`remove()`] does one slice of the rest, in this order, each step repeatable:
//! give the grant back ([`revoke`]); destroy the keys, every version, and the sealed grant; delete everything
//! ([`sweep`]); wait until nobody who began before the end can be writing any more; delete everything again; look for
//! everything and find nothing; sign the receipt ([`close`]).
//!
//! A slice may be ended at any request. Counts stay true, since what is about to be deleted is counted before, with
//! fingerprints that the next slice knows it by ([`Removal::count`](crate::removal::Removal::count)).

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

/// What a slice is given.
pub struct Slice<'a> {
    /// Ledger, Copies, Pages.
    pub store: &'a dyn RemoveStore,
    /// Keys and KMS.
    pub keys: &'a dyn Keys,
    /// Makes the connector of an integration.
    pub crm: &'a ConnectCrm,
    /// The generation that ended.
    pub scope: &'a Scope,
    /// A random id of this slice, which no other slice has.
    pub holder: String,
    /// When AWS ends this invocation.
    pub deadline: Timestamp,
    /// Tells the time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// Lets time pass.
    pub sleep: &'a (dyn Fn(SignedDuration) -> BoxFuture<'static, ()> + Send + Sync),
    /// What the operator set.
    pub settings: &'a RemovalLimits,
}

/// What the operator set.
#[derive(Clone, Debug)]
pub struct RemovalLimits {
    /// Time kept back before the deadline to finish a round and hand over.
    pub reserve: SignedDuration,
    /// How long after the keys were destroyed somebody may still be at work who is not noted anywhere (a request to the
    /// API), or may remember a key.
    pub settle: SignedDuration,
    /// How far clocks may be apart.
    pub skew: SignedDuration,
    /// How often is looked, while a lease is waited for, whether it was given back.
    pub look_again: SignedDuration,
    /// Things deleted in a second at most, so that other tenants are not starved.
    pub deletes_per_second: u32,
    /// Things deleted in a round.
    pub round: usize,
    /// Tries at giving the grant back.
    pub revoke_tries: u32,
    /// How long one of them may take.
    pub revoke_patience: SignedDuration,
    /// The version of the software, as receipts name it.
    pub software: String,
}

impl Default for RemovalLimits {
    fn default() -> Self {
        Self {
            reserve: SignedDuration::from_secs(30),
            // The API's 29 s; keys are remembered for 300 s.
            settle: SignedDuration::from_secs(300),
            skew: SignedDuration::from_secs(10),
            look_again: SignedDuration::from_secs(10),
            deletes_per_second: 1_000,
            // 250 keys of each of 16 shards. Their fingerprints are 43 KB in the Ledger.
            round: 4_000,
            revoke_tries: 3,
            revoke_patience: SignedDuration::from_secs(20),
            software: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// How a slice ended.
#[derive(Debug)]
pub enum Ended {
    /// The removal is over.
    Finished {
        /// Its receipt.
        receipt: SignedReceipt,
        /// What to put on the bus.
        orders: Vec<Order>,
    },
    /// The time was up: the next slice is ordered.
    HandedOver {
        /// What to put on the bus.
        orders: Vec<Order>,
    },
    /// Another slice is at work.
    Busy,
    /// There is nothing to do: no removal is under way in this generation.
    Stale,
}
