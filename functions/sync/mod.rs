//! Works on each SyncDue of a batch from the queue: one slice of one integration's run. An ExportDue comes by the same queue,
//! since an export reads and opens the copy, as only this function may ([`export`]).

mod export;

use domain::{
    fault::{Code, Fault, Kind, Outcome},
    integration::Which,
    order::{Order, SyncDue},
    progress::Verdict,
    standstill::Standstill,
    sync::{self, Alarm, Ended, Slice},
};
use serde_json::Value;
use tracing::Instrument;

pub use crate::queue::{Answer, Batch, Fate, ShowAgain};
use crate::{alarm, entry::Invocation, events, settings, wiring, work};

/// What a message's work is given.
pub type WorkContext<'a> = work::WorkContext<'a, sync::SyncLimits>;

/// One invocation.
///
/// # Errors
/// An event that is no batch; each message's own failure is in the answer.
pub async fn handle(
    settings: &settings::Sync,
    event: Value,
    invocation: Invocation,
) -> Outcome<Answer> {
    let batch = Batch::read(event)?;
    let world = wiring::sync(settings).await;
    Ok(work::each(world, batch, &invocation, message).await)
}

/// One message.
pub async fn message(given: &WorkContext<'_>, body: &str) -> Fate {
    if events::is(body, "ExportDue") {
        return export::message(given, body).await;
    }
    let due = match events::sync_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(code = %fault.code(), field = fault.field(), "not a SyncDue");
            return Fate::Returned;
        }
    };
    // An error's span: it has to be there at every level.
    let span = tracing::error_span!(
        "slice",
        tenant = %due.scope.tenant,
        integration = %due.scope.integration,
        generation = due.scope.generation.0,
        run = %due.run,
        slice = due.slice,
    );
    slice(given, &due).instrument(span).await
}

async fn slice(given: &WorkContext<'_>, due: &SyncDue) -> Fate {
    if given.is_over(given.settings.reserve) {
        return Fate::Returned;
    }
    // Boxed: a slice's future is large, and Lambda's workers have small stacks.
    let ended = Box::pin(sync::sync(Slice {
        ports: &given.ports.for_sync(),
        due,
        holder: (given.holder)(),
        deadline: given.deadline,
        clock: given.clock,
        settings: given.settings,
    }))
    .await;
    match ended {
        Ok(ended) => after(given, due, ended).await,
        Err(fault) => failed(&fault),
    }
}

/// Events leave only after the state that they tell of is stored.
async fn after(given: &WorkContext<'_>, due: &SyncDue, ended: Ended) -> Fate {
    match ended {
        Ended::Finished {
            report,
            orders,
            alarm: rung,
        } => {
            match &report.failure {
                None if rung.is_some() => {
                    let alarm = rung.map(Alarm::name);
                    tracing::error!(
                        alarm,
                        "the run is finished, and an object of it was given up"
                    );
                }
                None => tracing::info!(objects = report.objects.len(), "the run is finished"),
                Some(code) => {
                    let alarm = rung
                        .map(Alarm::name)
                        .or_else(|| alarm::of_code(&Code::parse(code)));
                    tracing::error!(%code, alarm, "the run failed");
                }
            }
            for (object, summary) in &report.objects {
                if let Some(Verdict::Failed(code)) = &summary.verdict {
                    tracing::error!(%object, code, alarm = alarm::of_code(&Code::parse(code)), "an object failed");
                }
            }
            // The run's end is stored, and the events with it: the message, shown again, finds them.
            tell(given, due, orders).await
        }
        Ended::HandedOver {
            orders,
            standstill,
            alarm,
        } => {
            match (alarm.map(Alarm::name), standstill) {
                (Some(alarm), _) => tracing::error!(alarm, "an object was given up"),
                (None, Some(Standstill { slices, since, .. })) => {
                    tracing::warn!(slices, %since, "handed over, and slice after slice leaves nothing");
                }
                (None, None) => tracing::info!("handed over to the next slice"),
            }
            // An order that was lost is made up for by the hourly rule, too.
            given.send_or_return(orders).await
        }
        Ended::Paused { code, wait } => {
            tracing::warn!(%code, seconds = wait.as_secs(), "the CRM asks for quiet");
            Fate::Quiet(wait)
        }
        Ended::Busy => {
            tracing::info!("another slice is at work");
            Fate::Consumed
        }
        Ended::Stale => stale(given, due).await,
    }
}

/// Puts the events that the integration keeps on the bus. While the bus does not take them, the message is shown again.
async fn tell(given: &WorkContext<'_>, due: &SyncDue, orders: Vec<Order>) -> Fate {
    if given.tell(&due.scope, orders).await {
        Fate::Consumed
    } else {
        Fate::Returned
    }
}

/// Tells an order that came late from one for an integration that never was. Whoever ended the run may have been ended before
/// the bus had heard of it.
async fn stale(given: &WorkContext<'_>, due: &SyncDue) -> Fate {
    let which = Which {
        tenant: due.scope.tenant.clone(),
        integration: due.scope.integration.clone(),
    };
    match given.ports.store.integration(&which).await {
        Ok(None) => {
            tracing::error!(code = %Code::IntegrationUnknown, "there is no such integration");
            Fate::Consumed
        }
        Ok(Some(there)) if there.scope != due.scope || there.untold.is_empty() => {
            tracing::info!("nothing to do: the run has ended, or the generation has");
            Fate::Consumed
        }
        Ok(Some(there)) => {
            tracing::warn!(events = there.untold.len(), "what was not told is told now");
            tell(given, due, there.untold).await
        }
        Err(fault) => {
            tracing::warn!(code = %fault.code(), "it is not known what was not told");
            if fault.is_transient() {
                Fate::Returned
            } else {
                Fate::Consumed
            }
        }
    }
}

fn failed(fault: &Fault) -> Fate {
    let (code, detail) = (fault.code(), fault.detail());
    match fault.kind() {
        Kind::Transient => {
            tracing::warn!(%code, detail, "the slice failed; the queue shows it again");
            Fate::Returned
        }
        // The one who holds the lease now carries on.
        Kind::Fenced => {
            tracing::info!(%code, "fenced");
            Fate::Consumed
        }
        // Somebody has to change something, and not even the run's failure could be stored: the dead-letter queue is
        // where an operator looks, and its message, sent again, continues the run.
        Kind::Permanent | Kind::Revoked | Kind::Operator => {
            let alarm = alarm::of(fault);
            tracing::error!(%code, detail, alarm, "the slice failed and will again");
            Fate::Returned
        }
    }
}

#[cfg(test)]
mod tests;
