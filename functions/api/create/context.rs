//! What a creation works with: the caller's connected integration, its CRM and its keys.

use domain::{create::CreateContext, grant, integration::Integration};
use futures::try_join;

use crate::{api::Call, problem::Problem};

/// Returns the integration that the request names.
///
/// # Errors
/// 404 if it is unknown, 409 or 410 if it is not connected.
pub(super) async fn connected(call: &Call<'_>) -> Result<Integration, Problem> {
    let which = call.request.which(&call.caller.tenant)?;
    let found = call.ports.store.integration(&which).await?;
    Ok(Integration::connected(found)?)
}

/// Opens the integration's CRM and keys.
///
/// # Errors
/// The faults of grant and keys.
pub(super) async fn open<'a>(
    call: &'a Call<'_>,
    integration: &'a Integration,
    clock: &'a (dyn Fn() -> jiff::Timestamp + Send + Sync),
) -> Result<CreateContext<'a>, Problem> {
    let ports = call.ports;
    let holder = (call.world.holder)();
    let tenant = &call.caller.tenant;
    // If the tenant's keys are lost, objections cannot be looked up. Then no record is created, whomever it names.
    let ((crm, keys), _) = try_join!(
        grant::open(
            ports.store.clone(),
            &*ports.keys,
            &*ports.crm,
            integration,
            &holder
        ),
        ports.keys.tenant_if_made(tenant),
    )?;
    Ok(CreateContext {
        store: &*ports.store,
        keyring: &*ports.keys,
        companies: &*ports.companies,
        integration,
        crm,
        keys,
        by: call.caller.user.clone(),
        holder,
        deadline: call.deadline,
        clock,
        allowance: Some(&call.settings.allowance),
    })
}
