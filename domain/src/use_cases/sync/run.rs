//! A slice from its lease to its end.

use jiff::Timestamp;

use crate::{
    admission::Admission,
    allowance::Limit,
    fault::{Code, Kind, Outcome},
    integration::{Integration, Lease, OpenRun},
    order::{Order, SyncDue},
    standstill::{Standstill, Waiting},
    sync::{
        Alarm, Ended, Slice,
        ending::{Ending, leave_open, nothing_succeeded},
        flow::Flow,
        walk::{Walked, walk},
    },
};

/// Runs one slice.
///
/// # Errors
/// Transient if the same order should be tried again soon. All other results are an [`Ended`]: permanent and revoked faults end the
/// run, and its report names them.
pub async fn sync(slice: Slice<'_>) -> Outcome<Ended> {
    let scope = &slice.due.scope;
    let store = &slice.ports.store;
    let lease = Lease {
        holder: slice.holder.clone(),
        run: slice.due.run.clone(),
        deadline: slice.deadline,
    };
    let now = (slice.clock)();
    let integration = match store.take_lease(scope, &lease, now).await {
        Ok(Some(integration)) => integration,
        Ok(None) => return Ok(Ended::Busy),
        Err(fault) if fault.kind() == Kind::Fenced => return Ok(Ended::Stale),
        Err(fault) => return Err(fault),
    };
    let open = match &integration.open_run {
        Some(open) if open.id == slice.due.run => open.clone(),
        _ => {
            store.release_lease(scope, &slice.holder).await?;
            return Ok(Ended::Stale);
        }
    };
    let Some(allowance) = &slice.settings.allowance else {
        return work(&slice, &integration, &open, now).await;
    };
    let admission = Admission {
        tenant: &scope.tenant,
        allowance,
        now,
    };
    let (limit, place) = (Limit::Slices, slice.holder.as_str());
    let held = admission.hold(&**store, limit, place, slice.deadline);
    if let Err(fault) = held.await {
        leave_open(&slice).await?;
        return match *fault.code() == Code::AllowanceUsedUp {
            true => Ok(Ended::Crowded {
                wait: fault.retry_after().unwrap_or_default(),
            }),
            false => Err(fault),
        };
    }
    let ended = work(&slice, &integration, &open, now).await;
    admission.let_go(&**store, limit, place).await;
    ended
}

/// Takes the run on from where it stands. `now` is the beginning of the slice.
async fn work(
    slice: &Slice<'_>,
    integration: &Integration,
    open: &OpenRun,
    now: Timestamp,
) -> Outcome<Ended> {
    let ending = Ending {
        slice,
        open,
        noted: integration
            .standstill
            .as_ref()
            .filter(|noted| noted.run == open.id),
        untold: &integration.untold,
    };
    let mut walked = Walked::default();
    match walk(slice, integration, now, &mut walked).await {
        Ok(Flow::Done) => {
            let failure = nothing_succeeded(&walked.summaries);
            ending.finish(walked, failure.as_ref()).await
        }
        Ok(Flow::OutOfTime) => match walked.waits.take() {
            Some(waits) => pause(slice, waits, now).await,
            None => hand_over(slice, walked).await,
        },
        Err(fault) => ending.failed(walked, fault).await,
    }
}

async fn pause(slice: &Slice<'_>, waits: Waiting, now: Timestamp) -> Outcome<Ended> {
    leave_open(slice).await?;
    Ok(Ended::Paused {
        code: waits.code,
        wait: waits.until.duration_since(now).unsigned_abs(),
    })
}

async fn hand_over(slice: &Slice<'_>, walked: Walked) -> Outcome<Ended> {
    let scope = &slice.due.scope;
    leave_open(slice).await?;
    Ok(Ended::HandedOver {
        orders: vec![Order::SyncDue(SyncDue {
            scope: scope.clone(),
            run: slice.due.run.clone(),
            slice: slice.due.slice.saturating_add(1),
        })],
        standstill: walked.standstill.filter(Standstill::is_told),
        alarm: (!walked.gave_up.is_empty()).then_some(Alarm::GivenUp),
        given_up: walked.gave_up,
    })
}
