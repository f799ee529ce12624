//! Orders the ends of tenants again that are not over, and looks for how long they have been at what they are at.
//!
//! The order of an end is a hint like any other: it may be lost, and the function that works on it may fail until its message is given
//! up. The rows say which ends are not over. A superfluous order does no harm, since each step can be repeated.

use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::Outcome,
    offboarding::Ending,
    order::{OffboardingDue, Order},
    ports::Schedule,
};

/// How many ends are ordered again at once, those that were asked for longest ago. The next firing takes the rest.
const MOST: u32 = 100;

/// An end of a tenant that is not over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The row.
    pub row: Ending,
    /// For how long it has been at what it is at.
    pub in_stage: SignedDuration,
}

/// The ends of tenants that are not over.
#[derive(Default)]
pub struct Endings {
    /// The orders for the bus.
    pub orders: Vec<Order>,
    /// Where each stands.
    pub ends: Vec<Ended>,
    /// How long ago the oldest was asked for. Zero if there is none.
    pub oldest: SignedDuration,
}

/// Returns the ends of tenants that are not over, and orders each of them again.
///
/// # Errors
/// The fault of the store.
pub async fn endings(store: &dyn Schedule, now: Timestamp) -> Outcome<Endings> {
    let mut found = Endings::default();
    for row in store.endings(MOST).await? {
        let tenant = row.tenant.clone();
        found
            .orders
            .push(Order::OffboardingDue(OffboardingDue { tenant }));
        found.oldest = found.oldest.max(age(row.asked, now));
        found.ends.push(Ended {
            in_stage: age(row.since, now),
            row,
        });
    }
    Ok(found)
}

fn age(since: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(since).max(SignedDuration::ZERO)
}
