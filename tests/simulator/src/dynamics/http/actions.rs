//! Actions: Merge, QualifyLead.

use serde_json::{Value, json};

use super::call::{Body, Call, Reply};
use super::key::Key;
use crate::dynamics::error::Refusal;
use crate::dynamics::guid::Guid;
use crate::dynamics::kind::Kind;
use crate::dynamics::lifecycle::Becomes;
use crate::dynamics::org::Org;
use crate::dynamics::values::Columns;

/// Answers `POST Merge`.
pub(super) fn merge(org: &mut Org, call: &Call) -> Result<Reply, Refusal> {
    let body = call.object()?;
    let (kind, survivor) = reference(&body, "Target")?;
    let (other, loser) = reference(&body, "Subordinate")?;
    if kind != other {
        return Err(Refusal::query(
            "Target and Subordinate are of different types.",
        ));
    }
    if body.get("PerformParentingChecks").is_none() {
        return Err(Refusal::query(
            "The parameter 'PerformParentingChecks' is missing.",
        ));
    }
    let update = body.get("UpdateContent").and_then(Value::as_object);
    let mut update: Columns = update.cloned().unwrap_or_default();
    update.retain(|name, _| name != kind.id_column());
    org.whole(|org| org.merge(kind, survivor, loser, &update))?;
    Ok(Reply::nothing())
}

/// Reads a row that is named by its type and id.
fn reference(body: &Body, name: &str) -> Result<(Kind, Guid), Refusal> {
    let missing = || Refusal::query(format!("The parameter '{name}' is missing or incomplete."));
    let given = body.get(name).ok_or_else(missing)?;
    let of = given["@odata.type"].as_str().unwrap_or_default();
    let of = of
        .trim_start_matches('#')
        .strip_prefix("Microsoft.Dynamics.CRM.");
    let kind = of.and_then(Kind::of_logical).ok_or_else(missing)?;
    let id = given[kind.id_column()].as_str().and_then(Guid::parse);
    Ok((kind, id.ok_or_else(missing)?))
}

/// Answers an action on one row.
pub(super) fn bound(
    org: &mut Org,
    call: &Call,
    (kind, key): (Kind, &Key),
    action: &str,
) -> Result<Reply, Refusal> {
    let name = action
        .strip_prefix("Microsoft.Dynamics.CRM.")
        .unwrap_or(action);
    if (kind, name) != (Kind::Lead, "QualifyLead") {
        return Err(Refusal::no_segment(action));
    }
    let body = call.object()?;
    let flag = |name: &str| {
        let given = body.get(name).and_then(Value::as_bool);
        given.ok_or_else(|| Refusal::query(format!("The parameter '{name}' is missing.")))
    };
    let becomes = Becomes {
        account: flag("CreateAccount")?,
        contact: flag("CreateContact")?,
        opportunity: flag("CreateOpportunity")?,
    };
    let status = body.get("Status").and_then(Value::as_i64).unwrap_or(3);
    let lead = key.needed(org, kind)?;
    let made = org.whole(|org| org.qualify(lead, becomes, status))?;
    let one = |(kind, id): &(Kind, Guid)| {
        let of = format!("#Microsoft.Dynamics.CRM.{}", kind.logical());
        json!({ "@odata.type": of, kind.id_column(): id.to_string() })
    };
    let made: Vec<Value> = made.iter().map(one).collect();
    let context = format!(
        "{}$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)",
        call.root
    );
    Ok(Reply::value(
        &json!({ "@odata.context": context, "value": made }),
    ))
}
