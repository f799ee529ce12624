//! What a grant may do, before it is used.

use domain::{change_settings, grant, preflight, progress::Forecast};

use super::{Call, Reply, http::Answered};

/// `GET /v1/integrations/{integration}/preflight`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let which = call.request.which(&call.caller.tenant)?;
    let ports = call.ports;
    let set = change_settings::read(&*ports.store, &*ports.keys, &which).await?;
    let (crm, _) = grant::open(
        ports.store.clone(),
        &*ports.keys,
        &*ports.crm,
        &set.integration,
        &(call.world.holder)(),
    )
    .await?;
    let scope = &set.integration.scope;
    let reports = ports.store.runs(scope, None, Forecast::REPORTS).await?;
    Reply::ok(preflight::preflight(&*crm, &set.settings, &reports).await?)
}
