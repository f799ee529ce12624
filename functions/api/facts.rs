//! What the operator says of the processing: generated from what is deployed and connected, so that it cannot be out of date.

use std::collections::BTreeSet;

use domain::{
    facts::{self, Deployment},
    integration::Integration,
    record::Object,
    settings::Settings,
};
use serde_json::json;

use super::{Call, Reply, routes::Answered};
use crate::problem::Problem;

/// `GET /v1/facts/processing`.
pub(super) async fn processing(call: &Call<'_>) -> Answered {
    call.request.query(&[])?;
    let integrations = integrations(call).await?;
    Reply::ok(facts::processing(&deployment(call), &integrations))
}

/// `GET /v1/facts/subprocessors`.
pub(super) async fn subprocessors(call: &Call<'_>) -> Answered {
    call.request.query(&[])?;
    Reply::ok(json!({"subprocessors": call.settings.subprocessors}))
}

/// `GET /v1/facts/retention`.
pub(super) async fn retention(call: &Call<'_>) -> Answered {
    call.request.query(&[])?;
    Reply::ok(json!({"retention": facts::retention(&deployment(call))}))
}

fn deployment<'a>(call: &'a Call<'_>) -> Deployment<'a> {
    Deployment {
        tenant: &call.caller.tenant,
        stage: &call.settings.stage,
        page_retention_days: call.settings.page_retention_days,
        log_retention_days: call.settings.log_retention_days,
        subprocessors: &call.settings.subprocessors,
    }
}

/// The tenant's integrations, each with the objects that are chosen.
async fn integrations(call: &Call<'_>) -> Result<Vec<(Integration, Vec<Object>)>, Problem> {
    let store = &call.world.ports.store;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = store
            .integrations(&call.caller.tenant, after.as_ref())
            .await?;
        for integration in page {
            let scope = &integration.scope;
            // Without a key there is nothing that could be copied.
            let chosen = match call.world.ports.keys.open(scope).await? {
                Some(keys) => Settings::open(&keys, scope, integration.settings.as_ref())?.objects,
                None => BTreeSet::new(),
            };
            all.push((integration, chosen.into_iter().collect()));
        }
        after = next;
        if after.is_none() {
            return Ok(all);
        }
    }
}
