//! What the operator states about the processing. `domain::facts` lists where each part of it is read.

use std::collections::BTreeSet;

use domain::{
    facts::{self, Accountable, Deployment},
    integration::Integration,
    record::Object,
    settings::Settings,
};
use serde_json::json;

use super::{
    Call, Reply,
    http::{Answered, Changed},
};
use crate::problem::Problem;

/// `GET /v1/facts/processing`.
pub(super) async fn processing(call: &Call<'_>) -> Answered {
    let integrations = integrations(call).await?;
    Reply::ok(facts::processing(
        &deployment(call, stated(call).await?),
        &integrations,
    ))
}

/// `GET /v1/facts/controller`.
pub(super) async fn controller(call: &Call<'_>) -> Answered {
    Reply::ok(stated(call).await?)
}

/// `PUT /v1/facts/controller`.
pub(super) async fn put_controller(call: &Call<'_>) -> Changed {
    let stated: Accountable = call.request.json()?;
    stated.check()?;
    let noted = call.note().await?;
    let ports = call.ports;
    facts::put_controller(&*ports.store, &*ports.keys, &call.caller.tenant, &stated).await?;
    Ok((Reply::ok(stated)?, noted))
}

/// `GET /v1/facts/subprocessors`.
pub(super) async fn subprocessors(call: &Call<'_>) -> Answered {
    Reply::ok(json!({"subprocessors": call.settings.subprocessors}))
}

/// `GET /v1/facts/retention`.
pub(super) async fn retention(call: &Call<'_>) -> Answered {
    Reply::ok(json!({"retention": facts::retention(&deployment(call, Accountable::default()))}))
}

/// Reads what the tenant says about itself.
async fn stated(call: &Call<'_>) -> Result<Accountable, Problem> {
    let ports = call.ports;
    Ok(facts::controller(&*ports.store, &*ports.keys, &call.caller.tenant).await?)
}

fn deployment<'a>(call: &'a Call<'_>, controller: Accountable) -> Deployment<'a> {
    Deployment {
        tenant: &call.caller.tenant,
        controller,
        stage: &call.settings.stage,
        region: &call.settings.region,
        processor: &call.settings.processor,
        transfers: &call.settings.transfers,
        organisational_measures: &call.settings.organisational_measures,
        page_retention_days: call.settings.page_retention_days,
        log_retention_days: call.settings.log_retention_days,
        subprocessors: &call.settings.subprocessors,
    }
}

/// Lists the tenant's integrations, each with the objects that are chosen.
async fn integrations(call: &Call<'_>) -> Result<Vec<(Integration, Vec<Object>)>, Problem> {
    let store = &call.ports.store;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = store
            .integrations(&call.caller.tenant, after.as_ref())
            .await?;
        for integration in page {
            let scope = &integration.scope;
            // Without a key nothing can be copied.
            let chosen = match call.ports.keys.open(scope).await? {
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
