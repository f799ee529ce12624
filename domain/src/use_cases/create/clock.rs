//! The CRM's time.

use jiff::Timestamp;

use super::CreateContext;
use crate::fault::Outcome;

/// Returns the CRM's time. Lookups compare the CRM's own times of creation, and our clock may differ from its clock by minutes.
///
/// # Errors
/// The connector's fault, if no answer of the CRM has stated the time yet.
pub(super) async fn crm_clock(context: &CreateContext<'_>) -> Outcome<Timestamp> {
    match context.crm.usage().clock {
        Some(clock) => Ok(clock),
        None => context.crm.clock().await,
    }
}
