//! `GET accounts`: a query's rows, page by page.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::page::{finished, link, selection, written};
use crate::dynamics::error::Refusal;
use crate::dynamics::fault::Fault;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::query::{Cookie, Query, counted, filter, orders};

/// Returns the query that a request asks for.
fn query(org: &Org, call: &Call, kind: Kind) -> Result<Query, Refusal> {
    let schema = &org.table(kind).schema;
    let wanted = call.param("$filter").map(|text| filter(schema, text));
    let order = call.param("$orderby").map(|text| orders(schema, text));
    Ok(Query::new(
        schema,
        wanted.transpose()?,
        order.transpose()?.unwrap_or_default(),
    ))
}

pub(super) fn answer(org: &Org, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    call.only(&[
        "$select",
        "$filter",
        "$orderby",
        "$top",
        "$count",
        "$expand",
        "$skiptoken",
        "$apply",
    ])?;
    if let Some(apply) = call.param("$apply") {
        let numbers = counted(org, kind, apply)?;
        let context = format!("{}$metadata#{}", call.root, kind.set());
        return Ok(Reply::value(
            &json!({ "@odata.context": context, "value": [numbers] }),
        ));
    }
    let query = query(org, call, kind)?;
    let selection = selection(org, call, kind)?;
    let schema = &org.table(kind).schema;
    let cookie = call
        .param("$skiptoken")
        .map(|text| Cookie::unwrap(text, schema, &query.orders))
        .transpose()?
        .map(|(cookie, _)| cookie);
    let top = call.param("$top").map(str::parse::<usize>).transpose();
    let top = top.map_err(|_| Refusal::query("Invalid value for $top."))?;
    let size = top
        .unwrap_or_else(|| call.prefer.page())
        .min(super::prefer::PAGE);
    let mut rows = query.rows(org, cookie.as_ref(), size.saturating_add(1));
    let has_more = rows.len() > size;
    rows.truncate(size);
    let mut more = Vec::new();
    if call.param("$count") == Some("true") {
        more = totals(org, call, &query);
    }
    if let Some(last) = rows.last().filter(|_| has_more && top.is_none()) {
        let page = cookie.as_ref().map_or(1, |cookie| cookie.page + 1);
        let next = Cookie::after(schema, &query.orders, last, page);
        let token = next.wrapped(schema, &query.orders, None);
        more.push((
            "@odata.nextLink",
            json!(link(call, kind, Some(("$skiptoken", &token)))),
        ));
    }
    match call.fault {
        Some(Fault::RepeatRecord) => rows.extend(rows.first().copied()),
        Some(Fault::OutOfOrder) => rows.chunks_exact_mut(2).for_each(|two| two.swap(0, 1)),
        Some(Fault::LeaveOut) => drop(rows.pop()),
        _ => {}
    }
    let body = written(org, call, kind, &rows, &selection, "");
    Ok(finished(call, body, more))
}

/// Returns the members about the number of all rows.
fn totals(org: &Org, call: &Call, query: &Query) -> Vec<(&'static str, Value)> {
    let limit = org.config.count_limit;
    let count = query.count(org, limit + 1);
    let annotations = &call.prefer.annotations;
    let mut members = vec![("@odata.count", json!(count.min(limit)))];
    if annotations.has("Microsoft.Dynamics.CRM.totalrecordcount") {
        members.push((
            "@Microsoft.Dynamics.CRM.totalrecordcount",
            json!(count.min(limit)),
        ));
    }
    if annotations.has("Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded") {
        members.push((
            "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded",
            json!(count > limit),
        ));
    }
    members
}

/// Answers `accounts/$count`: a bare number, which stops at a limit.
pub(super) fn count(org: &Org, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    call.only(&["$filter"])?;
    org.needs(kind, "Read")?;
    let limit = org.config.count_limit;
    let count = query(org, call, kind)?.count(org, limit).min(limit);
    Ok(Reply::number(count))
}
