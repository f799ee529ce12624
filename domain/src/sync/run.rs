//! A slice from its lease to its end.

use crate::{
    fault::{Fault, Kind, Outcome},
    integration::{Lease, OpenRun, Status},
    order::{DeletionsHeld, HeldObject, ObjectCounts, Order, SyncCompleted, SyncDue, SyncFailed},
    progress::{RunReport, Summary, Verdict},
    record::Object,
    standstill::Standstill,
    sync::{
        Alarm, Ended, Slice,
        object::Flow,
        walk::{Walked, asks_for_quiet, walk},
    },
};

/// How often a run's end is stored before another slice has to.
const TRIES: u32 = 3;

/// Does one slice of a run.
///
/// # Errors
/// Passing, when the same order is worth another try soon. Everything else is an [`Ended`]: lasting and revoked faults
/// end the run with a report that says so.
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
    let mut walked = Walked::default();
    match walk(&slice, &integration, now, &mut walked).await {
        Ok(Flow::Done) => {
            let failure = nothing_succeeded(&walked.summaries);
            finish(&slice, &open, walked, failure.as_ref()).await
        }
        Ok(Flow::OutOfTime) => hand_over(&slice, walked).await,
        Err(fault) => failed(&slice, &open, walked, fault).await,
    }
}

/// The failure of a run in which each object failed: the objects' common one, where there is one. A run without objects has
/// nothing that could fail.
fn nothing_succeeded(objects: &[(Object, Summary)]) -> Option<Fault> {
    let mut common: Option<&String> = None;
    for (_, summary) in objects {
        let Some(Verdict::Failed(code)) = &summary.verdict else {
            return None;
        };
        if common.is_some_and(|common| common != code) {
            return Some(Fault::lasting("sync.every_object_failed"));
        }
        common = Some(code);
    }
    common.map(|code| Fault::lasting(code.clone()))
}

async fn finish(
    slice: &Slice<'_>,
    open: &OpenRun,
    walked: Walked,
    failure: Option<&Fault>,
) -> Outcome<Ended> {
    let needs_reconnect = failure.is_some_and(|fault| fault.kind() == Kind::Revoked);
    let status = if needs_reconnect {
        Status::NeedsReconnect
    } else {
        Status::Connected
    };
    let report = RunReport {
        run: open.id.clone(),
        begun: open.begun,
        ended: (slice.clock)(),
        objects: walked.summaries,
        failure: failure.map(|fault| fault.code().to_owned()),
    };
    let scope = &slice.due.scope;
    match store_end(slice, &report, open, status).await {
        Ok(()) => {}
        Err(fault) if fault.kind() == Kind::Fenced => return fenced(slice).await,
        Err(fault) => {
            // The next slice finds all objects done and only has to end the run: it need not wait for our deadline.
            let _ = slice.ports.store.release_lease(scope, &slice.holder).await;
            return Err(fault);
        }
    }
    let order = match failure {
        None => Order::SyncCompleted(SyncCompleted {
            scope: scope.clone(),
            run: open.id.clone(),
            objects: report.objects.iter().map(counts).collect(),
        }),
        Some(fault) => Order::SyncFailed(SyncFailed {
            scope: scope.clone(),
            run: open.id.clone(),
            code: fault.code().to_owned(),
            needs_reconnect,
        }),
    };
    let mut orders = vec![order];
    orders.extend(held(slice, &report));
    let gave_up = walked.gave_up || failure.is_some_and(Fault::is_passing);
    Ok(Ended::Finished {
        report,
        orders,
        alarm: match failure {
            Some(fault) if fault.kind() == Kind::Operator => Some(Alarm::AppRefused),
            _ => gave_up.then_some(Alarm::GivenUp),
        },
    })
}

