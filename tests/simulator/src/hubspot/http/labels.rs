//! The labels between two objects: `/crm/associations/{version}/{from}/{to}/labels`.

use serde_json::{Value, json};

use super::associations::Sides;
use super::call::{Answer, Body, Call, bad_json, json as answer_json, nothing};
use crate::hubspot::error::Refusal;
use crate::hubspot::labels::Named;
use crate::hubspot::state::State;

pub(super) fn answer(
    state: &State,
    call: &Call,
    sides: Sides,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    let mut portal = state.portal();
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let types = portal.link_types(sides.0, sides.1).into_iter();
            let results: Vec<Value> = types.map(|one| portal.described(one)).collect();
            Ok(answer_json(200, &json!({ "results": results })))
        }
        ("POST", []) => {
            let body = call.object()?;
            let both = portal.add_label(sides, named(&body, needed(&body, "name")?)?)?;
            let results = both.map(|one| portal.described(one));
            Ok(answer_json(200, &json!({ "results": results })))
        }
        ("PUT", []) => {
            let body = call.object()?;
            let id = body.get("associationTypeId").and_then(Value::as_u64);
            let id = id.and_then(|id| u16::try_from(id).ok());
            let id = id.ok_or_else(|| missing("associationTypeId"))?;
            portal.rename_label(sides, id, named(&body, "")?)?;
            Ok(nothing())
        }
        ("DELETE", [id]) => {
            if let Ok(id) = id.parse() {
                portal.remove_label(sides, id);
            }
            Ok(nothing())
        }
        _ => Err(Refusal::no_such_path()),
    }
}

fn named<'a>(body: &'a Body, name: &'a str) -> Result<Named<'a>, Refusal> {
    Ok(Named {
        name,
        text: needed(body, "label")?,
        back: body.get("inverseLabel").and_then(Value::as_str),
    })
}

fn needed<'a>(body: &'a Body, name: &str) -> Result<&'a str, Refusal> {
    let text = body.get(name).and_then(Value::as_str);
    text.ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Refusal {
    bad_json(&format!(
        "line 1, column 2. Some required fields were not set: [{name}]"
    ))
}
