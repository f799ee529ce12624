//! Finds what is due, claims it, sends SyncDue: page by page, until the end or until the time is up.

use domain::{
    dispatch::{self, Kind},
    fault::Outcome,
    ports::Schedule,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::{
    clock::{self, Clock},
    entry::Invocation,
    events::{self, SendOrders},
    ids, settings, wiring,
};

/// No page is begun with less time than this: one has up to some hundred claims and ten requests to the bus.
const RESERVE: SignedDuration = SignedDuration::from_secs(10);

/// What an invocation came to.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Runs begun.
    pub begun: u64,
    /// Runs looked at again and resumed.
    pub resumed: u64,
    /// Removals looked at again.
    pub removing: u64,
    /// Orders sent.
    pub sent: usize,
    /// Whether the end of the list was reached; if not, the rest is due at the next firing.
    pub complete: bool,
}

/// What the body works with.
pub struct DispatchContext<'a> {
    /// The Ledger.
    pub store: &'a dyn Schedule,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
    /// What lies between the starts of two runs of an integration.
    pub interval: SignedDuration,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
    /// Keeps run ids apart.
    pub random: &'a (dyn Fn() -> u32 + Sync),
    /// When AWS ends the invocation.
    pub deadline: Timestamp,
}

/// One invocation.
///
/// # Errors
/// A malformed event; what the Ledger and the bus answer.
pub async fn handle(
    settings: &settings::Dispatch,
    event: Value,
    invocation: Invocation,
) -> Outcome<Tally> {
    let kind = kind(&event)?;
    let world = wiring::dispatch(settings).await;
    let given = DispatchContext {
        store: world.store.as_ref(),
        send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
        interval: settings.interval,
        clock: &clock::now,
        random: &ids::random,
        deadline: invocation.deadline,
    };
    let tally = run(&given, kind).await?;
    tracing::info!(
        ?kind,
        begun = tally.begun,
        resumed = tally.resumed,
        removing = tally.removing,
        sent = tally.sent,
        complete = tally.complete,
        "dispatched"
    );
    Ok(tally)
}

/// Which rule fired: `{"kind": "daily"}` or `{"kind": "hourly"}`.
///
/// # Errors
/// Permanent, when it is neither.
pub fn kind(event: &Value) -> Outcome<Kind> {
    events::field(event, "/kind", |kind| match kind.as_str()? {
        "daily" => Some(Kind::Daily),
        "hourly" => Some(Kind::Hourly),
        _ => None,
    })
}

/// Goes through what is due. The orders of a page are sent before the next page is claimed, so that an invocation that
/// ends early leaves at most one page claimed and not ordered.
///
/// # Errors
/// Those of the Ledger and of the bus. What was claimed is looked at again by the hourly rule.
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
                "the time is up; the rest is due at the next firing"
            );
            return Ok(tally);
        }
    }
}

#[cfg(test)]
mod tests;
