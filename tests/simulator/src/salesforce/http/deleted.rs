//! `/sobjects/{object}/deleted` and `/updated`.

use serde_json::json;

use super::call::{Answer, Call, json};
use crate::salesforce::error::Refusal;
use crate::salesforce::state::State;
use crate::salesforce::time::{self, Millis};

const MINUTE: Millis = 60_000;
/// How far back the deletion log reaches.
const WINDOW: Millis = 15 * 24 * 60 * MINUTE;

pub(super) fn deleted(state: &State, call: &Call, object: &str) -> Result<Answer, Refusal> {
    let org = state.org();
    let (start, end) = window(call, org.clock.now())?;
    let table = org.table(object).map_err(|_| Refusal::not_found())?;
    let mut ids: Vec<_> = table
        .deletions
        .iter()
        .filter(|(_, at)| (start..end).contains(*at))
        .collect();
    if ids.len() > state.config.deleted_ids {
        return Err(Refusal::new(
            400,
            "EXCEEDED_ID_LIMIT",
            "too many ids; ask for a shorter time",
        ));
    }
    ids.sort_by_key(|(id, at)| (**at, **id));
    let records: Vec<_> = ids
        .into_iter()
        .map(|(id, at)| json!({ "id": id.as_str(), "deletedDate": time::rest_text(*at) }))
        .collect();
    let earliest = (org.clock.now() - WINDOW).max(org.deletion_log_start);
    Ok(json(
        200,
        &json!({
            "deletedRecords": records, "earliestDateAvailable": time::rest_text(earliest - earliest.rem_euclid(MINUTE)),
            "latestDateCovered": time::rest_text(end),
        }),
    ))
}

pub(super) fn updated(state: &State, call: &Call, object: &str) -> Result<Answer, Refusal> {
    let org = state.org();
    let (start, end) = window(call, org.clock.now())?;
    let table = org.table(object).map_err(|_| Refusal::not_found())?;
    let least = std::ops::Bound::Included((start, crate::salesforce::id::Id::MIN));
    let most = std::ops::Bound::Excluded((end, crate::salesforce::id::Id::MIN));
    let ids: Vec<_> = table
        .by_key(least, most)
        .filter(|row| !row.deleted)
        .map(|row| row.id.as_str().to_owned())
        .collect();
    if ids.len() > state.config.deleted_ids {
        return Err(Refusal::new(
            400,
            "EXCEEDED_ID_LIMIT",
            "too many ids; ask for a shorter time",
        ));
    }
    Ok(json(
        200,
        &json!({ "ids": ids, "latestDateCovered": time::rest_text(end) }),
    ))
}

/// Returns the requested time window in whole minutes, since Salesforce ignores seconds.
fn window(call: &Call, now: Millis) -> Result<(Millis, Millis), Refusal> {
    let wrong = |message: &str| Refusal::new(400, "INVALID_REPLICATION_DATE", message);
    let read = |name: &str| {
        call.param(name)
            .and_then(time::parse)
            .ok_or_else(|| wrong(&format!("{name} is missing or no date")))
    };
    let whole = |millis: Millis| millis - millis.rem_euclid(MINUTE);
    let (start, end) = (whole(read("start")?), whole(read("end")?));
    if end <= start {
        return Err(wrong(
            "endDate must be more than one minute after startDate",
        ));
    }
    if start < now - WINDOW - MINUTE {
        return Err(wrong("startDate is before the org's replication window"));
    }
    Ok((start, end.min(whole(now) + MINUTE)))
}
