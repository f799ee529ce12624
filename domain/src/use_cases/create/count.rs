//! Counts the records of a request in the tenant's allowance.

use super::{CreateContext, Request};
use crate::{allowance::Limit, fault::Outcome};

/// Counts the records. `id` names the request, so that one that is repeated at once counts once.
///
/// # Errors
/// Permanent: `allowance.used_up`. Otherwise the fault of the store.
pub(super) async fn count(context: &CreateContext<'_>, request: &Request, id: &str) -> Outcome<()> {
    let Some(admission) = context.admission() else {
        return Ok(());
    };
    let n = u32::try_from(request.items.len()).unwrap_or(u32::MAX);
    let limit = Limit::CreationsPerHour;
    admission.spend(context.store, limit, n, id).await
}
