//! Associations as v4 and the dated versions have them: read in batches of up to 1,000, create, archive, remove labels.

use serde_json::{Value, json};

use super::batch::trouble;
use super::call::{Answer, Body, Call, bad_json, json as answer_json, nothing};
use super::inputs::text;
use super::write::id;
use crate::hubspot::error::Refusal;
use crate::hubspot::fault::Fault;
use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::state::State;
use crate::hubspot::time;

/// The most inputs of a batch that reads, and of one that writes.
const READ: usize = 1_000;
const WRITE: usize = 2_000;

/// The two objects that a path names.
pub(super) type Sides = (Kind, Kind);

/// Answers the paths of batches under `/crm/associations/{version}/{from}/{to}`.
pub(super) fn answer(
    state: &State,
    call: &Call,
    (from, to): Sides,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    match (call.method.as_str(), rest) {
        ("POST", ["batch", "read"]) => read(state, call, (from, to)),
        ("POST", ["batch", "create"]) => create(state, call, (from, to)),
        ("POST", ["batch", "archive"]) => archive(state, call, (from, to)),
        ("POST", ["batch", "labels", "archive"]) => archive_labels(state, call, (from, to)),
        _ => Err(Refusal::no_such_path()),
    }
}

pub(super) fn inputs(body: &Body, most: usize) -> Result<&[Value], Refusal> {
    let inputs = body.get("inputs").and_then(Value::as_array);
    let inputs = inputs
        .ok_or_else(|| bad_json("line 1, column 2. Some required fields were not set: [inputs]"))?;
    if inputs.len() > most {
        return Err(Refusal::invalid(format!(
            "The maximum number of inputs in this batch request is {most}"
        )));
    }
    Ok(inputs)
}

fn read(state: &State, call: &Call, (from, to): Sides) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let portal = state.portal();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs(&body, READ)? {
        let key = text(&input["id"]);
        let after = input["after"].as_str().and_then(|after| after.parse().ok());
        let page = key
            .parse()
            .ok()
            .filter(|id| portal.live(from, *id).is_some())
            .map(|id| ends(&portal, (from, to), id, after.unwrap_or(0), None))
            .unwrap_or_default();
        if page.to.is_empty() {
            errors.push(none((from, to), &key));
            continue;
        }
        let mut result = json!({ "from": { "id": key }, "to": page.to });
        if let Some(next) = page.next {
            result["paging"] = json!({ "next": { "after": next.to_string() } });
        }
        results.push(result);
    }
    match &call.fault {
        Some(Fault::LeaveOut) => drop(results.pop()),
        Some(Fault::TroubleWithOne { category }) => errors.extend(results.pop().map(|one| {
            trouble(category).in_batch(&json!({ "fromObjectId": [one["from"]["id"]] }))
        })),
        _ => {}
    }
    Ok(batch(&portal, 200, results, errors))
}

/// Returns the error for a record without associations.
pub(super) fn none((from, to): Sides, id: &str) -> Value {
    let (from, to) = (from.singular(), to.singular());
    json!({
        "status": "error", "category": "OBJECT_NOT_FOUND", "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": format!("No {to} is associated with {from} {id}."),
        "context": { "fromObjectId": [id], "fromObjectType": [from], "toObjectType": [to] },
    })
}

/// One page of a record's associations.
#[derive(Default)]
pub(super) struct Page {
    pub(super) to: Vec<Value>,
    pub(super) next: Option<u64>,
}

/// Returns an id in the form of answers about associations.
fn shown(portal: &Portal, id: u64) -> Value {
    if portal.config.behaviour.numeric_association_ids {
        json!(id)
    } else {
        json!(id.to_string())
    }
}

pub(super) fn ends(
    portal: &Portal,
    (from, to): Sides,
    id: u64,
    after: u64,
    limit: Option<usize>,
) -> Page {
    let limit = limit.unwrap_or(portal.config.association_page);
    let ids = portal.ends(from, id, to);
    let mut ids = ids
        .into_iter()
        .filter(|end| *end >= after && portal.live(to, *end).is_some());
    let page: Vec<u64> = ids.by_ref().take(limit).collect();
    let one = |end: u64| {
        let types: Vec<Value> = portal
            .links
            .of(from, id, to)
            .filter(|link| link.to == end)
            .filter_map(|link| portal.link_type(link.key))
            .map(|one| portal.described(one))
            .collect();
        let end = shown(portal, end);
        json!({ "toObjectId": end, "associationTypes": types })
    };
    Page {
        to: page.into_iter().map(one).collect(),
        next: ids.next(),
    }
}

fn create(state: &State, call: &Call, sides: Sides) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let mut portal = state.portal();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs(&body, WRITE)? {
        let (from, to) = (id(&input["from"]["id"])?, id(&input["to"]["id"])?);
        let types = input["types"].as_array().cloned().unwrap_or_default();
        match associate(&mut portal, sides, (from, to), &types) {
            Ok(result) => results.push(result),
            Err(refusal) => {
                let context =
                    json!({ "fromObjectId": [from.to_string()], "toObjectId": [to.to_string()] });
                errors.push(refusal.in_batch(&context));
            }
        }
    }
    Ok(batch(&portal, 201, results, errors))
}

pub(super) fn associate(
    portal: &mut Portal,
    (from_kind, to_kind): Sides,
    (from, to): (u64, u64),
    types: &[Value],
) -> Result<Value, Refusal> {
    let mut labels = Vec::new();
    for given in types {
        let kind = portal.asked_type(given)?;
        if (kind.from, kind.to) != (from_kind, to_kind) {
            return Err(Refusal::invalid(format!(
                "Association type {} is not valid between {} and {}",
                kind.id,
                from_kind.type_id(),
                to_kind.type_id()
            )));
        }
        portal.associate(kind, from, to)?;
        let label = portal.described(kind)["label"].take();
        labels.extend(Some(label).filter(|label| !label.is_null()));
    }
    Ok(json!({
        "fromObjectTypeId": from_kind.type_id(), "fromObjectId": shown(portal, from), "toObjectTypeId": to_kind.type_id(), "toObjectId": shown(portal, to), "labels": labels,
    }))
}

fn archive(state: &State, call: &Call, (from_kind, to_kind): Sides) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let mut portal = state.portal();
    for input in inputs(&body, WRITE)? {
        let from = id(&input["from"]["id"])?;
        for to in input["to"].as_array().into_iter().flatten() {
            portal.dissociate(from_kind, from, to_kind, id(&to["id"])?, None);
        }
    }
    Ok(nothing())
}

fn archive_labels(
    state: &State,
    call: &Call,
    (from_kind, to_kind): Sides,
) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let mut portal = state.portal();
    for input in inputs(&body, WRITE)? {
        let (from, to) = (id(&input["from"]["id"])?, id(&input["to"]["id"])?);
        for given in input["types"].as_array().into_iter().flatten() {
            let kind = portal.asked_type(given)?;
            portal.dissociate(from_kind, from, to_kind, to, Some(kind));
        }
    }
    Ok(nothing())
}

/// Returns the answer of a batch, which is 207 if there are errors.
pub(super) fn batch(
    portal: &Portal,
    status: u16,
    results: Vec<Value>,
    errors: Vec<Value>,
) -> Answer {
    let now = time::text(portal.clock.now());
    let mut body =
        json!({ "status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now });
    if errors.is_empty() {
        return answer_json(status, &body);
    }
    body["numErrors"] = json!(errors.len());
    body["errors"] = Value::from(errors);
    answer_json(207, &body)
}
