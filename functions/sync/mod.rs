//! Works on each SyncDue of a batch from the queue: one slice of one integration's run. An ExportDue comes by the same
//! queue, because an export takes as long as a slice may ([`export`]). The two have data roles of their own: a run
//! reaches no export's file, and an export can write nothing but its file and its progress ([`doors`]).

mod counts;
mod doors;
mod export;
mod world;

use domain::{
    fault::{Code, Fault, Kind, Outcome},
    integration::Which,
    order::{Order, SyncDue},
    progress::Verdict,
    standstill::Standstill,
    sync::{self, Ended, GivenUp, Slice},
};
use serde_json::Value;
use tracing::Instrument;

pub use crate::queue::{Answer, Batch, Fate, ShowAgain};
use crate::{
    alarm,
    entry::Invocation,
    events,
    metrics::{self, Metric},
    settings, work,
};

/// The context in which a message is worked on.
pub type WorkContext<'a> = work::WorkContext<'a, sync::SyncLimits>;

/// Handles one invocation.
///
/// # Errors
/// Returns the fault of an event that is no batch. A message that fails is named in the answer.
pub async fn handle(
    settings: &settings::Sync,
    event: Value,
    invocation: Invocation,
) -> Outcome<Answer> {
    let batch = Batch::read(event)?;
    let world = world::world(settings).await;
    let each = async |given: &work::WorkContext<'_, _, ()>, body: &str| {
        world.ports_of.message(given, body).await
    };
    Ok(work::each(world, batch, &invocation, each).await)
}

/// Works on one message, but for an ExportDue.
pub async fn message(given: &WorkContext<'_>, body: &str) -> Fate {
    let due = match events::sync_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(code = %fault.code(), field = fault.field(), "the message is not a SyncDue");
            return Fate::Returned;
        }
    };
    // The span has the level of errors so that it exists at every log level.
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
    metrics::add(Metric::Slices, 1);
    // The slice's future is boxed: it is large, and Lambda's workers have small stacks.
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

/// Sends events and logs, after the state is stored that the events tell of.
async fn after(given: &WorkContext<'_>, due: &SyncDue, ended: Ended) -> Fate {
    match ended {
        Ended::Finished {
            report,
            orders,
            alarm: rung,
            given_up: objects,
        } => {
            counts::finished(&report);
            given_up(&objects, rung.filter(|_| report.failure.is_none()));
            match &report.failure {
                None => tracing::info!(objects = report.objects.len(), "the run is finished"),
                Some(code) => {
                    let alarm = rung
                        .map(alarm::ring_for_run)
                        .or_else(|| alarm::ring_for_code(&Code::parse(code)));
                    tracing::error!(%code, alarm, "the run failed");
                }
            }
            for (object, summary) in &report.objects {
                if let Some(Verdict::Failed(code)) = &summary.verdict {
                    let alarm = alarm::ring_for_code(&Code::parse(code));
                    tracing::error!(%object, code, alarm, "an object failed");
                }
            }
            // The run's end is stored together with its events. If the message is redelivered, it finds them.
            send_untold(given, due, orders).await
        }
        Ended::HandedOver {
            orders,
            standstill,
            alarm,
            given_up: objects,
        } => {
            given_up(&objects, alarm);
            match standstill {
                Some(Standstill { slices, since, .. }) if alarm.is_none() => {
                    tracing::warn!(slices, %since, "the slice handed over to the next one; several slices in a row made no progress");
                }
                _ => tracing::info!("the slice handed over to the next one"),
            }
            // If the order is lost, the hourly rule makes up for it.
            given.send_or_return(orders).await
        }
        Ended::Paused { code, wait } => {
            metrics::add(Metric::RunsPaused, 1);
            tracing::warn!(%code, seconds = wait.as_secs(), "the run pauses for the sake of a limit of the CRM");
            Fate::Quiet(wait)
        }
        Ended::Crowded { wait } => {
            let seconds = wait.as_secs();
            tracing::warn!(
                seconds,
                "as many slices of the tenant are at work as may be"
            );
            Fate::Quiet(wait)
        }
        Ended::Busy => {
            tracing::info!("another slice holds the lease");
            Fate::Consumed
        }
        Ended::Stale => stale(given, due).await,
    }
}

/// Logs which objects were given up, and why. The alarm is rung once for all of them.
fn given_up(objects: &[GivenUp], alarm: Option<sync::Alarm>) {
    let alarm = alarm.map(alarm::ring_for_run);
    for GivenUp { object, code } in objects {
        tracing::error!(%object, %code, alarm, "an object was given up");
    }
}

/// Puts the events that the integration keeps on the bus. Until the bus takes them, the message is redelivered.
async fn send_untold(given: &WorkContext<'_>, due: &SyncDue, orders: Vec<Order>) -> Fate {
    if given.send_untold(&due.scope, orders).await {
        Fate::Consumed
    } else {
        Fate::Returned
    }
}

/// Distinguishes a late order from an order for an unknown integration. The slice that ended the run may have been cut
/// off before the bus had its events. They are sent now.
async fn stale(given: &WorkContext<'_>, due: &SyncDue) -> Fate {
    let which = Which {
        tenant: due.scope.tenant.clone(),
        integration: due.scope.integration.clone(),
    };
    match given.ports.store.integration(&which).await {
        Ok(None) => {
            tracing::error!(code = %Code::IntegrationUnknown, "the integration of this order does not exist");
            Fate::Consumed
        }
        Ok(Some(there)) if there.scope != due.scope || there.untold.is_empty() => {
            tracing::info!("nothing to do: the run or the generation has ended");
            Fate::Consumed
        }
        Ok(Some(there)) => {
            tracing::warn!(
                events = there.untold.len(),
                "events of an ended run are sent now"
            );
            send_untold(given, due, there.untold).await
        }
        Err(fault) => {
            tracing::warn!(code = %fault.code(), "the integration could not be read for unsent events");
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
            tracing::warn!(%code, detail, "the slice failed; the queue will redeliver the message");
            Fate::Returned
        }
        // The holder of the lease carries on.
        Kind::Fenced => {
            tracing::info!(%code, "the slice met the fence and stopped");
            Fate::Consumed
        }
        // Somebody has to change something, and even the run's failure could not be stored. An operator looks into the
        // dead-letter queue. Its message, sent again, resumes the run.
        Kind::Permanent | Kind::Revoked | Kind::Operator => {
            let alarm = alarm::ring(fault);
            tracing::error!(%code, detail, alarm, "the slice failed and will fail again");
            Fate::Returned
        }
    }
}

#[cfg(test)]
mod tests;
