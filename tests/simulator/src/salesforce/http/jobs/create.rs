//! Checks and begins a job.

use serde_json::Value;

use super::super::call::{Answer, Call, json};
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::Fault;
use crate::salesforce::id::Id;
use crate::salesforce::jobs::Job;
use crate::salesforce::query::{Column, Outcome, run};
use crate::salesforce::soql::{self, Query, Select};
use crate::salesforce::state::{State, lock};
use crate::salesforce::time;

pub(in crate::salesforce::http) fn create(state: &State, call: &Call) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let field = |name: &str| body.get(name).and_then(Value::as_str);
    let all_rows = match field("operation") {
        Some("query") => false,
        Some("queryAll") => true,
        _ => {
            return Err(Refusal::new(
                400,
                "INVALIDJOB",
                "operation must be query or queryAll",
            ));
        }
    };
    if field("contentType").is_some_and(|kind| kind != "CSV")
        || field("columnDelimiter").is_some_and(|sign| sign != "COMMA")
    {
        return Err(Refusal::new(
            400,
            "INVALIDJOB",
            "the simulator writes CSV with commas only",
        ));
    }
    let query = soql::parse(
        field("query").ok_or_else(|| Refusal::new(400, "INVALIDJOB", "query is missing"))?,
    )?;
    let object = check(state, &query)?;
    let mut jobs = lock(&state.jobs);
    if jobs.made >= state.config.daily_bulk_jobs {
        return Err(Refusal::new(
            400,
            "LIMIT_EXCEEDED",
            "Maximum number of bulk query jobs per 24 hours exceeded",
        ));
    }
    jobs.made += 1;
    let id = Id::nth("750", jobs.made).to_string();
    let job = Job {
        query,
        object,
        all_rows,
        version: call.version().to_owned(),
        created: time::rest_text(jiff::Timestamp::now().as_millisecond()),
        state: "UploadComplete",
        polls: 0,
        fails: matches!(call.fault, Some(Fault::JobFails)),
        error: None,
        snapshot: None,
    };
    let answer = json(200, &job.describe(&id, state.user()));
    jobs.all.insert(id, job);
    Ok(answer)
}

/// Refuses what a bulk query may not select, in the words that clients search for.
fn check(state: &State, query: &Query) -> Result<String, Refusal> {
    if query
        .select
        .iter()
        .any(|item| !matches!(item, Select::Field(_)))
        || query.offset > 0
    {
        return Err(Refusal::new(
            400,
            "API_ERROR",
            "Aggregate Relationship and OFFSET queries are not supported in Bulk Query",
        ));
    }
    let org = state.org();
    let invalid = |_| {
        Refusal::new(
            400,
            "INVALIDENTITY",
            format!(
                "Entity '{}' is not supported by the Bulk API.",
                query.object
            ),
        )
    };
    let table = org.table(&query.object).map_err(invalid)?;
    let nothing = Query {
        limit: Some(0),
        ..query.clone()
    };
    match run(table, &nothing, false)? {
        Outcome::Rows(found) if found.columns.iter().any(Column::is_compound) => Err(Refusal::new(
            400,
            "API_ERROR",
            "FeatureNotEnabled : Selecting compound data not supported in Bulk Query",
        )),
        _ => Ok(table.schema.object.to_owned()),
    }
}
