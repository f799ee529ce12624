//! Integrations: what there is, and how each stands.

use domain::{
    fault::Fault,
    integration::{Integration, Status},
};
use jiff::Timestamp;
use serde::Serialize;

use super::{Call, Reply, routes::Answered};

/// `GET /v1/integrations/{integration}`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let which = call.request.which(&call.caller.tenant)?;
    let store = &call.world.ports.store;
    let integration = store
        .integration(&which)
        .await?
        .ok_or_else(|| Fault::lasting("integration.unknown"))?;
    Reply::ok(Shown::of(&integration))
}

/// An integration, as the frontend sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    integration: String,
    provider: &'static str,
    organisation: String,
    status: Status,
    generation: u32,
    next_run: Option<Timestamp>,
    open_run: Option<String>,
}

impl Shown {
    fn of(integration: &Integration) -> Self {
        Self {
            integration: integration.scope.integration.to_string(),
            provider: integration.provider.name(),
            organisation: integration.organisation.clone(),
            status: integration.status,
            generation: integration.scope.generation.0,
            next_run: (integration.status == Status::Connected).then_some(integration.due),
            open_run: integration.open_run.as_ref().map(|run| run.id.to_string()),
        }
    }
}
