//! Bulk API 2.0 query: `/jobs/query`.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;
use futures::stream;
use serde_json::{Value, json};

use super::call::{Answer, Call, json, nothing, set};
use crate::salesforce::error::Refusal;
use crate::salesforce::fault::Fault;
use crate::salesforce::id::Id;
use crate::salesforce::query::{Column, Outcome, Snapshot, csv_head, csv_row, run};
use crate::salesforce::soql::{self, Query, Select};
use crate::salesforce::state::{State, lock};
use crate::salesforce::time;

/// How many rows are written at a time, so that a result of any length is streamed in little memory.
const ROWS_A_CHUNK: usize = 500;

/// All jobs by id.
#[derive(Default)]
pub(crate) struct Jobs {
    all: BTreeMap<String, Job>,
    made: u64,
}

struct Job {
    query: Query,
    object: String,
    all_rows: bool,
    version: String,
    created: String,
    state: &'static str,
    polls: u32,
    fails: bool,
    error: Option<String>,
    snapshot: Option<Snapshot>,
}

impl Jobs {
    /// Forgets all jobs and their results, as Salesforce does after a week.
    pub(crate) fn forget(&mut self) {
        self.all.clear();
    }

    /// Returns how many jobs were created so far, including deleted ones.
    pub(super) fn made(&self) -> u64 {
        self.made
    }

    pub(super) fn object(&self, id: &str) -> Option<String> {
        self.all.get(id).map(|job| job.object.clone())
    }

    fn get(&mut self, id: &str) -> Result<&mut Job, Refusal> {
        self.all.get_mut(id).ok_or_else(Refusal::not_found)
    }
}

