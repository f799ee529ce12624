//! Actions on a set: CreateMultiple and UpdateMultiple, each one transaction.

use serde_json::{Value, json};

use super::call::{Call, Reply};
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
        _ => Err(Refusal::no_segment(action)),
    }
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
