//! The pipelines of deals and leads, and their stages.

use serde_json::{Value, json};

use super::call::{Answer, Call, json as answer_json};
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::state::State;

/// When the account was created.
const MADE: &str = "2024-01-08T09:00:00.000Z";

pub(super) fn answer(
    state: &State,
    call: &Call,
    kind: Kind,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    call.needs(kind, false)?;
    let pipeline = pipeline(state, kind).ok_or_else(Refusal::no_such_path)?;
    let named = |id: &str| pipeline["id"] == id;
    match rest {
        [] => Ok(answer_json(200, &json!({ "results": [pipeline] }))),
        [id] if named(id) => Ok(answer_json(200, &pipeline)),
        [id, "stages"] if named(id) => {
            Ok(answer_json(200, &json!({ "results": pipeline["stages"] })))
        }
        _ => Err(Refusal::not_found()),
    }
}

/// Returns the one pipeline, made from the choices of the properties for it and its stages.
fn pipeline(state: &State, kind: Kind) -> Option<Value> {
    let (pipeline, stage) = match kind {
        Kind::Deal => ("pipeline", "dealstage"),
        Kind::Lead => ("hs_pipeline", "hs_pipeline_stage"),
        _ => return None,
    };
    let portal = state.portal();
    let schema = &portal.table(kind).schema;
    let choices = |name: &str| Some(&schema.property(schema.find(name)?)?.choices);
    let of = choices(pipeline)?.first()?;
    let stages: Vec<Value> = choices(stage)?
        .iter()
        .enumerate()
        .map(|(n, choice)| {
            json!({
                "id": choice.value, "label": choice.label, "displayOrder": n, "metadata": metadata(kind, &choice.value), "archived": false,
                "createdAt": MADE, "updatedAt": MADE, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
            })
        })
        .collect();
    Some(json!({
        "id": of.value, "label": of.label, "displayOrder": 0, "stages": stages, "archived": false, "createdAt": MADE, "updatedAt": MADE,
    }))
}

/// Returns a stage's metadata. All values are texts, including numbers and booleans.
fn metadata(kind: Kind, stage: &str) -> Value {
    match (kind, stage) {
        (Kind::Deal, "closedwon") => json!({ "isClosed": "true", "probability": "1.0" }),
        (Kind::Deal, "closedlost") => json!({ "isClosed": "true", "probability": "0.0" }),
        (Kind::Deal, _) => json!({ "isClosed": "false", "probability": "0.4" }),
        _ => json!({ "leadState": if stage.starts_with("qual") { "QUALIFIED" } else { "OPEN" } }),
    }
}
