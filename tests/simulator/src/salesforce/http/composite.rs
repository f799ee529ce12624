//! `/composite/sobjects`: up to 200 records in one request.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call, json};
use super::record::{parsed, saving, upserted};
use crate::salesforce::error::Refusal;
use crate::salesforce::id::Id;
use crate::salesforce::org::Org;
use crate::salesforce::state::{State, lock};

/// The most records in one request.
const MOST: usize = 200;
/// The most groups of one type in one request.
const MOST_CHUNKS: usize = 10;

type Outcome = Result<(Id, Option<bool>), Refusal>;
type Fields = Map<String, Value>;

pub(super) fn create(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let saving = saving(call);
    *lock(&state.sent) = call.body.clone();
    each(state, call, |org, object, fields| {
        Ok((org.create(object, fields, saving)?, None))
    })
}

pub(super) fn update(state: &State, call: &Call) -> Result<Answer, Refusal> {
    each(state, call, |org, object, fields| {
        let mut fields = fields.clone();
        let id = fields.remove("id").or_else(|| fields.remove("Id"));
        let missing = || {
            Refusal::on_fields(
                "MISSING_ARGUMENT",
                "Id not specified in an update call",
                &["Id"],
            )
        };
        let id = parsed(id.as_ref().and_then(Value::as_str).ok_or_else(missing)?)?;
        org.update(object, id, &fields)?;
        Ok((id, None))
    })
}

pub(super) fn upsert(
    state: &State,
    call: &Call,
    object: &str,
    field: &str,
) -> Result<Answer, Refusal> {
    let saving = saving(call);
    each(state, call, |org, named, fields| {
        if !named.eq_ignore_ascii_case(object) {
            return Err(Refusal::on_fields(
                "INVALID_TYPE",
                "all records must be of the type in the path",
                &[],
            ));
        }
        let missing = || {
            Refusal::on_fields(
                "MISSING_ARGUMENT",
                format!("{field} not specified"),
                &[field],
            )
        };
        let value = fields
            .get(field)
            .and_then(Value::as_str)
            .ok_or_else(missing)?;
        upserted(org, object, field, value, fields, saving).map(|(id, created)| (id, Some(created)))
    })
}

pub(super) fn delete(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let ids: Vec<_> = call
        .param("ids")
        .unwrap_or_default()
        .split(',')
        .filter(|id| !id.is_empty())
        .collect();
    if ids.len() > MOST {
        return Err(too_many());
    }
    let mut org = state.org();
    let all_or_none = call.param("allOrNone") == Some("true");
    let outcomes = run(&mut org, all_or_none, ids, |org, id| {
        let id = parsed(id)?;
        let object = org.object_of(id).ok_or_else(|| {
            Refusal::on_fields(
                "INVALID_CROSS_REFERENCE_KEY",
                "invalid cross reference id",
                &[],
            )
        })?;
        org.delete(object, id, true)?;
        Ok((id, None))
    });
    Ok(answer(outcomes))
}

fn each(
    state: &State,
    call: &Call,
    mut one: impl FnMut(&mut Org, &str, &Fields) -> Outcome,
) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let records = body
        .get("records")
        .and_then(Value::as_array)
        .ok_or_else(|| Refusal::new(400, "JSON_PARSER_ERROR", "records is missing"))?;
    let kind = |record: &Value| {
        record["attributes"]["type"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let chunks = 1 + records
        .windows(2)
        .filter(|pair| kind(&pair[0]) != kind(&pair[1]))
        .count();
    if records.len() > MOST || chunks > MOST_CHUNKS {
        return Err(too_many());
    }
    let all_or_none = body.get("allOrNone") == Some(&Value::Bool(true));
    let mut org = state.org();
    let outcomes = run(
        &mut org,
        all_or_none,
        records.iter().collect(),
        |org, record| {
            let fields = record
                .as_object()
                .ok_or_else(|| Refusal::new(400, "JSON_PARSER_ERROR", "an object is expected"))?;
            one(org, &kind(record), fields)
        },
    );
    Ok(answer(outcomes))
}

fn too_many() -> Refusal {
    Refusal::new(
        400,
        "INVALID_INPUT",
        format!("record limit reached. cannot submit more than {MOST} records into this call"),
    )
}

/// Does all items in order. With `all_or_none`, one refused item undoes the others.
fn run<T>(
    org: &mut Org,
    all_or_none: bool,
    items: Vec<T>,
    mut one: impl FnMut(&mut Org, T) -> Outcome,
) -> Vec<Outcome> {
    if all_or_none {
        org.journal = Some(Vec::new());
    }
    let mut outcomes: Vec<_> = items.into_iter().map(|item| one(org, item)).collect();
    let journal = org.journal.take().unwrap_or_default();
    if all_or_none && outcomes.iter().any(Result::is_err) {
        org.rewind(journal);
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_ok()) {
            let message = "Record rolled back because not all records were valid and the request was using AllOrNone header";
            *outcome = Err(Refusal::on_fields(
                "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                message,
                &[],
            ));
        }
    }
    outcomes
}

fn answer(outcomes: Vec<Outcome>) -> Answer {
    let item = |outcome: Outcome| match outcome {
        Ok((id, None)) => json!({ "id": id.as_str(), "success": true, "errors": [] }),
        Ok((id, Some(created))) => {
            json!({ "id": id.as_str(), "success": true, "errors": [], "created": created })
        }
        Err(refusal) => refusal.item(),
    };
    json(200, &outcomes.into_iter().map(item).collect())
}
