//! The end of a run, and its events.

use jiff::SignedDuration;

use crate::{
    fault::{Code, Fault, Kind, Outcome},
    integration::{OpenRun, Status, look_again},
    order::{DeletionsHeld, HeldObject, ObjectCounts, Order, SyncCompleted, SyncFailed},
    progress::{RunReport, Summary, Verdict},
    record::Object,
    standstill::Standstill,
    sync::{
        Alarm, Ended, Slice,
        walk::{Walked, asks_for_quiet},
    },
};

/// Attempts to store a run's end. After them another slice has to do it.
const TRIES: u32 = 3;

/// The data for a run's end.
pub(super) struct Ending<'a> {
    pub(super) slice: &'a Slice<'a>,
    pub(super) open: &'a OpenRun,
    /// What the slice before this one noted about the run's standstill.
    pub(super) noted: Option<&'a Standstill>,
    /// The events that the integration kept as untold when the slice began.
    pub(super) untold: &'a [Order],
}

/// Returns the failure of a run in which each object failed: their common code, or a code of its own if the objects have several.
/// A run without objects cannot fail.
pub(super) fn nothing_succeeded(objects: &[(Object, Summary)]) -> Option<Fault> {
    let mut common: Option<&String> = None;
    for (_, summary) in objects {
        let code = match &summary.verdict {
            // An object that the organisation does not have neither succeeds nor fails.
            Some(Verdict::Absent) => continue,
            Some(Verdict::Failed(code)) => code,
            _ => return None,
        };
        if common.is_some_and(|common| common != code) {
            return Some(Fault::of(Code::SyncEveryObjectFailed));
        }
        common = Some(code);
    }
    common.map(|code| Fault::of(Code::parse(code)).with_kind(Kind::Permanent))
}

impl Ending<'_> {
    /// Ends the run. The report and the events are stored in one write.
    pub(super) async fn finish(&self, walked: Walked, failure: Option<&Fault>) -> Outcome<Ended> {
        let Self { slice, open, .. } = *self;
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
            failure: failure.map(|fault| fault.code().to_string()),
        };
        let scope = &slice.due.scope;
        let order = match failure {
            None => Order::SyncCompleted(SyncCompleted {
                scope: scope.clone(),
                run: open.id.clone(),
                objects: report.objects.iter().map(counts).collect(),
            }),
            Some(fault) => Order::SyncFailed(SyncFailed {
                scope: scope.clone(),
                run: open.id.clone(),
                // The report keeps the code as it is, and the log has it.
                code: fault.code().public().into_owned(),
                needs_reconnect,
            }),
        };
        let mut orders = vec![order];
        orders.extend(held(slice, &report));
        match self.store(&report, status, &orders).await {
            Ok(()) => {}
            Err(fault) if fault.kind() == Kind::Fenced => return fenced(slice).await,
            Err(fault) => {
                // The next slice finds all objects done and only has to end the run. It need not wait for our deadline.
                let _ = leave_open(slice).await;
                return Err(fault);
            }
        }
        orders.splice(..0, self.untold.iter().cloned());
        let gave_up = !walked.gave_up.is_empty() || failure.is_some_and(Fault::is_transient);
        Ok(Ended::Finished {
            report,
            orders,
            alarm: match failure {
                Some(fault) if fault.kind() == Kind::Operator => Some(Alarm::AppRefused),
                _ => gave_up.then_some(Alarm::GivenUp),
            },
            given_up: walked.gave_up,
        })
    }

    /// Stores a run's end. If the answer was lost, the end may have been stored already, and it is stored again. The report that is
    /// found then shows who stored it, so that its event is sent.
    async fn store(&self, report: &RunReport, status: Status, orders: &[Order]) -> Outcome<()> {
        let Self { slice, open, .. } = *self;
        let mut tries = 1;
        loop {
            let stored = slice
                .ports
                .store
                .finish(
                    &slice.due.scope,
                    &slice.holder,
                    report,
                    open.next,
                    status,
                    orders,
                )
                .await;
            match stored {
                Err(fault) if fault.is_transient() && tries < TRIES => tries += 1,
                stored => return stored,
            }
        }
    }

    /// Decides what a fault means for the run.
    pub(super) async fn failed(&self, walked: Walked, fault: Fault) -> Outcome<Ended> {
        let Self { slice, open, .. } = *self;
        let (now, patience) = ((slice.clock)(), slice.settings.patience);
        // A slice that failed before the first object did not compare the progress. It has the note of the slice before it.
        let noted = self.noted.map(|noted| noted.resumed(now));
        let late = match (&walked.standstill, &noted) {
            (Some(_), _) => walked.is_late,
            (None, Some(noted)) => noted.is_over_unseen(now, patience),
            (None, None) => now.duration_since(open.begun) > patience,
        };
        match fault.kind() {
            Kind::Fenced => fenced(slice).await,
            Kind::Permanent | Kind::Revoked | Kind::Operator => {
                self.finish(walked, Some(&fault)).await
            }
            Kind::Transient if late => self.finish(walked, Some(&fault)).await,
            Kind::Transient => {
                let quiet = asks_for_quiet(&fault);
                let stands = walked.standstill.or(noted);
                if let (Some(wait), Some(stands)) = (quiet, &stands) {
                    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
                    let noted = stands.quiet(fault.code(), now, wait);
                    // The run pauses without the note, too, and is only shown as if it worked.
                    let _ = slice
                        .ports
                        .store
                        .note_standstill(&slice.due.scope, &slice.holder, &noted)
                        .await;
                }
                let released = leave_open(slice).await;
                // A CRM that asks for a long quiet (its daily quota) gets no request until the quiet is over.
                if let Some(wait) = quiet {
                    return Ok(Ended::Paused {
                        code: fault.code().to_string(),
                        wait,
                    });
                }
                released.and(Err(fault))
            }
        }
    }
}

/// Gives the lease of an open run back. Dispatch looks at the run within the hour: the run may have waited for this slice for hours,
/// and the next look would be as far away.
pub(super) async fn leave_open(slice: &Slice<'_>) -> Outcome<()> {
    let now = (slice.clock)();
    let store = &slice.ports.store;
    store
        .leave_open(&slice.due.scope, &slice.holder, look_again(now, now))
        .await
}

/// Returns the event that deletions wait for a decision, if some do.
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
            .map_or_else(String::new, |verdict| verdict.public().to_string()),
    }
}

/// Gives the lease back after a fence: the generation has ended, or another slice has the lease. All writes of this slice are done,
/// because a page's writes are awaited before the checkpoint that was refused. So a removal that waits for the last writer need not
/// wait for our deadline.
async fn fenced(slice: &Slice<'_>) -> Outcome<Ended> {
    let scope = &slice.due.scope;
    let store = &slice.ports.store;
    // If this fails, others wait for our deadline.
    let _ = store.release_lease(scope, &slice.holder).await;
    Ok(Ended::Stale)
}
