//! Finds the integrations that are due, claims each with a conditional write, and orders a slice for it. An integration that is
//! being removed needs no claim: its removal has a lease of its own, and a superfluous slice finds it held. Ends of tenants that are not
//! over are ordered again, too.
//!
//! The due time in the Ledger is authoritative, events are only hints. A lost order costs a delay of an hour, because the claim
//! sets a due time at which the run is looked at again.

mod endings;
mod stages;
mod watch;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    admission::Admission,
    allowance::{Allowance, Limit},
    fault::{Code, Fault, Outcome},
    integration::{Due, Integration, LOOK_AGAIN, OpenRun, Which},
    order::{Order, RemovalDue, SyncDue},
    ports::{DispatchStore, DueToken, Schedule},
    settings::next_run,
    tenant::{RunId, Scope},
};

pub use self::{
    endings::{Ended, Endings, endings},
    stages::{Staged, stages},
    watch::{Overdue, Watched, watch},
};

/// The schedule rule that invoked dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The daily rule begins runs, and resumes unfinished ones.
    Daily,
    /// The hourly rule resumes unfinished runs. It begins runs of integrations with a chosen hour, and runs that the daily rule
    /// missed.
    Hourly,
}

/// How late a run must be, after the daily rule should have begun it, before the hourly rule begins it. Lambda retries a failed
/// invocation twice within minutes, so the daily rule has had its retries by then.
const LATE: SignedDuration = SignedDuration::from_hours(2);

/// The time between two invocations by the daily rule.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The result of one page of due integrations.
#[derive(Default)]
pub struct Dispatched {
    /// The orders for the bus.
    pub orders: Vec<Order>,
    /// Runs begun.
    pub begun: u64,
    /// Unfinished runs that were resumed.
    pub resumed: u64,
    /// Removals that were ordered again.
    pub removing: u64,
    /// The time at which the oldest of those removals was begun.
    pub oldest_removal: Option<Timestamp>,
    /// Where the list continues. `None` at its end.
    pub next: Option<DueToken>,
}

/// Processes one page of the integrations that are due at `now`. `interval` is the time between two runs of an integration.
/// `random` keeps the ids of runs distinct. The orders have to be sent before the next page is requested, because a claim whose
/// order is lost is found again only after [`LOOK_AGAIN`].
///
/// # Errors
/// The fault of the store. Integrations claimed before the fault are found again after [`LOOK_AGAIN`].
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
            // A removal is due from when it began, and stays so.
            let oldest = dispatched.oldest_removal.unwrap_or(due.due);
            dispatched.oldest_removal = Some(oldest.min(due.due));
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
        // If a slice is working, it orders the next one itself when it hands over. If it dies, the next dispatch finds its lease
        // expired.
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

/// A run that was requested.
pub struct AtOnce {
    /// The integration.
    pub scope: Scope,
    /// The run.
    pub run: RunId,
    /// Whether this request began the run. If not, the run was open before.
    pub begun: bool,
    /// The orders for the bus.
    pub orders: Vec<Order>,
}

/// Begins a run of an integration now. If a run is open, returns that run, and orders it again unless a slice is working on it.
/// A run that is begun counts in the tenant's allowance. With `None` nothing is counted: the operator asks, or a decision that can
/// be taken only once.
///
/// # Errors
/// Permanent if there is no such integration, if it is not connected, or if the tenant's allowance is used up. Transient if
/// something else changed it at the same moment.
pub async fn at_once(
    store: &dyn DispatchStore,
    which: &Which,
    now: Timestamp,
    interval: SignedDuration,
    random: u32,
    allowance: Option<&Allowance>,
) -> Outcome<AtOnce> {
    let there = Integration::connected(store.integration(which).await?)?;
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
            scope: there.scope.clone(),
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
    if let Some(allowance) = allowance {
        let tenant = &which.tenant;
        let admission = Admission {
            tenant,
            allowance,
            now,
        };
        let id = run.id.as_str();
        admission.spend(store, Limit::RunsPerHour, 1, id).await?;
    }
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
        scope: there.scope.clone(),
        orders: vec![order(&run.id)],
        run: run.id,
        begun: true,
    })
}

/// Returns the run to work on, and whether it was begun before. `None` if this rule is not responsible.
fn plan(
    kind: Kind,
    due: &Due,
    now: Timestamp,
    interval: SignedDuration,
    random: &(dyn Fn() -> u32 + Sync),
) -> Option<(OpenRun, bool)> {
    match (&due.open_run, kind) {
        (Some(open), _) => Some((open.clone(), true)),
        // An integration with a chosen hour does not wait for the daily rule.
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

/// Returns whether the daily rule has missed a run that was due at `due`, because it was ended before it claimed the integration or
/// had more integrations than it could reach. A run is due `interval` after the last one began, which is hours before the next
/// invocation by the daily rule. Those hours do not count.
fn is_late(due: Timestamp, now: Timestamp, interval: SignedDuration) -> bool {
    let until_the_rule = (DAY - interval).max(SignedDuration::ZERO);
    now >= later(due, until_the_rule + LATE)
}

/// Returns `now` plus `wait`, or the maximum if that overflows.
fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
