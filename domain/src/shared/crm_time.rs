//! The CRM's time. Windows end and lookups begin by it, because our clock may differ from the CRM's by minutes.

use jiff::Timestamp;

use crate::{fault::Outcome, ports::Crm};

/// Returns the CRM's time, computed from its last response. A request for the time is sent only if no response has told it yet. The
/// result is never ahead of the CRM's clock, because it does not include the way of the response.
///
/// # Errors
/// The connector's fault, if the time had to be requested.
pub async fn now(crm: &dyn Crm) -> Outcome<Timestamp> {
    match crm.usage().clock {
        Some(clock) => Ok(clock),
        None => crm.clock().await,
    }
}