pub(super) fn create(state: &State, call: &Call) -> Result<Answer, Refusal> {
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
    let answer = json(200, &job.describe(&id, state));
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

pub(super) fn list(state: &State) -> Answer {
    let jobs = lock(&state.jobs);
    let all: Vec<_> = jobs
        .all
        .iter()
        .map(|(id, job)| job.describe(id, state))
        .collect();
    json(
        200,
        &json!({ "done": true, "records": all, "nextRecordsUrl": null }),
    )
}

/// Reports a job's state. Each poll also advances the job.
pub(super) fn look(state: &State, call: &Call, id: &str) -> Result<Answer, Refusal> {
    let mut jobs = lock(&state.jobs);
    let job = jobs.get(id)?;
    same_version(job, call)?;
    if matches!(job.state, "UploadComplete" | "InProgress") {
        if job.polls == 0 {
            match run(state.org().table(&job.object)?, &job.query, job.all_rows) {
                Ok(Outcome::Rows(snapshot)) => job.snapshot = Some(snapshot),
                Ok(_) => {}
                Err(refusal) => job.error = Some(format!("{}: {}", refusal.code, refusal.message)),
            }
        }
        job.polls += 1;
        let done = job.polls > state.config.bulk_polls;
        if done && job.fails {
            job.error = Some("InternalServerError : the job failed on demand".to_owned());
        }
        job.state = match (&job.error, done) {
            (Some(_), _) => "Failed",
            (None, true) => "JobComplete",
            (None, false) => "InProgress",
        };
    }
    Ok(json(200, &job.describe(id, state)))
}

pub(super) fn abort(state: &State, call: &Call, id: &str) -> Result<Answer, Refusal> {
    let body = call.object()?;
    let mut jobs = lock(&state.jobs);
    let job = jobs.get(id)?;
    if body.get("state") != Some(&json!("Aborted"))
        || !matches!(job.state, "UploadComplete" | "InProgress")
    {
        return Err(Refusal::new(
            400,
            "INVALIDJOBSTATE",
            format!(
                "Aborting or changing a job is not allowed in the state {}",
                job.state
            ),
        ));
    }
    job.state = "Aborted";
    job.snapshot = None;
    Ok(json(200, &job.describe(id, state)))
}

pub(super) fn delete(state: &State, id: &str) -> Result<Answer, Refusal> {
    let mut jobs = lock(&state.jobs);
    if !matches!(jobs.get(id)?.state, "JobComplete" | "Aborted" | "Failed") {
        return Err(Refusal::new(
            400,
            "INVALIDJOBSTATE",
            "Deleting is not allowed while the job runs",
        ));
    }
    jobs.all.remove(id);
    Ok(nothing())
}

pub(super) fn results(state: &State, call: &Call, id: &str) -> Result<Answer, Refusal> {
    let mut jobs = lock(&state.jobs);
    let job = jobs.get(id)?;
    same_version(job, call)?;
    let snapshot = match (&job.snapshot, job.state) {
        (Some(snapshot), "JobComplete") => snapshot.clone(),
        (_, other) => {
            return Err(Refusal::new(
                400,
                "INVALIDJOBSTATE",
                format!("Results are not available in the state {other}"),
            ));
        }
    };
    let invalid = || Refusal::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let total = snapshot.rows.len();
    let at = match call.param("locator").filter(|locator| !locator.is_empty()) {
        None => 0,
        Some(locator) => located(locator)
            .filter(|at| *at < total)
            .ok_or_else(invalid)?,
    };
    let asked = call
        .param("maxRecords")
        .map(|text| text.parse::<usize>().ok().filter(|most| *most > 0));
    let asked = asked
        .map(|most| {
            most.ok_or_else(|| {
                Refusal::new(
                    400,
                    "INVALID_PARAMETER",
                    "maxRecords must be a positive number",
                )
            })
        })
        .transpose()?;
    let size = asked
        .unwrap_or(usize::MAX)
        .min(state.config.bulk_page.max(1));
    let end = total.min(at.saturating_add(size));
    let locator = if end < total {
        STANDARD_NO_PAD.encode(end.to_string())
    } else {
        "null".to_owned()
    };
    let mut answer: Answer = Response::new(streamed(snapshot, at, end));
    set(&mut answer, "content-type", "text/csv");
    set(&mut answer, "sforce-locator", &locator);
    set(
        &mut answer,
        "sforce-numberofrecords",
        &(end - at).to_string(),
    );
    Ok(answer)
}

fn located(locator: &str) -> Option<usize> {
    let bytes = STANDARD_NO_PAD.decode(locator.trim_end_matches('=')).ok()?;
    String::from_utf8(bytes).ok()?.parse().ok()
}

fn streamed(snapshot: Snapshot, at: usize, end: usize) -> Body {
    let mut head = Vec::new();
    csv_head(&mut head, &snapshot.columns);
    let chunks = (at..end).step_by(ROWS_A_CHUNK).map(move |from| {
        let mut out = Vec::with_capacity(ROWS_A_CHUNK * 600);
        for row in &snapshot.rows[from..end.min(from + ROWS_A_CHUNK)] {
            csv_row(&mut out, &snapshot.columns, row);
        }
        out
    });
    Body::from_stream(stream::iter(
        std::iter::once(head)
            .chain(chunks)
            .map(|chunk| Ok::<_, std::io::Error>(Bytes::from(chunk))),
    ))
}

fn same_version(job: &Job, call: &Call) -> Result<(), Refusal> {
    if job.version == call.version() {
        return Ok(());
    }
    Err(Refusal::new(
        409,
        "VERSION_MISMATCH",
        "the job was created with another version of the API",
    ))
}

impl Job {
    fn describe(&self, id: &str, state: &State) -> Value {
        let user = lock(&state.auth).user;
        let mut answer = json!({
            "id": id, "operation": if self.all_rows { "queryAll" } else { "query" }, "object": self.object, "createdById": user.as_str(),
            "createdDate": self.created, "systemModstamp": self.created, "state": self.state, "concurrencyMode": "Parallel",
            "contentType": "CSV", "apiVersion": self.version.trim_start_matches('v').parse::<f64>().unwrap_or(60.0), "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        });
        if self.state != "UploadComplete" {
            answer["jobType"] = json!("V2Query");
            answer["retries"] = json!(0);
            answer["totalProcessingTime"] = json!(0);
            answer["isPkChunkingSupported"] = json!(true);
            let done = self.state == "JobComplete";
            answer["numberRecordsProcessed"] = json!(
                self.snapshot
                    .as_ref()
                    .filter(|_| done)
                    .map_or(0, |snapshot| snapshot.rows.len())
            );
        }
        if let Some(error) = &self.error {
            answer["errorMessage"] = json!(error);
        }
        answer
    }
}
