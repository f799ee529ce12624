//! Finds the integrations that are due, claims each with a conditional write, and orders a slice for it. An integration that is
//! being removed needs no claim: its removal has a lease of its own, and a superfluous slice finds it held. Ends of tenants that are not
//! over are ordered again, too.
//!
//! The list of what is due has parts that are read side by side, and the claims of a page are made side by side, too. An invocation
//! whose time is nearly over hands the rest of the list over to the next one ([`DispatchDue`](crate::order::DispatchDue)).
//!
//! The due time in the Ledger is authoritative, events are only hints. A run's lost order costs a delay of an hour, because the claim
//! sets a due time at which the run is looked at again ([`look_again`]).

mod at_once;
mod endings;
mod listed;
mod stages;
mod watch;

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::{Fault, Outcome},
    integration::{Due, OpenRun, look_again},
    order::{Order, RemovalDue, Rule, SyncDue},
    ports::{DueToken, Schedule},
    settings::Calendar,
    tenant::RunId,
};

pub use self::{
    at_once::{AtOnce, at_once},
    endings::{Ended, Endings, endings},
    listed::{listed, whole},
    stages::{Staged, stages},
    watch::{Overdue, Watched, watch},
};

/// How late a run must be, after the daily rule should have begun it, before the hourly rule begins it. Meanwhile the daily rule may
/// be at work, and Lambda retries a failed invocation twice within minutes.
const LATE: SignedDuration = SignedDuration::from_mins(30);

/// How many claims of a page are under way at the same time. A claim takes some 10 ms and moves an entry of the index `due`, which is
/// two writes. So one part of the list comes to 800 writes a second at most, and a partition of an index takes 1,000.
const CLAIMS: usize = 4;

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
    /// The first fault of a claim. What was claimed beside it is in `orders`.
    pub fault: Option<Fault>,
    /// Where this part of the list continues. `None` at its end.
    pub next: Option<DueToken>,
}

/// Processes one page of the integrations that are due at `now`, at a place in one of the list's parts
/// ([`Schedule::parts`]). `random` keeps the ids of runs distinct. The orders have to be sent before
/// the next page is requested, because a claim whose order is lost is found again only at the next look
/// ([`look_again`]).
///
/// # Errors
/// The fault of the store, if it lists nothing. A claim that fails is [`Dispatched::fault`], and the others of the page are made.
pub async fn dispatch(
    store: &dyn Schedule,
    rule: Rule,
    now: Timestamp,
    calendar: &Calendar,
    random: &(dyn Fn() -> u32 + Sync),
    place: &DueToken,
) -> Outcome<Dispatched> {
    let (due, next) = store.due(now, place).await?;
    let mut dispatched = Dispatched {
        next,
        ..Dispatched::default()
    };
    let mut claims = Vec::new();
    for due in due {
        if due.removing {
            dispatched.removing += 1;
            // A removal is due from when it began, and stays so.
            let oldest = dispatched.oldest_removal.unwrap_or(due.due);
            dispatched.oldest_removal = Some(oldest.min(due.due));
            dispatched
                .orders
                .push(Order::RemovalDue(RemovalDue { scope: due.scope }));
        } else if let Some(planned) = plan(rule, &due, now, calendar, random) {
            claims.push((due, planned));
        }
    }
    let mut claimed = stream::iter(claims)
        .map(|(due, (run, resumes))| async move {
            let idle_since = due
                .leased_until
                .map_or(run.begun, |worked| worked.max(run.begun));
            let next_look = look_again(idle_since, now);
            let is_ours = store.claim(&due, &run, next_look).await;
            (due, run, resumes, is_ours)
        })
        .buffered(CLAIMS);
    while let Some((due, run, resumes, is_ours)) = claimed.next().await {
        match is_ours {
            Ok(true) => {}
            Ok(false) => continue,
            Err(fault) => {
                dispatched.fault.get_or_insert(fault);
                continue;
            }
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

/// Returns the run to work on, and whether it was begun before. `None` if this rule is not responsible.
fn plan(
    rule: Rule,
    due: &Due,
    now: Timestamp,
    calendar: &Calendar,
    random: &(dyn Fn() -> u32 + Sync),
) -> Option<(OpenRun, bool)> {
    let hour = calendar.hour(due.hour, &due.scope);
    match (&due.open_run, rule) {
        (Some(open), _) => Some((open.clone(), true)),
        // An integration with an hour does not wait for the daily rule.
        (None, Rule::Hourly) if hour.is_none() && !is_late(due.due, now, calendar.interval) => None,
        (None, _) => Some((
            OpenRun {
                id: RunId::begin(now, random()),
                begun: now,
                next: calendar.next_run(due.hour, &due.scope, now),
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
