//! `GET /crm/objects/{version}/{type}/{id}`, and the associations in answers about single records and lists.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call, bytes, kind as parsed_kind};
use crate::hubspot::encode::{Selection, record};
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::state::State;
use crate::hubspot::table::Table;
use crate::hubspot::types::LinkType;

pub(super) fn answer(state: &State, call: &Call, kind: Kind, key: &str) -> Result<Answer, Refusal> {
    let others = call
        .list("associations")
        .into_iter()
        .map(parsed_kind)
        .collect::<Result<Vec<Kind>, Refusal>>()?;
    let portal = state.portal();
    let table = portal.table(kind);
    let id = portal
        .find(kind, key, call.param("idProperty"))?
        .ok_or_else(Refusal::not_found)?;
    // The id of a merged record returns the survivor, with the survivor's own id.
    let id = table.survivor(id);
    let now = portal.clock.now();
    let row = table
        .get(id)
        .filter(|row| match call.flag("archived") {
            true => Table::is_in_bin(row, now),
            false => row.archived.is_none(),
        })
        .ok_or_else(Refusal::not_found)?;
    let asked = call.list("properties");
    let selection = Selection::of(&table.schema, asked, call.reads_sensitive(kind));
    let more = associated(&portal, kind, id, &others);
    let mut out = Vec::new();
    let behaviour = portal.config.behaviour;
    record(&mut out, row, &table.schema, &selection, behaviour, &more);
    Ok(bytes(200, "application/json;charset=utf-8", out))
}

/// Returns the member `associations`: per object the ids, once for each type, with paging of their own.
pub(super) fn associated(
    portal: &Portal,
    kind: Kind,
    id: u64,
    others: &[Kind],
) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Map::new();
    for other in others {
        let page = portal.config.association_page;
        let mut links = portal
            .links
            .of(kind, id, *other)
            .filter(|link| portal.live(*other, link.to).is_some());
        let results: Vec<Value> = links
            .by_ref()
            .take(page)
            .map(|link| json!({ "id": link.to.to_string(), "type": LinkType::find(link.type_id).map(|one| one.name) }))
            .collect();
        if results.is_empty() {
            continue;
        }
        let mut one = json!({ "results": results });
        if let Some(next) = links.next() {
            let link = format!(
                "https://api.hubapi.com/crm/v3/objects/{}/{id}/associations/{}?after={}",
                kind.plural(),
                other.plural(),
                next.to
            );
            one["paging"] = json!({ "next": { "after": next.to.to_string(), "link": link } });
        }
        all.insert(other.plural().to_owned(), one);
    }
    if all.is_empty() {
        return Vec::new();
    }
    vec![("associations", Value::Object(all).to_string().into_bytes())]
}
