//! `GET /crm/objects/{version}/{type}`: all records by ascending id, paged by `after`.

use std::ops::Bound;

use serde_json::json;

use super::call::{Answer, Call, bytes, kind as parsed_kind};
use super::read::{associated, history};
use crate::hubspot::encode::{Selection, named, record};
use crate::hubspot::error::Refusal;
use crate::hubspot::fault::Fault;
use crate::hubspot::kind::Kind;
use crate::hubspot::state::State;
use crate::hubspot::table::Table;

/// The most records on a page.
const PAGE: usize = 100;
const PAGE_WITH_HISTORY: usize = 50;
const USUAL_PAGE: usize = 10;

pub(super) fn answer(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    let traced = call.list("propertiesWithHistory");
    let limit = page(
        call,
        if traced.is_empty() {
            PAGE
        } else {
            PAGE_WITH_HISTORY
        },
    )?;
    let after: u64 = match call.param("after").filter(|after| !after.is_empty()) {
        Some(after) => after
            .parse()
            .map_err(|_| Refusal::invalid(format!("Invalid paging cursor: {after}")))?,
        None => 0,
    };
    let archived = call.flag("archived");
    let others = call
        .list("associations")
        .into_iter()
        .map(parsed_kind)
        .collect::<Result<Vec<Kind>, Refusal>>()?;
    for other in &others {
        call.needs(*other, false)?;
    }
    let portal = state.portal();
    let table = portal.table(kind);
    let now = portal.clock.now();
    let sensitive = call.reads_sensitive(kind);
    let traced = named(&table.schema, traced, sensitive);
    let selection = Selection::of(&table.schema, call.list("properties"), sensitive).and(&traced);
    let mut rows = table
        .by_id(Bound::Included(after), Bound::Unbounded)
        .filter(|row| match archived {
            true => Table::is_in_bin(row, now),
            false => row.archived.is_none(),
        });
    let mut page: Vec<_> = rows.by_ref().take(limit).collect();
    let next = rows.next().map(|row| row.id);
    match call.fault {
        Some(Fault::RepeatRecord) => page.extend(page.first().copied()),
        Some(Fault::OutOfOrder) => super::search::disorder(&mut page),
        _ => {}
    }
    let mut out = b"{\"results\":[".to_vec();
    for (n, row) in page.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        let mut more = associated(&portal, kind, row.id, &others);
        more.extend(history(table, row, &traced));
        record(
            &mut out,
            row,
            &table.schema,
            &selection,
            portal.config.behaviour,
            &more,
        );
    }
    out.push(b']');
    if let Some(next) = next {
        let link = format!("https://api.hubapi.com{}?after={next}", path(call, kind));
        let paging = json!({ "next": { "after": next.to_string(), "link": link } });
        out.extend_from_slice(format!(",\"paging\":{paging}").as_bytes());
    }
    out.push(b'}');
    Ok(bytes(200, "application/json;charset=utf-8", out))
}

/// Returns the path in the answer's links. The links name HubSpot's host, and clients must not follow them.
pub(super) fn path(call: &Call, kind: Kind) -> String {
    match call.version.as_str() {
        version if version.starts_with('v') => format!("/crm/{version}/objects/{}", kind.plural()),
        version => format!("/crm/objects/{version}/{}", kind.plural()),
    }
}

fn page(call: &Call, most: usize) -> Result<usize, Refusal> {
    let Some(text) = call.param("limit") else {
        return Ok(USUAL_PAGE);
    };
    match text.parse() {
        Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Refusal::invalid(format!(
            "Invalid limit {text}: it must be between 1 and {most}"
        ))),
    }
}
