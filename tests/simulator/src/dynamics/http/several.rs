//! Actions on a set: CreateMultiple, UpdateMultiple and UpsertMultiple, each one transaction.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::key;
use super::record::duplicates;
use crate::dynamics::error::Refusal;
use crate::dynamics::guid::Guid;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::values::Columns;

pub(super) fn answer(
    org: &mut Org,
    call: &Call,
    kind: Kind,
    action: &str,
) -> Result<Reply, Refusal> {
    let name = action
        .strip_prefix("Microsoft.Dynamics.CRM.")
        .unwrap_or(action);
    let name = name.trim_end_matches("()");
    let targets = targets(call, kind);
    match name {
        "CreateMultiple" => {
            let targets = targets?;
            let ids = org.whole(|org| {
                let one = |columns: &Columns| {
                    let row = org.create(kind, None, columns, duplicates(call));
                    row.map(|row| row.id.to_string())
                };
                targets.iter().map(one).collect::<Result<Vec<_>, _>>()
            })?;
            let context = format!(
                "{}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse",
                call.root
            );
            Ok(Reply::value(
                &json!({ "@odata.context": context, "Ids": ids }),
            ))
        }
        "UpdateMultiple" => {
            let targets = targets?;
            org.whole(|org| {
                for columns in &targets {
                    let id = columns.get(kind.id_column()).and_then(Value::as_str);
                    let id = id.and_then(Guid::parse);
                    let id = id.ok_or_else(|| Refusal::payload(kind, "The id is missing."))?;
                    org.update(kind, id, columns, duplicates(call))?;
                }
                Ok(())
            })?;
            Ok(Reply::nothing())
        }
        "UpsertMultiple" => {
            let targets = targets?;
            org.whole(|org| {
                for columns in &targets {
                    upsert(org, call, kind, columns)?;
                }
                Ok(())
            })?;
            Ok(Reply::nothing())
        }
        _ => Err(Refusal::no_segment(action)),
    }
}

/// Changes the row that `@odata.id` names, or creates it.
fn upsert(org: &mut Org, call: &Call, kind: Kind, columns: &Columns) -> Result<(), Refusal> {
    let address = columns.get("@odata.id").and_then(Value::as_str);
    let (set, inner) = key::split(address.unwrap_or_default().trim_start_matches('/'));
    let inner = inner.filter(|_| set == kind.set());
    let inner =
        inner.ok_or_else(|| Refusal::payload(kind, "@odata.id is missing or of another set."))?;
    let key = key::parse(org, kind, inner)?;
    match key.find(org, kind) {
        Some(id) => org.update(kind, id, columns, duplicates(call))?,
        None => {
            let (id, columns) = key.named(org, kind, columns.clone());
            org.create(kind, id, &columns, duplicates(call))?
        }
    };
    Ok(())
}

/// Returns the rows of `Targets`. Each has to say its type.
fn targets(call: &Call, kind: Kind) -> Result<Vec<Columns>, Refusal> {
    let body = call.object()?;
    let all = body.get("Targets").and_then(Value::as_array);
    let all = all.ok_or_else(|| Refusal::payload(kind, "Targets is missing."))?;
    let wanted = format!("Microsoft.Dynamics.CRM.{}", kind.logical());
    let one = |value: &Value| {
        let of = value["@odata.type"].as_str().unwrap_or_default();
        if of.trim_start_matches('#') != wanted {
            return Err(Refusal::payload(
                kind,
                &format!("The type '{of}' does not fit."),
            ));
        }
        Ok(value.as_object().cloned().unwrap_or_default())
    };
    all.iter().map(one).collect()
}
