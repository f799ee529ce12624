//! Goes through the list of what is due.

use domain::{
    dispatch,
    fault::{Fault, Outcome},
    order::Order,
    ports::DueToken,
    tenant::Scope,
};
use futures::future::join_all;
use jiff::SignedDuration;

use super::{DispatchContext, Start, Tally, hours};
use crate::clock;

/// The shortest time in which a page is begun. A page has up to some hundred claims and ten requests to the bus.
const RESERVE: SignedDuration = SignedDuration::from_secs(10);

/// How far a walk through the parts of the list came.
#[derive(Default)]
pub(super) struct Whole {
    pub(super) tally: Tally,
    /// Where the parts continue whose time was up. If there is one, those that met a fault are among them, too: whoever goes on with the
    /// list tries them again.
    pub(super) rest: Vec<String>,
    /// The first fault of the Ledger or of the bus. The hourly rule resumes what was claimed.
    pub(super) fault: Option<Fault>,
}

/// Goes through the parts of the list side by side. The orders of a page are sent before the next page of the part is claimed, so an
/// invocation that ends early leaves at most one page of each part that is claimed and has no orders.
///
/// A fault ends its part, and the others go on.
pub(super) async fn whole(given: &DispatchContext<'_>, start: &Start) -> Whole {
    let places = match &start.places {
        Some(places) => Ok(places.clone()),
        None => given.store.parts().await,
    };
    let mut whole = Whole::default();
    let places = places.unwrap_or_else(|fault| {
        whole.fault = Some(fault);
        Vec::new()
    });
    let walks = places.into_iter().map(|place| walk(given, start, place));
    let mut failed = Vec::new();
    for walked in join_all(walks).await {
        whole.tally.add(walked.tally);
        match walked.fault {
            None => whole.rest.extend(walked.rest.map(|place| place.0)),
            Some(fault) => {
                failed.extend(walked.rest.map(|place| place.0));
                whole.fault = whole.fault.or(Some(fault));
            }
        }
    }
    if !whole.rest.is_empty() {
        whole.rest.append(&mut failed);
    }
    whole
}

/// How far a walk through a part of the list came.
#[derive(Default)]
struct Walked {
    tally: Tally,
    /// Where the part continues, if the time was up or a fault ended it.
    rest: Option<DueToken>,
    fault: Option<Fault>,
}

async fn walk(given: &DispatchContext<'_>, start: &Start, place: DueToken) -> Walked {
    let mut walked = Walked::default();
    let mut place = Some(place);
    while let Some(from) = place {
        match page(given, start, &from, &mut walked.tally).await {
            Ok(next) => place = next,
            Err(fault) => {
                (walked.rest, walked.fault) = (Some(from), Some(fault));
                return walked;
            }
        }
        if place.is_some() && clock::is_nearly(given.deadline, given.clock, RESERVE) {
            walked.rest = place;
            return walked;
        }
    }
    walked
}

/// Claims a page and sends its orders. Returns where the part continues.
async fn page(
    given: &DispatchContext<'_>,
    start: &Start,
    from: &DueToken,
    tally: &mut Tally,
) -> Outcome<Option<DueToken>> {
    let now = (given.clock)();
    let page = dispatch::dispatch(
        given.store,
        start.rule,
        now,
        &given.calendar,
        given.random,
        from,
    )
    .await?;
    tally.begun += page.begun;
    tally.resumed += page.resumed;
    tally.removing += page.removing;
    if let Some(begun) = page.oldest_removal {
        let age = hours(now.duration_since(begun));
        tally.oldest_removal_hours = tally.oldest_removal_hours.max(age);
    }
    tally
        .removals
        .extend(page.orders.iter().filter_map(removed));
    let n_orders = page.orders.len();
    if n_orders > 0 {
        (given.send)(page.orders).await?;
        tally.sent += n_orders;
    }
    match page.fault {
        Some(fault) => Err(fault),
        None => Ok(page.next),
    }
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.begun += other.begun;
        self.resumed += other.resumed;
        self.removing += other.removing;
        self.sent += other.sent;
        self.oldest_removal_hours = self.oldest_removal_hours.max(other.oldest_removal_hours);
        self.removals.extend(other.removals);
    }
}

fn removed(order: &Order) -> Option<Scope> {
    match order {
        Order::RemovalDue(due) => Some(due.scope.clone()),
        _ => None,
    }
}
