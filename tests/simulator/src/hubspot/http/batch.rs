//! Batches of at most 100: read, create, update, archive. Results come in an unrelated order.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{Answer, Call, bytes, nothing};
use super::inputs::{inputs, one_input, text, texts, too_many, trace, traces};
use super::read::history;
use super::write::{associations, writer};
use crate::hubspot::encode::{Selection, named, record};
use crate::hubspot::error::Refusal;
use crate::hubspot::fault::Fault;
use crate::hubspot::kind::Kind;
use crate::hubspot::portal::Portal;
use crate::hubspot::row::Row;
use crate::hubspot::state::{State, lock};
use crate::hubspot::table::Table;
use crate::hubspot::time;

/// The most inputs of a batch that reads earlier values, too.
const INPUTS_WITH_HISTORY: usize = 50;

/// One result: the record, and further members of its answer.
pub(super) type One = (Arc<Row>, Vec<(&'static str, Vec<u8>)>);

pub(super) fn read(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let inputs = inputs(&body)?;
    let key = body.get("idProperty").and_then(Value::as_str);
    let portal = state.portal();
    let table = portal.table(kind);
    let sensitive = call.reads_sensitive(kind);
    let traced = named(
        &table.schema,
        texts(&body, "propertiesWithHistory"),
        sensitive,
    );
    if !traced.is_empty() && inputs.len() > INPUTS_WITH_HISTORY {
        return Err(too_many(INPUTS_WITH_HISTORY));
    }
    let now = portal.clock.now();
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for input in inputs {
        let text = text(&input["id"]);
        let mut id = portal.find(kind, &text, key)?;
        if portal.config.behaviour.batch_read_follows_merges {
            id = id.map(|id| table.survivor(id));
        }
        let row = id.and_then(|id| table.get(id));
        let row = row.filter(|row| match call.flag("archived") {
            true => Table::is_in_bin(row, now),
            false => row.archived.is_none(),
        });
        match row {
            Some(row) => found.push((
                Arc::clone(row),
                history(table, row, &traced).into_iter().collect(),
            )),
            None => missing.push(text),
        }
    }
    let asked = texts(&body, "properties");
    let selection = Selection::of(&table.schema, asked, sensitive).and(&traced);
    let mut errors = if missing.is_empty() {
        Vec::new()
    } else {
        let object = kind.singular().to_uppercase();
        let message = format!(
            "Could not get some {object} objects, they may be deleted or not exist. Check that ids are valid."
        );
        let refusal = Refusal::new(404, "OBJECT_NOT_FOUND", message);
        vec![refusal.in_batch(&json!({ "ids": missing }))]
    };
    found.dedup_by_key(|one: &mut One| one.0.id);
    match &call.fault {
        Some(Fault::LeaveOut) => drop(found.pop()),
        Some(Fault::TroubleWithOne { category }) => {
            errors.extend(found.pop().map(|(row, _)| {
                trouble(category).in_batch(&json!({ "ids": [row.id.to_string()] }))
            }))
        }
        _ => {}
    }
    Ok(results(&portal, kind, 200, found, &selection, &errors))
}

/// Returns HubSpot's own trouble with one record.
pub(super) fn trouble(category: &str) -> Refusal {
    Refusal::new(500, category, "There was a problem with one record.")
}

pub(super) fn create(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    *lock(&state.sent) = call.body.clone();
    let body = call.object()?;
    let inputs = inputs(&body)?;
    let traced = traces(inputs);
    let mut portal = state.portal();
    let tells = portal.config.behaviour.tells_traces;
    let let_down = match &call.fault {
        Some(Fault::TroubleWithOne { category }) => Some(category.clone()),
        _ => None,
    };
    let mut made: Vec<One> = Vec::new();
    let mut errors = Vec::new();
    let mut names = Vec::new();
    for input in inputs {
        let outcome = one_input(input).and_then(|given| {
            names.extend(given.keys().cloned());
            let wanted = associations(&portal, input.get("associations"))?;
            portal.create(kind, given, &wanted, writer(call))
        });
        match outcome {
            Ok(_) if let_down.is_some() && errors.is_empty() => {
                let context = json!({ "objectWriteTraceId": [input["objectWriteTraceId"]] });
                let refusal = let_down.as_deref().map(trouble);
                errors.extend(refusal.map(|refusal| refusal.in_batch(&context)));
            }
            Ok(row) if tells => made.push((row, trace(input))),
            Ok(row) => made.push((row, Vec::new())),
            Err(refusal) if traced => {
                let context = json!({ "objectWriteTraceId": [input["objectWriteTraceId"]] });
                errors.push(refusal.in_batch(&if tells { context } else { json!({}) }));
            }
            Err(refusal) => {
                // Nothing of the batch stays, and the answer names only the first bad input.
                for (row, _) in &made {
                    portal.purge(kind, row.id);
                }
                return Err(refusal);
            }
        }
    }
    let names = names.iter().map(String::as_str);
    let selection = Selection::of(&portal.table(kind).schema, names, true);
    Ok(results(&portal, kind, 201, made, &selection, &errors))
}

pub(super) fn update(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let inputs = inputs(&body)?;
    let traced = traces(inputs);
    let mut portal = state.portal();
    let mut done: Vec<One> = Vec::new();
    let mut errors = Vec::new();
    let mut missing = Vec::new();
    let mut names = Vec::new();
    for input in inputs {
        let text = text(&input["id"]);
        let key = input["idProperty"].as_str();
        let Some(id) = portal
            .find(kind, &text, key)?
            .filter(|id| portal.live(kind, *id).is_some())
        else {
            missing.push(text);
            continue;
        };
        let given = one_input(input)?;
        names.extend(given.keys().cloned());
        match portal.update(kind, id, given, writer(call)) {
            Ok(row) => done.push((row, trace(input))),
            Err(refusal) if traced => {
                let context = json!({ "objectWriteTraceId": [input["objectWriteTraceId"]] });
                errors.push(refusal.in_batch(&context));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    if !missing.is_empty() {
        let object = kind.singular().to_uppercase();
        let message = format!(
            "Could not get some {object} objects, they may be deleted or not exist. Check that ids are valid."
        );
        let refusal = Refusal::new(404, "OBJECT_NOT_FOUND", message);
        errors.push(refusal.in_batch(&json!({ "ids": missing })));
    }
    let names = names.iter().map(String::as_str);
    let selection = Selection::of(&portal.table(kind).schema, names, true);
    Ok(results(&portal, kind, 200, done, &selection, &errors))
}

pub(super) fn archive(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let mut portal = state.portal();
    for input in inputs(&body)? {
        if let Ok(id) = text(&input["id"]).parse() {
            portal.archive(kind, id);
        }
    }
    Ok(nothing())
}

/// Returns the answer of a batch, which is 207 if there are errors.
pub(super) fn results(
    portal: &Portal,
    kind: Kind,
    status: u16,
    mut all: Vec<One>,
    selection: &Selection,
    errors: &[Value],
) -> Answer {
    // HubSpot promises no order. A client that relies on one should fail here.
    all.sort_by_key(|(row, _)| row.id.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let table = portal.table(kind);
    let behaviour = portal.config.behaviour;
    let mut out = b"{\"status\":\"COMPLETE\",\"results\":[".to_vec();
    for (n, (row, more)) in all.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        record(&mut out, row, &table.schema, selection, behaviour, more);
    }
    out.push(b']');
    if !errors.is_empty() {
        let errors = json!(errors);
        let n = errors.as_array().map_or(0, Vec::len);
        out.extend_from_slice(format!(",\"numErrors\":{n},\"errors\":{errors}").as_bytes());
    }
    let now = time::text(portal.clock.now());
    out.extend_from_slice(
        format!(",\"startedAt\":\"{now}\",\"completedAt\":\"{now}\"}}").as_bytes(),
    );
    let status = if errors.is_empty() { status } else { 207 };
    bytes(status, "application/json;charset=utf-8", out)
}
