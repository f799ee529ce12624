//! Single rows: reading, creating, changing, deleting.

use serde_json::json;

use super::call::{Call, Reply};
use super::key::Key;
use super::page::{context, selection};
use crate::dynamics::encode::record;
use crate::dynamics::error::Refusal;
use crate::dynamics::guid::Guid;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::row::Row;
use crate::dynamics::values::Columns;
use crate::dynamics::write::Duplicates;

/// Returns whether duplicates are looked for. Without the header they are not.
pub(super) fn duplicates(call: &Call) -> Duplicates {
    match call.header("mscrm.suppressduplicatedetection") {
        Some(text) if text.eq_ignore_ascii_case("false") => Duplicates::Detected,
        _ => Duplicates::Suppressed,
    }
}

pub(super) fn get(org: &Org, call: &Call, kind: Kind, key: &Key) -> Result<Reply, Refusal> {
    org.needs(kind, "Read")?;
    call.only(&["$select", "$expand"])?;
    let id = key.needed(org, kind)?;
    let row = org.needed(kind, id)?;
    if call.header("if-none-match") == Some(tag(row).as_str()) {
        return Ok(Reply::json(304, Vec::new()));
    }
    shown(org, call, kind, row, 200)
}

fn tag(row: &Row) -> String {
    format!("W/\"{}\"", row.version)
}

/// Answers a row.
fn shown(org: &Org, call: &Call, kind: Kind, row: &Row, status: u16) -> Result<Reply, Refusal> {
    let selection = selection(org, call, kind)?;
    let mut body = format!(
        "{{\"@odata.context\":{},",
        json!(context(call, kind, "/$entity"))
    )
    .into_bytes();
    let mut members = Vec::new();
    record(&mut members, org, &org.table(kind).schema, row, &selection);
    body.extend_from_slice(&members[1..]);
    let reply = Reply::json(status, body).with("etag", tag(row));
    Ok(match call.prefer.applied.is_empty() {
        true => reply,
        false => reply.with("preference-applied", call.prefer.applied.join(",")),
    })
}

/// Answers that a row was written: with its address, or as it is now.
fn wrote(org: &Org, call: &Call, kind: Kind, row: &Row, status: u16) -> Result<Reply, Refusal> {
    let address = format!("{}{}({})", call.root, kind.set(), row.id);
    let reply = match call.prefer.representation {
        true => shown(org, call, kind, row, status)?,
        false => Reply::nothing(),
    };
    Ok(reply
        .with("odata-entityid", address.clone())
        .with("location", address))
}

pub(super) fn create(org: &mut Org, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let columns = call.object()?;
    let row = org.create(kind, None, &columns, duplicates(call))?;
    wrote(org, call, kind, &row, 201)
}

/// Changes a row, or creates it with the key of the path: which of both is allowed, the headers say.
pub(super) fn patch(org: &mut Org, call: &Call, kind: Kind, key: &Key) -> Result<Reply, Refusal> {
    let columns = call.object()?;
    let there = key.find(org, kind);
    let only_new = call.header("if-none-match").is_some_and(|tag| tag == "*");
    let wanted = call.header("if-match");
    match there {
        Some(_) if only_new => Err(org.taken()),
        Some(id) => {
            if let Some(wanted) = wanted {
                matches(org, kind, id, wanted)?;
            }
            let row = org.update(kind, id, &columns, duplicates(call))?;
            wrote(org, call, kind, &row, 200)
        }
        None if wanted.is_some() => Err(key.needed(org, kind).err().unwrap_or_else(|| org.taken())),
        None => {
            let (id, columns) = key.named(org, kind, columns);
            let row = org.create(kind, id, &columns, duplicates(call))?;
            wrote(org, call, kind, &row, 201)
        }
    }
}

/// Refuses a change of another version than the one that the client knows.
fn matches(org: &Org, kind: Kind, id: Guid, wanted: &str) -> Result<(), Refusal> {
    let row = org.needed(kind, id)?;
    if wanted == "*" || wanted == tag(row) {
        Ok(())
    } else {
        Err(Refusal::other_version())
    }
}

pub(super) fn delete(org: &mut Org, call: &Call, kind: Kind, key: &Key) -> Result<Reply, Refusal> {
    let id = key.needed(org, kind)?;
    if let Some(wanted) = call.header("if-match") {
        matches(org, kind, id, wanted)?;
    }
    org.delete(kind, id)?;
    Ok(Reply::nothing())
}

/// Sets one column: `PUT accounts(…)/name`.
pub(super) fn put(
    org: &mut Org,
    call: &Call,
    (kind, key): (Kind, &Key),
    column: &str,
) -> Result<Reply, Refusal> {
    let mut body = call.object()?;
    let value = body.remove("value").unwrap_or_default();
    set(org, call, (kind, key), column, value)
}

/// Empties one column: `DELETE accounts(…)/name`.
pub(super) fn clear(
    org: &mut Org,
    call: &Call,
    (kind, key): (Kind, &Key),
    column: &str,
) -> Result<Reply, Refusal> {
    set(org, call, (kind, key), column, serde_json::Value::Null)
}

fn set(
    org: &mut Org,
    call: &Call,
    (kind, key): (Kind, &Key),
    column: &str,
    value: serde_json::Value,
) -> Result<Reply, Refusal> {
    let id = key.needed(org, kind)?;
    let columns = Columns::from_iter([(column.to_owned(), value)]);
    org.update(kind, id, &columns, duplicates(call))?;
    Ok(Reply::nothing())
}