/// Stores a run's end. What may have been stored, and only the answer was lost, is stored again: whoever did it is told so
/// by the report that is there, so that its event is sent.
async fn store_end(
    slice: &Slice<'_>,
    report: &RunReport,
    open: &OpenRun,
    status: Status,
) -> Outcome<()> {
    let mut tries = 1;
    loop {
        let stored = slice
            .ports
            .store
            .finish(&slice.due.scope, &slice.holder, report, open.next, status)
            .await;
        match stored {
            Err(fault) if fault.is_passing() && tries < TRIES => tries += 1,
            stored => return stored,
        }
    }
}

/// Says that deletions wait for an answer, where some do.
fn held(slice: &Slice<'_>, report: &RunReport) -> Option<Order> {
    let objects: Vec<HeldObject> = report
        .objects
        .iter()
        .filter(|(_, summary)| summary.held_back.waiting > 0)
        .map(|(object, summary)| HeldObject {
            object: *object,
            waiting: summary.held_back.waiting,
            left: summary.held_back.left,
            new: summary.held_back.new,
        })
        .collect();
    let held = DeletionsHeld {
        scope: slice.due.scope.clone(),
        run: report.run.clone(),
        objects,
    };
    (!held.objects.is_empty()).then_some(Order::DeletionsHeld(held))
}

fn counts((object, summary): &(Object, Summary)) -> ObjectCounts {
    ObjectCounts {
        object: *object,
        seen: summary.seen,
        written: summary.written,
        deleted: summary.deleted,
        quarantined: summary.quarantined,
        hidden_fields: summary.vanished_fields.len() as u64,
        verdict: summary
            .verdict
            .as_ref()
            .map_or_else(String::new, Verdict::to_string),
    }
}

async fn hand_over(slice: &Slice<'_>, walked: Walked) -> Outcome<Ended> {
    let scope = &slice.due.scope;
    slice
        .ports
        .store
        .release_lease(scope, &slice.holder)
        .await?;
    Ok(Ended::HandedOver {
        orders: vec![Order::SyncDue(SyncDue {
            scope: scope.clone(),
            run: slice.due.run.clone(),
            slice: slice.due.slice.saturating_add(1),
        })],
        standstill: walked.standstill.filter(Standstill::is_told),
        alarm: walked.gave_up.then_some(Alarm::GivenUp),
    })
}

/// The generation ended under the slice, or the lease is another's by now. What it wrote last is written: a page's writes
/// are awaited before the checkpoint that is refused. So the lease, where it is still ours, goes back, and a removal that
/// waits for the last writer need not wait for our deadline.
async fn fenced(slice: &Slice<'_>) -> Outcome<Ended> {
    let scope = &slice.due.scope;
    let store = &slice.ports.store;
    // If this fails, the deadline is waited for.
    let _ = store.release_lease(scope, &slice.holder).await;
    Ok(Ended::Stale)
}

/// What a fault means for the run.
async fn failed(slice: &Slice<'_>, open: &OpenRun, walked: Walked, fault: Fault) -> Outcome<Ended> {
    // A slice that did not get so far as to look where the run stands: it failed before the first object.
    let age = (slice.clock)().duration_since(open.begun);
    let late = match &walked.standstill {
        Some(_) => walked.is_late,
        None => age > slice.settings.patience,
    };
    match fault.kind() {
        Kind::Fenced => fenced(slice).await,
        Kind::Lasting | Kind::Revoked | Kind::Operator => {
            finish(slice, open, walked, Some(&fault)).await
        }
        Kind::Passing if late => finish(slice, open, walked, Some(&fault)).await,
        Kind::Passing => {
            let released = slice
                .ports
                .store
                .release_lease(&slice.due.scope, &slice.holder)
                .await;
            // A CRM that asks for a long quiet (its daily quota) is not asked again until that is over.
            if let Some(wait) = asks_for_quiet(&fault) {
                return Ok(Ended::Paused {
                    code: fault.code().to_owned(),
                    wait,
                });
            }
            released.and(Err(fault))
        }
    }
}
