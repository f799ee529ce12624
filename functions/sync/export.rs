//! Works on an ExportDue: one slice of one export.

use domain::{
    export_copy::{self, Ended, ExportLimits, Slice},
    exports::Phase,
    fault::Code,
    order::ExportDue,
    sync::SyncLimits,
};
use tracing::Instrument;

use crate::{
    adapters::ExportPorts,
    alarm, events,
    metrics::{self, Metric},
    queue::Fate,
    work,
};

/// The context in which an ExportDue is worked on.
type WorkContext<'a> = work::WorkContext<'a, SyncLimits, ExportPorts>;

/// Works on one message.
pub(super) async fn message(given: &WorkContext<'_>, body: &str) -> Fate {
    let due = match events::export_due(body) {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(code = %fault.code(), field = fault.field(), "the message is not an ExportDue");
            return Fate::Returned;
        }
    };
    // The span has the level of errors so that it exists at every log level.
    let span = tracing::error_span!(
        "export",
        tenant = %due.scope.tenant,
        integration = %due.scope.integration,
        generation = due.scope.generation.0,
        export = %due.export,
    );
    slice(given, &due).instrument(span).await
}

async fn slice(given: &WorkContext<'_>, due: &ExportDue) -> Fate {
    if given.is_over(given.settings.reserve) {
        return Fate::Returned;
    }
    let settings = ExportLimits {
        reserve: given.settings.reserve,
        ..ExportLimits::default()
    };
    // The slice's future is boxed: it is large, and Lambda's workers have small stacks.
    let ended = Box::pin(export_copy::export(Slice {
        ports: given.ports.for_slice(),
        due,
        holder: (given.holder)(),
        deadline: given.deadline,
        clock: given.clock,
        settings: &settings,
    }))
    .await;
    match ended {
        Ok(Ended::Finished(export)) if export.phase == Phase::Failed => {
            let code = export.failure.unwrap_or_default();
            metrics::add(Metric::ExportsFailed, 1);
            let alarm = alarm::ring_for_code(&Code::parse(&code));
            tracing::error!(code, alarm, "the export was given up");
            Fate::Consumed
        }
        Ok(Ended::Finished(export)) => {
            let (records, bytes) = (export.records, export.bytes);
            metrics::add(Metric::ExportsFinished, 1);
            tracing::info!(records, bytes, "the export is complete");
            Fate::Consumed
        }
        Ok(Ended::HandedOver { orders }) => {
            tracing::info!("the slice handed over to the next one");
            given.send_or_return(orders).await
        }
        Ok(Ended::Busy) => {
            tracing::info!("another slice holds the lease");
            Fate::Consumed
        }
        Ok(Ended::Stale) => {
            tracing::info!("nothing to do: the export or its generation has ended");
            Fate::Consumed
        }
        Err(fault) => {
            let (detail, alarm) = (fault.detail(), alarm::ring(&fault));
            tracing::warn!(code = %fault.code(), detail, alarm, "the slice of an export failed; the queue will redeliver the message");
            Fate::Returned
        }
    }
}
