//! Associations as v3 has them: each type has a name, and a record that has two types of association comes twice.

use serde_json::{Value, json};

use super::associations::{Sides, batch, inputs, none};
use super::call::{Answer, Call, json as answer_json, kind, nothing};
use super::inputs::text;
use super::list::path;
use super::read::{self, links};
use super::write::id;
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::state::State;
use crate::hubspot::types::LinkType;

/// The most inputs of a batch.
const READ: usize = 1_000;
const WRITE: usize = 2_000;

/// Answers the paths under `/crm/v3/associations/{from}/{to}`.
pub(super) fn answer(
    state: &State,
    call: &Call,
    (from, to): Sides,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    match (call.method.as_str(), rest) {
        ("GET", ["types"]) => {
            let portal = state.portal();
            let types = portal.link_types(from, to).into_iter();
            let one =
                |one: LinkType| json!({ "id": one.id.to_string(), "name": portal.type_name(one) });
            let results: Vec<Value> = types.map(one).collect();
            Ok(answer_json(200, &json!({ "results": results })))
        }
        ("POST", ["batch", "read"]) => read(state, call, (from, to)),
        ("POST", ["batch", "create"]) => create(state, call, (from, to)),
        ("POST", ["batch", "archive"]) => archive(state, call, (from, to)),
        _ => Err(Refusal::no_such_path()),
    }
}

fn read(state: &State, call: &Call, (from, to): Sides) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let portal = state.portal();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs(&body, READ)? {
        let key = text(&input["id"]);
        let record = key.parse().ok();
        let record = record.filter(|id| portal.live(from, *id).is_some());
        let found = record.and_then(|id| links(&portal, (from, id), to, 0));
        match found {
            Some(found) => {
                let mut result = json!({ "from": { "id": key }, "to": found.results });
                if let Some(next) = found.next {
                    result["paging"] = json!({ "next": { "after": next.to_string() } });
                }
                results.push(result);
            }
            None => errors.push(none((from, to), &key)),
        }
    }
    Ok(batch(&portal, 200, results, errors))
}

/// The two records and the type that an input names.
fn ends(
    portal: &Portal,
    (from, to): Sides,
    input: &Value,
) -> Result<(LinkType, u64, u64), Refusal> {
    let kind = portal.named_type(from, to, input["type"].as_str().unwrap_or_default())?;
    Ok((kind, id(&input["from"]["id"])?, id(&input["to"]["id"])?))
}

fn create(state: &State, call: &Call, sides: Sides) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let mut portal = state.portal();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs(&body, WRITE)? {
        let (kind, from, to) = ends(&portal, sides, input)?;
        match portal.associate(kind, from, to) {
            Ok(()) => results.push(input.clone()),
            Err(refusal) => {
                let context =
                    json!({ "fromObjectId": [from.to_string()], "toObjectId": [to.to_string()] });
                errors.push(refusal.in_batch(&context));
            }
        }
    }
    Ok(batch(&portal, 201, results, errors))
}

fn archive(state: &State, call: &Call, sides: Sides) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let mut portal = state.portal();
    for input in inputs(&body, WRITE)? {
        let (kind, from, to) = ends(&portal, sides, input)?;
        portal.dissociate(sides.0, from, sides.1, to, Some(kind));
    }
    Ok(nothing())
}

/// Answers the paths under `/crm/v3/objects/{type}/{id}/associations`.
pub(super) fn of_one(
    state: &State,
    call: &Call,
    (from_kind, key): (Kind, &str),
    rest: &[&str],
) -> Result<Answer, Refusal> {
    let from = id(&json!(key))?;
    match (call.method.as_str(), rest) {
        ("GET", [to]) => {
            let to = kind(to)?;
            call.needs(to, false)?;
            let portal = state.portal();
            portal.needed(from_kind, from)?;
            let after = call.param("after").and_then(|after| after.parse().ok());
            let found = links(&portal, (from_kind, from), to, after.unwrap_or(0));
            let mut body = json!({ "results": found.as_ref().map_or(&[][..], |all| &all.results) });
            if let Some(next) = found.and_then(|found| found.next) {
                let link = format!("https://api.hubapi.com{}/{from}", path(call, from_kind));
                let link = format!("{link}/associations/{}?after={next}", to.plural());
                body["paging"] = json!({ "next": { "after": next.to_string(), "link": link } });
            }
            Ok(answer_json(200, &body))
        }
        ("PUT" | "DELETE", [to_kind, to, name]) => {
            let (to_kind, to) = (kind(to_kind)?, id(&json!(to))?);
            let mut portal = state.portal();
            let wanted = portal.named_type(from_kind, to_kind, name)?;
            if call.method == "DELETE" {
                portal.dissociate(from_kind, from, to_kind, to, Some(wanted));
                return Ok(nothing());
            }
            portal.associate(wanted, from, to)?;
            drop(portal);
            read::answer(state, call, from_kind, key)
        }
        _ => Err(Refusal::no_such_path()),
    }
}
