//! Single creates, updates, archiving, merging and `gdpr-delete`.

use serde_json::Value;

use super::call::{Answer, Body, Call, bad_json, bytes, nothing};
use crate::hubspot::associate::Wanted;
use crate::hubspot::encode::{Selection, record};
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::row::Row;
use crate::hubspot::state::{State, lock};
use crate::hubspot::write::Properties;
use crate::hubspot::writer::Writer;

pub(super) fn create(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    *lock(&state.sent) = call.body.clone();
    let body = call.object()?;
    let given = properties(&body)?;
    let mut portal = state.portal();
    let wanted = associations(&portal, body.get("associations"))?;
    let writer = writer(call);
    let row = portal.create(kind, given, &wanted, writer)?;
    Ok(written(&portal, call, kind, 201, &row, given))
}

pub(super) fn update(state: &State, call: &Call, kind: Kind, key: &str) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let given = properties(&body)?;
    let mut portal = state.portal();
    let id = portal
        .find(kind, key, call.param("idProperty"))?
        .ok_or_else(Refusal::not_found)?;
    let row = portal.update(kind, id, given, writer(call))?;
    Ok(written(&portal, call, kind, 200, &row, given))
}

/// Archives a record. The answer is the same if it does not exist.
pub(super) fn archive(state: &State, kind: Kind, id: &str) {
    if let Ok(id) = id.parse() {
        state.portal().archive(kind, id);
    }
}

pub(super) fn merge(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let id = |name: &str| {
        let text = body.get(name).and_then(Value::as_str);
        text.and_then(|text| text.parse::<u64>().ok())
            .ok_or_else(|| {
                bad_json(&format!(
                    "line 1, column 2. Some required fields were not set: [{name}]"
                ))
            })
    };
    let (primary, other) = (id("primaryObjectId")?, id("objectIdToMerge")?);
    let mut portal = state.portal();
    let new_id = portal.config.behaviour.merge_makes_new_id;
    let id = portal.merge(kind, primary, other, new_id)?;
    let row = std::sync::Arc::clone(portal.needed(kind, id)?);
    Ok(written(&portal, call, kind, 200, &row, &Properties::new()))
}

pub(super) fn gdpr_delete(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let key = text("objectId").ok_or_else(|| bad_json("objectId is missing"))?;
    let mut portal = state.portal();
    if let Some(id) = portal.find(Kind::Contact, key, text("idProperty"))? {
        portal.purge(Kind::Contact, id);
    }
    Ok(nothing())
}

/// Returns the writer of this request.
pub(super) fn writer(call: &Call) -> Writer {
    Writer::App {
        rules: call.has_rules(),
    }
}

pub(super) fn properties(body: &Body) -> Result<&Properties, Refusal> {
    body.get("properties")
        .and_then(Value::as_object)
        .ok_or_else(|| {
            bad_json("line 1, column 2. Some required fields were not set: [properties]")
        })
}

/// Returns the associations that a create requests.
pub(super) fn associations(portal: &Portal, given: Option<&Value>) -> Result<Vec<Wanted>, Refusal> {
    let mut wanted = Vec::new();
    for one in given.and_then(Value::as_array).into_iter().flatten() {
        let to = id(&one["to"]["id"])?;
        for kind in one["types"].as_array().into_iter().flatten() {
            wanted.push(Wanted {
                kind: portal.asked_type(kind)?,
                to,
            });
        }
    }
    Ok(wanted)
}

/// Parses an id that is a text or a number.
pub(super) fn id(given: &Value) -> Result<u64, Refusal> {
    match given {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
    .ok_or_else(|| Refusal::invalid(format!("Invalid object id: {given}")))
}

/// Returns the answer of a write: the written properties, and those that always come.
fn written(
    portal: &Portal,
    call: &Call,
    kind: Kind,
    status: u16,
    row: &Row,
    given: &Properties,
) -> Answer {
    let table = portal.table(kind);
    let names = given.keys().map(String::as_str);
    let selection = Selection::of(&table.schema, names, call.reads_sensitive(kind));
    let mut out = Vec::new();
    let behaviour = portal.config.behaviour;
    record(&mut out, row, &table.schema, &selection, behaviour, &[]);
    bytes(status, "application/json;charset=utf-8", out)
}
