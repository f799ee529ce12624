//! Finds what is due, claims it and sends SyncDue, page by page, until the end of the list or of the time.

mod watch;
mod world;

use domain::{
    dispatch::{self, Kind},
    fault::Outcome,
    order::Order,
    ports::{Removals, Schedule},
    tenant::Scope,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use self::watch::{order_ends, watch, watch_removals};
use crate::{
    clock::{self, Clock},
    entry::Invocation,
    events::{self, SendOrders},
    ids,
    metrics::{self, Metric},
    settings,
};

/// The shortest time in which a page is begun. A page has up to some hundred claims and ten requests to the bus.
const RESERVE: SignedDuration = SignedDuration::from_secs(10);

/// The result of an invocation.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Runs that were begun.
    pub begun: u64,
    /// Open runs that were resumed.
    pub resumed: u64,
    /// Removals that were resumed.
    pub removing: u64,
    /// Orders that were sent.
    pub sent: usize,
    /// Whether the end of the list was reached. If not, the next invocation takes the rest.
    pub complete: bool,
    /// Full hours since the oldest open removal began. 0 if there is none.
    pub oldest_removal_hours: u64,
    /// The removals that are not over.
    #[serde(skip)]
    pub removals: Vec<Scope>,
}

/// What the body works with.
pub struct DispatchContext<'a> {
    /// The Ledger.
    pub store: &'a dyn Schedule,
    /// The removals in it.
    pub removals: &'a dyn Removals,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// The time between the starts of two runs of an integration.
    pub interval: SignedDuration,
    /// The time without a run in order after which an integration is overdue.
    pub overdue: SignedDuration,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
    /// Draws the random part of run ids.
    pub random: &'a (dyn Fn() -> u32 + Sync),
    /// The time at which AWS ends the invocation.
    pub deadline: Timestamp,
}

/// Handles one invocation.
///
/// # Errors
/// Returns the fault of a malformed event, of the Ledger or of the bus.
pub async fn handle(
    settings: &settings::Dispatch,
    event: Value,
    invocation: Invocation,
) -> Outcome<Tally> {
    let kind = kind(&event)?;
    let world = world::world(settings).await;
    let given = DispatchContext {
        store: world.store.as_ref(),
        removals: world.store.as_ref(),
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        interval: settings.interval,
        overdue: settings.overdue,
        clock: &clock::now,
        random: &ids::random,
        deadline: invocation.deadline,
    };
    // First, and whatever comes of the rest: nobody else notices that nothing is done.
    let watched = watch(&given, kind).await;
    let ends = order_ends(&given).await;
    let tally = run(&given, kind).await;
    watched?;
    ends?;
    let mut tally = tally?;
    count(&tally);
    let removals = std::mem::take(&mut tally.removals);
    watch_removals(&given, removals).await?;
    tracing::info!(
        ?kind,
        begun = tally.begun,
        resumed = tally.resumed,
        removing = tally.removing,
        sent = tally.sent,
        complete = tally.complete,
        oldest_removal_hours = tally.oldest_removal_hours,
        "due work was dispatched"
    );
    Ok(tally)
}

/// Reads which rule fired: `{"kind": "daily"}` or `{"kind": "hourly"}`.
///
/// # Errors
/// Returns a permanent fault if it is neither.
pub fn kind(event: &Value) -> Outcome<Kind> {
    events::field(event, "/kind", |kind| match kind.as_str()? {
        "daily" => Some(Kind::Daily),
        "hourly" => Some(Kind::Hourly),
        _ => None,
    })
}

/// Counts what was dispatched.
fn count(tally: &Tally) {
    metrics::add(Metric::RunsBegun, tally.begun);
    metrics::add(Metric::RunsResumed, tally.resumed);
    metrics::add(Metric::DispatchIncomplete, u64::from(!tally.complete));
    metrics::measure(Metric::OldestRemovalHours, tally.oldest_removal_hours);
}

fn hours(age: SignedDuration) -> u64 {
    u64::try_from(age.as_hours()).unwrap_or(0)
}

/// Goes through what is due. The orders of a page are sent before the next page is claimed, so an invocation that ends
/// early leaves at most one page that is claimed and has no orders.
///
/// # Errors
/// Returns the fault of the Ledger or of the bus. The hourly rule resumes what was claimed.
pub async fn run(given: &DispatchContext<'_>, kind: Kind) -> Outcome<Tally> {
    let mut tally = Tally::default();
    let mut after = None;
    loop {
        let page = dispatch::dispatch(
            given.store,
            kind,
            (given.clock)(),
            given.interval,
            given.random,
            after.as_ref(),
        )
        .await?;
        tally.begun += page.begun;
        tally.resumed += page.resumed;
        tally.removing += page.removing;
        if let Some(begun) = page.oldest_removal {
            let age = hours((given.clock)().duration_since(begun));
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
        after = page.next;
        if after.is_none() {
            tally.complete = true;
            return Ok(tally);
        }
        if clock::is_nearly(given.deadline, given.clock, RESERVE) {
            tracing::warn!(
                sent = tally.sent,
                "the time is up; the next invocation takes the rest"
            );
            return Ok(tally);
        }
    }
}

fn removed(order: &Order) -> Option<Scope> {
    match order {
        Order::RemovalDue(due) => Some(due.scope.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
