//! `GET accounts?fetchXml=…`.

use serde_json::json;

use super::call::{Call, Reply};
use super::page::{finished, written};
use crate::dynamics::encode::{Selection, all_columns};
use crate::dynamics::error::Refusal;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::query::{Cookie, Fetch, numbers};

pub(super) fn answer(org: &Org, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let schema = &org.table(kind).schema;
    let fetch = Fetch::parse(schema, call.param("fetchXml").unwrap_or_default())?;
    if let Some(measures) = &fetch.aggregate {
        let numbers = numbers(org, &fetch.query, measures)?;
        let context = format!("{}$metadata#{}", call.root, kind.set());
        return Ok(Reply::value(
            &json!({ "@odata.context": context, "value": [numbers] }),
        ));
    }
    // Without a cookie the rows of earlier pages are passed over.
    let size = fetch.size.min(call.prefer.page());
    let skipped = match fetch.cookie {
        Some(_) => 0,
        None => size * (fetch.page.max(1) - 1) as usize,
    };
    let rows = fetch
        .query
        .rows(org, fetch.cookie.as_ref(), skipped + size + 1);
    let mut rows: Vec<_> = rows.into_iter().skip(skipped).collect();
    let has_more = rows.len() > size && !fetch.is_top;
    rows.truncate(size);
    let selection = Selection {
        columns: match fetch.columns.is_empty() {
            true => all_columns(schema),
            false => fetch.columns.clone(),
        },
        annotations: call.prefer.annotations.clone(),
        expands: Vec::new(),
    };
    let annotations = &call.prefer.annotations;
    let mut more = Vec::new();
    if fetch.totals {
        let limit = org.config.count_limit;
        let count = fetch.query.count(org, limit + 1);
        more.push((
            "@Microsoft.Dynamics.CRM.totalrecordcount",
            json!(count.min(limit)),
        ));
        more.push((
            "@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded",
            json!(count > limit),
        ));
    }
    if annotations.has("Microsoft.Dynamics.CRM.morerecords") {
        more.push(("@Microsoft.Dynamics.CRM.morerecords", json!(has_more)));
    }
    let last = rows.last().filter(|_| has_more);
    if let Some(last) =
        last.filter(|_| annotations.has("Microsoft.Dynamics.CRM.fetchxmlpagingcookie"))
    {
        let cookie = Cookie::after(schema, &fetch.query.orders, last, fetch.page);
        let text = cookie.wrapped(schema, &fetch.query.orders, None);
        more.push(("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", json!(text)));
    }
    let body = written(org, call, kind, &rows, &selection, "");
    Ok(finished(call, body, more))
}
