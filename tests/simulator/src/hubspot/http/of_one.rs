//! The associations of one record: `/crm/objects/{version}/{type}/{id}/associations`.

use serde_json::{Value, json};

use super::associations::{associate, batch, ends};
use super::associations_v3;
use super::call::{Answer, Call, bad_json, json as answer_json, kind, nothing};
use super::write::id;
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::state::State;
use crate::hubspot::types::LinkType;

/// Answers the paths under `/crm/objects/{version}/{type}/{id}/associations`.
pub(super) fn answer(
    state: &State,
    call: &Call,
    (from_kind, from): (Kind, &str),
    rest: &[&str],
) -> Result<Answer, Refusal> {
    if call.version == "v3" {
        return associations_v3::of_one(state, call, (from_kind, from), rest);
    }
    let from = id(&json!(from))?;
    let mut portal = state.portal();
    match (call.method.as_str(), rest) {
        ("GET", [to]) => {
            let to = kind(to)?;
            call.needs(to, false)?;
            portal.needed(from_kind, from)?;
            let after = call.param("after").and_then(|after| after.parse().ok());
            let limit = call.param("limit").and_then(|limit| limit.parse().ok());
            let page = ends(&portal, (from_kind, to), from, after.unwrap_or(0), limit);
            let mut body = json!({ "results": page.to });
            if let Some(next) = page.next {
                body["paging"] = json!({ "next": { "after": next.to_string() } });
            }
            Ok(answer_json(200, &body))
        }
        ("PUT", ["default", to_kind, to]) => {
            let (to_kind, to) = (kind(to_kind)?, id(&json!(to))?);
            let plain = LinkType::plain(from_kind, to_kind).ok_or_else(Refusal::no_such_path)?;
            portal.associate(plain, from, to)?;
            let spec =
                json!({ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": plain.id });
            let result = json!({ "from": { "id": from.to_string() }, "to": { "id": to.to_string() }, "associationSpec": spec });
            Ok(batch(&portal, 200, vec![result], Vec::new()))
        }
        ("PUT", [to_kind, to]) => {
            let (to_kind, to) = (kind(to_kind)?, id(&json!(to))?);
            let types: Vec<Value> = serde_json::from_slice(&call.body)
                .map_err(|_| bad_json("line 1, column 1: a list is expected"))?;
            let result = associate(&mut portal, (from_kind, to_kind), (from, to), &types)?;
            Ok(answer_json(201, &result))
        }
        ("DELETE", [to_kind, to]) => {
            let (to_kind, to) = (kind(to_kind)?, id(&json!(to))?);
            portal.dissociate(from_kind, from, to_kind, to, None);
            Ok(nothing())
        }
        _ => Err(Refusal::no_such_path()),
    }
}
