//! `GET /crm/objects/{version}/{type}/{id}`, and the associations in answers about single records and lists.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call, bytes, kind as parsed_kind};
use crate::hubspot::encode::{Selection, named, record};
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::links::Link;
use crate::hubspot::portal::Portal;
use crate::hubspot::row::Row;
use crate::hubspot::state::State;
use crate::hubspot::table::Table;

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
    let (asked, sensitive) = (call.list("properties"), call.reads_sensitive(kind));
    let traced = call.list("propertiesWithHistory");
    let traced = named(&table.schema, traced, sensitive);
    let selection = Selection::of(&table.schema, asked, sensitive).and(&traced);
    let mut more = associated(&portal, kind, id, &others);
    more.extend(history(table, row, &traced));
    let mut out = Vec::new();
    let behaviour = portal.config.behaviour;
    record(&mut out, row, &table.schema, &selection, behaviour, &more);
    Ok(bytes(200, "application/json;charset=utf-8", out))
}

/// Returns the member `propertiesWithHistory`, if it is asked for.
pub(super) fn history(table: &Table, row: &Row, traced: &[u16]) -> Option<(&'static str, Vec<u8>)> {
    let told = || table.history.told(row, &table.schema, traced);
    let told = (!traced.is_empty()).then(told)?;
    Some(("propertiesWithHistory", told.to_string().into_bytes()))
}

/// One page of a record's associations, by the names of their types.
pub(super) struct Links {
    pub(super) results: Vec<Value>,
    /// The record with which the next page begins.
    pub(super) next: Option<u64>,
}

/// Returns a page of the associations of a record from a record on: each id once for each type. `None` if there are none.
pub(super) fn links(
    portal: &Portal,
    (kind, id): (Kind, u64),
    other: Kind,
    after: u64,
) -> Option<Links> {
    let page = portal.config.association_page;
    let mut links = portal
        .links
        .of(kind, id, other)
        .filter(|link| link.to >= after && portal.live(other, link.to).is_some());
    let one = |link: Link| {
        let name = portal.link_type(link.key).map(|one| portal.type_name(one));
        json!({ "id": link.to.to_string(), "type": name })
    };
    let results: Vec<Value> = links.by_ref().take(page).map(one).collect();
    let next = links.next().map(|link| link.to);
    (!results.is_empty()).then_some(Links { results, next })
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
        let Some(found) = links(portal, (kind, id), *other, 0) else {
            continue;
        };
        let mut one = json!({ "results": found.results });
        if let Some(next) = found.next {
            let link = format!(
                "https://api.hubapi.com/crm/v3/objects/{}/{id}/associations/{}?after={next}",
                kind.plural(),
                other.plural(),
            );
            one["paging"] = json!({ "next": { "after": next.to_string(), "link": link } });
        }
        all.insert(other.plural().to_owned(), one);
    }
    if all.is_empty() {
        return Vec::new();
    }
    vec![("associations", Value::Object(all).to_string().into_bytes())]
}
