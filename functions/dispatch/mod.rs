//! Finds what is due, claims it and sends SyncDue, until the end of the list. What it does not reach in its time is handed over to
//! the next invocation.

mod start;
mod walk;
mod watch;
mod world;

use domain::{
    fault::{Fault, Outcome},
    order::{DispatchDue, Order},
    ports::{Removals, Schedule},
    settings::Calendar,
    tenant::Scope,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

pub use self::start::{Start, start};
use self::watch::{order_ends, watch, watch_removals};
use crate::{
    clock::{self, Clock},
    entry::Invocation,
    events::SendOrders,
    ids,
    metrics::{self, Metric},
    settings,
};

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
    /// Whether the end of the list was reached.
    pub complete: bool,
    /// Whether the rest of the list was handed over to the next invocation.
    pub handed_over: bool,
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
    /// When runs begin.
    pub calendar: Calendar,
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
    let start = start(&event)?;
    let world = world::world(settings).await;
    let given = DispatchContext {
        store: world.store.as_ref(),
        removals: world.store.as_ref(),
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        calendar: settings.calendar,
        overdue: settings.overdue,
        clock: &clock::now,
        random: &ids::random,
        deadline: invocation.deadline,
    };
    // First, and whatever comes of the rest: nobody else notices that nothing is done. An invocation that goes on with a list need
    // not look again.
    let (watched, ends) = match start.places {
        None => (watch(&given, start.rule).await, order_ends(&given).await),
        Some(_) => (Ok(()), Ok(())),
    };
    let tally = run(&given, &start, watched.err().or(ends.err())).await?;
    tracing::info!(
        rule = ?start.rule,
        goes_on = start.places.is_some(),
        begun = tally.begun,
        resumed = tally.resumed,
        removing = tally.removing,
        sent = tally.sent,
        complete = tally.complete,
        handed_over = tally.handed_over,
        oldest_removal_hours = tally.oldest_removal_hours,
        "due work was dispatched"
    );
    Ok(tally)
}

/// Goes through the list, measures it, and hands over what it did not reach. `earlier` is a fault that was met before.
///
/// The hand-over comes last, since Lambda repeats an invocation that fails, and each repetition would hand over once more. For the same
/// reason a fault is logged only, if the list was handed over: the next invocation tries again what failed.
///
/// # Errors
/// Returns the first fault of the Ledger or of the bus.
pub async fn run(
    given: &DispatchContext<'_>,
    start: &Start,
    earlier: Option<Fault>,
) -> Outcome<Tally> {
    let walk::Whole {
        mut tally,
        rest,
        fault,
    } = walk::whole(given, start).await;
    tally.complete = rest.is_empty() && fault.is_none();
    tally.handed_over = !rest.is_empty();
    count(&tally, start);
    let removals = std::mem::take(&mut tally.removals);
    let watched = watch_removals(given, removals).await;
    let fault = earlier.or(fault).or(watched.err());
    if tally.handed_over {
        hand_over(given, start, rest).await?;
    }
    match fault {
        Some(fault) if tally.handed_over => {
            tracing::error!(code = %fault.code(), "the next invocation tries again what dispatch could not do");
            Ok(tally)
        }
        Some(fault) => Err(fault),
        None => Ok(tally),
    }
}

async fn hand_over(given: &DispatchContext<'_>, start: &Start, rest: Vec<String>) -> Outcome<()> {
    tracing::info!(
        parts = rest.len(),
        "the time is up; the next invocation takes the rest"
    );
    let order = Order::DispatchDue(DispatchDue {
        rule: start.rule,
        places: rest,
        invocations: start.invocations + 1,
    });
    (given.send)(vec![order]).await
}

/// After so many invocations, of five minutes each, a list that has not come to its end is told of: the next hourly rule fires soon.
const MANY: u32 = 10;

/// Counts what was dispatched.
fn count(tally: &Tally, start: &Start) {
    metrics::add(Metric::RunsBegun, tally.begun);
    metrics::add(Metric::RunsResumed, tally.resumed);
    metrics::add(
        Metric::DispatchIncomplete,
        u64::from(tally.handed_over && start.invocations >= MANY),
    );
    metrics::measure(Metric::OldestRemovalHours, tally.oldest_removal_hours);
}

fn hours(age: SignedDuration) -> u64 {
    u64::try_from(age.as_hours()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
