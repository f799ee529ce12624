//! The CRM's time.

use jiff::Timestamp;

use super::CreateContext;
use crate::fault::Outcome;

/// The CRM's time. What it made is looked for by its own times of creation, and our clock may be minutes away from its clock.
///
/// # Errors
/// What the connector answers, where no answer of the CRM has told the time yet.
pub(super) async fn crm_clock(context: &CreateContext<'_>) -> Outcome<Timestamp> {
    match context.crm.usage().clock {
        Some(clock) => Ok(clock),
        None => context.crm.clock().await,
    }
}
