//! What a grant may do, before it is used, and which fields there are.

use domain::{
    allowance::Limit,
    change_settings, grant,
    integration::Integration,
    ports::{Crm, FieldRights},
    preflight,
    progress::Forecast,
    record::Object,
};
use serde::Serialize;
use serde_json::json;

use super::{Call, Reply, allowed::spend, http::Answered};
use crate::problem::Problem;

/// The most characters of a label that are told. A CRM keeps shorter ones.
const LABEL: usize = 255;

/// `GET /v1/integrations/{integration}/preflight`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let which = call.request.which(&call.caller.tenant)?;
    let ports = call.ports;
    let set = change_settings::read(&*ports.store, &*ports.keys, &which).await?;
    let crm = opened(call, &set.integration).await?;
    let scope = &set.integration.scope;
    let reports = ports.store.runs(scope, None, Forecast::REPORTS).await?;
    Reply::ok(preflight::preflight(&*crm, &set.settings, &reports).await?)
}

/// `GET /v1/integrations/{integration}/fields`.
pub(super) async fn fields(call: &Call<'_>) -> Answered {
    let expected = "an object";
    let object = call.query.parsed("object", expected, Object::find)?;
    let object =
        object.ok_or_else(|| Problem::bad_request("it is missing").with_parameter("object"))?;
    let which = call.request.which(&call.caller.tenant)?;
    let found = call.ports.store.integration(&which).await?;
    let crm = opened(call, &Integration::connected(found)?).await?;
    let rights = crm.rights(object).await?.unwrap_or_default();
    let fields: Vec<Field<'_>> = rights.fields.iter().map(told).collect();
    Reply::ok(json!({"object": object, "fields": fields}))
}

/// Opens the CRM for a question, which counts in the allowance: whoever may only read could use up the CRM's budget by asking.
async fn opened(
    call: &Call<'_>,
    integration: &Integration,
) -> Result<std::sync::Arc<dyn Crm>, Problem> {
    spend(call, Limit::CrmQuestionsPerHour, 1).await?;
    open(call, integration).await
}

/// Opens the CRM for what the allowance has counted already.
pub(super) async fn open(
    call: &Call<'_>,
    integration: &Integration,
) -> Result<std::sync::Arc<dyn Crm>, Problem> {
    let ports = call.ports;
    let holder = (call.world.holder)();
    let (crm, _) = grant::open(
        ports.store.clone(),
        &*ports.keys,
        &*ports.crm,
        integration,
        &holder,
    )
    .await?;
    Ok(crm)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Field<'a> {
    name: &'a str,
    label: Option<&'a str>,
    /// Whether it can be set in a new record.
    settable: bool,
    required: bool,
}

fn told(field: &FieldRights) -> Field<'_> {
    Field {
        name: &field.name,
        label: field.label.as_deref().map(cut),
        settable: field.create,
        required: field.required,
    }
}

fn cut(label: &str) -> &str {
    let end = label.char_indices().nth(LABEL);
    end.map_or(label, |(end, _)| label.get(..end).unwrap_or(label))
}
