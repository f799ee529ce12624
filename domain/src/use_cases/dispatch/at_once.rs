//! Begins a run that somebody asks for.

use jiff::Timestamp;

use crate::{
    admission::Admission,
    allowance::{Allowance, Limit},
    fault::{Code, Fault, Outcome},
    integration::{Due, Integration, OpenRun, Which, look_again},
    order::{Order, SyncDue},
    ports::DispatchStore,
    settings::Calendar,
    tenant::{RunId, Scope},
};

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
    calendar: &Calendar,
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
        let noted = there.standstill.as_ref();
        let waits = noted.is_some_and(|noted| noted.run == open.id && noted.wants_no_look(now));
        let orders = match waits || there.is_leased(now) {
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
        next: calendar.next_run(hour, &there.scope, now),
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
    if !store.claim(&seen, &run, look_again(now, now)).await? {
        return Err(Fault::of(Code::IntegrationChangedMeanwhile));
    }
    Ok(AtOnce {
        scope: there.scope.clone(),
        orders: vec![order(&run.id)],
        run: run.id,
        begun: true,
    })
}
