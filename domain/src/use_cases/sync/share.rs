//! The share of the CRM's daily budget that the integration's runs may use. A run that has used it stops between two pages and
//! goes on when there is room again: the hourly rule looks.

use jiff::Timestamp;

use crate::{
    fault::Outcome,
    integration::Integration,
    progress::{Exhausted, Progress},
    standstill::{Standstill, Waiting},
    sync::{allotted::Allotted, context::Context},
};

/// Decides whether the slice may begin. If not, notes that the run waits.
///
/// # Errors
/// The faults of the CRM and of the store.
pub(super) async fn wait_before(
    context: &mut Context<'_>,
    integration: &Integration,
    progress: &[Progress],
    now: Timestamp,
) -> Outcome<Option<Waiting>> {
    let percent = context.settings.crm_share_percent;
    let mut allotted = Allotted::new(context.slice, integration, percent, progress);
    let exhausted = allotted.forbids_to_begin(&*context.crm, now).await?;
    context.allotted = Some(allotted);
    match exhausted {
        Some(exhausted) => {
            let earlier = integration.standstill.as_ref();
            note(context, earlier, now, &exhausted).await
        }
        None => Ok(None),
    }
}

/// Notes that the run waits, if the slice stopped because nothing is left of the share. `stands` is what the slice noted when it
/// began.
///
/// # Errors
/// The fault of the store.
pub(super) async fn wait_after(
    context: &Context<'_>,
    stands: Option<&Standstill>,
) -> Outcome<Option<Waiting>> {
    match context.exhausted() {
        Some(exhausted) => note(context, stands, context.last_look(), &exhausted).await,
        None => Ok(None),
    }
}

async fn note(
    context: &Context<'_>,
    earlier: Option<&Standstill>,
    now: Timestamp,
    exhausted: &Exhausted,
) -> Outcome<Option<Waiting>> {
    let slice = context.slice;
    let waiting = Standstill::waiting(earlier, &slice.due.run, now, exhausted);
    let store = &slice.ports.store;
    store
        .note_standstill(context.scope(), &slice.holder, &waiting)
        .await?;
    Ok(waiting.waits)
}
