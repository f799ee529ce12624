//! What answers with several rows share.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::shape::parse_expand;
use crate::dynamics::encode::{Selection, all_columns, member, record};
use crate::dynamics::error::Refusal;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::row::Row;

/// Returns what `$select`, `$expand` and the preferences say of the rows in an answer.
pub(super) fn selection(org: &Org, call: &Call, kind: Kind) -> Result<Selection, Refusal> {
    let schema = &org.table(kind).schema;
    let column = |name: &str| {
        let index = schema.wired(name);
        index.ok_or_else(|| Refusal::no_column(kind, name))
    };
    let named = call.select();
    let columns = match named.is_empty() {
        true => all_columns(schema),
        false => named.into_iter().map(column).collect::<Result<_, _>>()?,
    };
    let mut expands = Vec::new();
    for one in parse_expand(call.param("$expand").unwrap_or_default()) {
        let found = schema.navigation(&one.name);
        let (index, _) = found.ok_or_else(|| Refusal::no_column(kind, &one.name))?;
        expands.push((one.name, index, one.select));
    }
    Ok(Selection {
        columns,
        annotations: call.prefer.annotations.clone(),
        expands,
    })
}

/// Writes the beginning of an answer, up to the last row.
pub(super) fn written(
    org: &Org,
    call: &Call,
    kind: Kind,
    rows: &[&Arc<Row>],
    selection: &Selection,
    suffix: &str,
) -> Vec<u8> {
    let mut out = format!(
        "{{\"@odata.context\":{},\"value\":[",
        json!(context(call, kind, suffix))
    )
    .into_bytes();
    for (n, row) in rows.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        record(&mut out, org, &org.table(kind).schema, row, selection);
    }
    out
}

/// Returns the context of an answer about a table.
pub(super) fn context(call: &Call, kind: Kind, suffix: &str) -> String {
    let select = call.select().join(",");
    let select = if select.is_empty() {
        select
    } else {
        format!("({select})")
    };
    format!("{}$metadata#{}{select}{suffix}", call.root, kind.set())
}

/// Ends the list of rows and adds members.
pub(super) fn finished(call: &Call, mut out: Vec<u8>, more: Vec<(&'static str, Value)>) -> Reply {
    out.push(b']');
    for (name, value) in more {
        member(&mut out, name, value.to_string().as_bytes());
    }
    out.push(b'}');
    let reply = Reply::json(200, out);
    match call.prefer.applied.is_empty() {
        true => reply,
        false => reply.with("preference-applied", call.prefer.applied.join(",")),
    }
}

/// Returns a link with the query's options and a token of its own.
pub(super) fn link(call: &Call, kind: Kind, token: Option<(&str, &str)>) -> String {
    let kept = call
        .query
        .iter()
        .filter(|(name, _)| name != "$skiptoken" && name != "$deltatoken");
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let encoded = |text: &str| {
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        text.replace('+', "%20").replace("%2C", ",")
    };
    let pairs: Vec<String> = kept
        .chain(token)
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    format!("{}{}?{}", call.root, kind.set(), pairs.join("&"))
}
