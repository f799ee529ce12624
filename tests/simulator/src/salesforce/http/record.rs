//! `/sobjects`: describe, and single records by id or external id.

use serde_json::{Value, json};

use super::call::{Answer, Call, bytes, json, nothing};
use crate::salesforce::duplicates::Saving;
use crate::salesforce::error::Refusal;
use crate::salesforce::id::Id;
use crate::salesforce::org::Org;
use crate::salesforce::query::{Outcome, json_row, run};
use crate::salesforce::row::Row;
use crate::salesforce::soql::{Query, Select};
use crate::salesforce::state::State;
use crate::salesforce::table::Table;

/// Lists all objects.
pub(super) fn objects(state: &State, version: &str) -> Value {
    let org = state.org();
    let all: Vec<_> = org
        .tables
        .iter()
        .map(|table| table.schema.summary(version))
        .collect();
    json!({ "encoding": "UTF-8", "maxBatchSize": 200, "sobjects": all })
}

pub(super) fn object(state: &State, call: &Call, object: &str) -> Result<Answer, Refusal> {
    let org = state.org();
    let table = found(&org, object)?;
    Ok(json(
        200,
        &json!({ "objectDescribe": table.schema.summary(call.version()), "recentItems": [] }),
    ))
}

pub(super) fn describe(state: &State, call: &Call, object: &str) -> Result<Answer, Refusal> {
    let org = state.org();
    Ok(json(
        200,
        &found(&org, object)?.schema.describe(call.version()),
    ))
}

pub(super) fn create(state: &State, call: &Call, object: &str) -> Result<Answer, Refusal> {
    let id = writable(&mut state.org(), object)?.create(object, &call.object()?, saving(call))?;
    Ok(json(
        201,
        &json!({ "id": id.as_str(), "success": true, "errors": [] }),
    ))
}

pub(super) fn get(state: &State, call: &Call, object: &str, id: &str) -> Result<Answer, Refusal> {
    let org = state.org();
    let table = found(&org, object)?;
    let row = parsed(id)?;
    let row = match table.get(row) {
        Some(row) if row.deleted => return Err(Refusal::entity_is_deleted()),
        Some(row) => row,
        None if table.deletions.contains_key(&row) => return Err(Refusal::entity_is_deleted()),
        None => return Err(Refusal::not_found()),
    };
    written(table, call, row)
}

pub(super) fn get_external(
    state: &State,
    call: &Call,
    object: &str,
    field: &str,
    value: &str,
) -> Result<Answer, Refusal> {
    let org = state.org();
    let id = external(&org, object, field, value)?.ok_or_else(Refusal::not_found)?;
    let table = found(&org, object)?;
    written(table, call, table.get(id).ok_or_else(Refusal::not_found)?)
}

pub(super) fn update(
    state: &State,
    call: &Call,
    object: &str,
    id: &str,
) -> Result<Answer, Refusal> {
    writable(&mut state.org(), object)?.update(object, parsed(id)?, &call.object()?)?;
    Ok(nothing())
}

pub(super) fn delete(state: &State, object: &str, id: &str) -> Result<Answer, Refusal> {
    writable(&mut state.org(), object)?.delete(object, parsed(id)?, true)?;
    Ok(nothing())
}

pub(super) fn upsert(
    state: &State,
    call: &Call,
    object: &str,
    field: &str,
    value: &str,
) -> Result<Answer, Refusal> {
    let mut fields = call.object()?;
    if fields.keys().any(|name| name.eq_ignore_ascii_case(field)) {
        let message = format!("The {field} field should not be specified in the sobject data.");
        return Err(Refusal::on_fields("INVALID_FIELD", message, &[field]));
    }
    fields.insert(field.to_owned(), json!(value));
    let mut org = state.org();
    let (id, created) = upserted(&mut org, object, field, value, &fields, saving(call))?;
    Ok(json(
        if created { 201 } else { 200 },
        &json!({ "id": id.as_str(), "success": true, "errors": [], "created": created }),
    ))
}

/// Updates the record with an external id, or creates it.
pub(super) fn upserted(
    org: &mut Org,
    object: &str,
    field: &str,
    value: &str,
    fields: &serde_json::Map<String, Value>,
    saving: Saving,
) -> Result<(Id, bool), Refusal> {
    match external(org, object, field, value)? {
        Some(id) => org.update(object, id, fields).map(|()| (id, false)),
        None => org.create(object, fields, saving).map(|id| (id, true)),
    }
}

fn external(org: &Org, object: &str, field: &str, value: &str) -> Result<Option<Id>, Refusal> {
    let table = found(org, object)?;
    match table.schema.visible(field) {
        Some((_, field)) if field.kind == "id" => Ok(Some(parsed(value)?)),
        Some((index, field)) if field.external => Ok(table.by_external(index, value)),
        _ => Err(Refusal::new(
            404,
            "NOT_FOUND",
            format!("Provided external ID field does not exist or is not accessible: {field}"),
        )),
    }
}

/// Reads the client's header about duplicates.
pub(super) fn saving(call: &Call) -> Saving {
    call.header("sforce-duplicate-rule-header")
        .map(Saving::parse)
        .unwrap_or_default()
}

/// Parses an id in a path. An invalid one gives "not found".
pub(super) fn parsed(id: &str) -> Result<Id, Refusal> {
    Id::parse(id).ok_or_else(|| {
        Refusal::new(
            404,
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible: Id",
        )
    })
}

/// Returns a table. In a path, an unknown object is a resource that does not exist.
fn found<'a>(org: &'a Org, object: &str) -> Result<&'a Table, Refusal> {
    org.table(object).map_err(|_| Refusal::not_found())
}

fn writable<'a>(org: &'a mut Org, object: &str) -> Result<&'a mut Org, Refusal> {
    found(org, object)?;
    Ok(org)
}

fn written(table: &Table, call: &Call, row: &Row) -> Result<Answer, Refusal> {
    let all = || {
        table
            .schema
            .fields
            .iter()
            .filter(|field| !field.hidden)
            .map(|field| Select::Field(field.name.clone()))
            .collect()
    };
    let select = match call.param("fields") {
        Some(fields) => fields
            .split(',')
            .map(|name| Select::Field(name.trim().to_owned()))
            .collect(),
        None => all(),
    };
    let query = Query {
        select,
        object: table.schema.object.to_owned(),
        filter: None,
        order: Vec::new(),
        limit: Some(0),
        offset: 0,
    };
    let mut out = Vec::new();
    if let Outcome::Rows(snapshot) = run(table, &query, true)? {
        json_row(
            &mut out,
            table.schema.object,
            call.version(),
            &snapshot.columns,
            row,
        );
    }
    Ok(bytes(200, "application/json;charset=UTF-8", out))
}
