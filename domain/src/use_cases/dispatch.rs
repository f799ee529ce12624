//! Finds the integrations that are due, claims each by condition, and orders a slice for it. One that is being removed
//! needs no claim: its removal has a lease of its own, and a slice too many finds it held.
//!
//! The due time in the Ledger is the truth, events are hints: an order that is lost costs a delay of an hour, since the
//! claim leaves a due time behind at which the run is looked at again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    integration::{Due, LOOK_AGAIN, OpenRun, Status, Which},
    order::{Order, RemovalDue, SyncDue},
    ports::{DispatchStore, DueToken, Schedule},
    settings::next_run,
    tenant::RunId,
};

/// Which rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The daily rule: begins runs, and resumes those that were begun and not finished.
    Daily,
    /// The hourly rule: resumes, and begins the runs of those who chose an hour, and those that the daily rule did not
    /// reach.
    Hourly,
}

/// A run that has not begun so long after the daily rule should have begun it is begun by the hourly rule. Lambda tries an
/// invocation that failed twice more within minutes, so a daily rule that is still to come back has done so by then.
const LATE: SignedDuration = SignedDuration::from_hours(2);

/// What lies between two firings of the daily rule.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What one page of due integrations came to.
#[derive(Default)]
pub struct Dispatched {
    /// What to put on the bus.
    pub orders: Vec<Order>,
    /// Runs begun.
    pub begun: u64,
    /// Runs looked at again and resumed.
    pub resumed: u64,
    /// Removals looked at again.
    pub removing: u64,
    /// Where the list goes on; none: this was its end.
    pub next: Option<DueToken>,
}

/// Goes through one page of what is due at `now`. `interval` lies between two runs of an integration; `random` keeps the
/// ids of runs apart. The orders have to be sent before the next page is asked for: a claim whose order is lost is
/// found again only after [`LOOK_AGAIN`].
///
/// # Errors
/// Those of the store. What was claimed before is found again after [`LOOK_AGAIN`].
pub async fn dispatch(
    store: &dyn Schedule,
    kind: Kind,
    now: Timestamp,
    interval: SignedDuration,
    random: &(dyn Fn() -> u32 + Sync),
    after: Option<&DueToken>,
) -> Outcome<Dispatched> {
    let (due, next) = store.due(now, after).await?;
    let mut dispatched = Dispatched {
        next,
        ..Dispatched::default()
    };
    for due in due {
        if due.removing {
            dispatched.removing += 1;
            dispatched
                .orders
                .push(Order::RemovalDue(RemovalDue { scope: due.scope }));
            continue;
        }
        let Some((run, resumes)) = plan(kind, &due, now, interval, random) else {
            continue;
        };
        if !store.claim(&due, &run, later(now, LOOK_AGAIN)).await? {
            continue;
        }
        if resumes {
            dispatched.resumed += 1;
        } else {
            dispatched.begun += 1;
        }
        // A slice may be at work: its own order follows when it hands over, or the next look finds it dead.
        if due.leased_until.is_none_or(|until| until <= now) {
            dispatched.orders.push(Order::SyncDue(SyncDue {
                scope: due.scope,
                run: run.id,
                slice: 0,
            }));
        }
    }
    Ok(dispatched)
}

/// A run that was asked for.
pub struct AtOnce {
    /// The run.
    pub run: RunId,
    /// Whether it begins with this; else it was open before.
    pub begun: bool,
    /// What to put on the bus.
    pub orders: Vec<Order>,
}

/// Begins a run of an integration now; where one is open, it is that one, ordered again unless a slice is at work on it.
///
/// # Errors
/// Permanent, when there is no such integration, or it is not connected. Transient, when something else changed it at the same
/// moment.
pub async fn at_once(
    store: &dyn DispatchStore,
    which: &Which,
    now: Timestamp,
    interval: SignedDuration,
    random: u32,
) -> Outcome<AtOnce> {
    let there = store
        .integration(which)
        .await?
        .ok_or_else(|| Fault::of(Code::IntegrationUnknown))?;
    match there.status {
        Status::Connected => {}
        Status::NeedsReconnect => return Err(Fault::of(Code::IntegrationNeedsReconnect)),
        Status::Removing => return Err(Fault::of(Code::IntegrationRemoving)),
        Status::Removed => return Err(Fault::of(Code::IntegrationRemoved)),
    }
    let order = |run: &RunId| {
        Order::SyncDue(SyncDue {
            scope: there.scope.clone(),
            run: run.clone(),
            slice: 0,
        })
    };
    if let Some(open) = &there.open_run {
        let orders = match there.is_leased(now) {
            true => Vec::new(),
            false => vec![order(&open.id)],
        };
        return Ok(AtOnce {
            run: open.id.clone(),
            begun: false,
            orders,
        });
    }
    let hour = there.settings.as_ref().and_then(|kept| kept.hour);
    let run = OpenRun {
        id: RunId::begin(now, random),
        begun: now,
        next: next_run(hour, now, interval),
    };
    let seen = Due {
        scope: there.scope.clone(),
        due: there.due,
        open_run: None,
        leased_until: None,
        removing: false,
        hour,
    };
    if !store.claim(&seen, &run, later(now, LOOK_AGAIN)).await? {
        return Err(Fault::of(Code::IntegrationChangedMeanwhile));
    }
    Ok(AtOnce {
        orders: vec![order(&run.id)],
        run: run.id,
        begun: true,
    })
}

/// The run to work on, and whether it was begun before; none: not a matter for this rule.
fn plan(
    kind: Kind,
    due: &Due,
    now: Timestamp,
    interval: SignedDuration,
    random: &(dyn Fn() -> u32 + Sync),
) -> Option<(OpenRun, bool)> {
    match (&due.open_run, kind) {
        (Some(open), _) => Some((open.clone(), true)),
        // Whoever chose an hour of their own does not wait for the daily rule.
        (None, Kind::Hourly) if due.hour.is_none() && !is_late(due.due, now, interval) => None,
        (None, _) => Some((
            OpenRun {
                id: RunId::begin(now, random()),
                begun: now,
                next: next_run(due.hour, now, interval),
            },
            false,
        )),
    }
}

/// Whether the daily rule has missed a run that was due at `due`: the rule was ended before it claimed the integration, or
/// there were more integrations than it reached. A run is due `interval` after the last one began, which is hours before
/// the next firing of the daily rule; those hours do not count.
fn is_late(due: Timestamp, now: Timestamp, interval: SignedDuration) -> bool {
    let until_the_rule = (DAY - interval).max(SignedDuration::ZERO);
    now >= later(due, until_the_rule + LATE)
}

/// `now` and `wait`, or the end of time.
fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
