//! `/query`, `/queryAll` and their further pages.

use serde_json::json;

use super::call::{Answer, Call, bytes, json};
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::Fault;
use crate::salesforce::query::{Outcome, Snapshot, json_row, run};
use crate::salesforce::soql;
use crate::salesforce::state::{State, lock};

/// Answers the first page.
pub(super) fn first(state: &State, call: &Call, deleted: bool) -> Result<Answer, Refusal> {
    let text = call
        .param("q")
        .ok_or_else(|| Refusal::malformed_query("no query: the parameter q is missing"))?;
    let query = soql::parse(text)?;
    let outcome = run(state.org().table(&query.object)?, &query, deleted)?;
    let snapshot = match outcome {
        Outcome::Count(count) => {
            return Ok(json(
                200,
                &json!({ "totalSize": count, "done": true, "records": [] }),
            ));
        }
        Outcome::Aggregates(row) => {
            return Ok(json(
                200,
                &json!({ "totalSize": 1, "done": true, "records": [row] }),
            ));
        }
        Outcome::Rows(snapshot) => snapshot,
    };
    let size = page_size(call);
    let locator = (snapshot.rows.len() > size)
        .then(|| lock(&state.cursors).open(snapshot.clone(), state.config.query_locators));
    Ok(page(call, &snapshot, 0, size, locator.as_deref()))
}

/// Answers a further page by its locator.
pub(super) fn more(state: &State, call: &Call, locator: &str) -> Result<Answer, Refusal> {
    let invalid = || Refusal::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let (name, at) = locator.split_once('-').ok_or_else(invalid)?;
    let at: usize = at.parse().map_err(|_| invalid())?;
    let snapshot = lock(&state.cursors)
        .open
        .get(name)
        .cloned()
        .ok_or_else(invalid)?;
    if at >= snapshot.rows.len() {
        return Err(invalid());
    }
    Ok(page(call, &snapshot, at, page_size(call), Some(name)))
}

fn page(call: &Call, snapshot: &Snapshot, at: usize, size: usize, locator: Option<&str>) -> Answer {
    let total = snapshot.rows.len();
    let end = total.min(at + size);
    let version = call.version();
    let mut out = Vec::with_capacity(1_000 * (end - at) + 200);
    out.extend_from_slice(format!("{{\"totalSize\":{total},\"done\":{}", end == total).as_bytes());
    if let Some(locator) = locator.filter(|_| end < total) {
        out.extend_from_slice(
            format!(",\"nextRecordsUrl\":\"/services/data/{version}/query/{locator}-{end}\"")
                .as_bytes(),
        );
    }
    out.extend_from_slice(b",\"records\":[");
    let repeated = snapshot.rows[at..end]
        .first()
        .filter(|_| matches!(call.fault, Some(Fault::RepeatRecord)));
    for (n, row) in snapshot.rows[at..end].iter().chain(repeated).enumerate() {
        if n > 0 {
            out.push(b',');
        }
        json_row(&mut out, snapshot.object, version, &snapshot.columns, row);
    }
    out.extend_from_slice(b"]}");
    bytes(200, "application/json;charset=UTF-8", out)
}

/// Reads `Sforce-Query-Options: batchSize=500`. Salesforce takes 200 to 2,000 and moves other values into this range.
fn page_size(call: &Call) -> usize {
    let asked = call
        .header("sforce-query-options")
        .and_then(|options| options.split("batchSize=").nth(1));
    let digits = asked.map(|rest| {
        rest.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
    });
    digits
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(2_000)
        .clamp(200, 2_000)
}
