//! Bulk API 2.0 query: `/jobs/query`. `create` checks and begins a job, `results` streams what it found.

mod create;
mod results;

use serde_json::json;

pub(super) use self::create::create;
pub(super) use self::results::results;
use super::call::{Answer, Call, json, nothing};
use crate::salesforce::error::Refusal;
use crate::salesforce::jobs::Job;
use crate::salesforce::query::{Outcome, run};
use crate::salesforce::state::{State, lock};

pub(in crate::salesforce::http) fn list(state: &State) -> Answer {
    let jobs = lock(&state.jobs);
    let all: Vec<_> = jobs
        .all
        .iter()
        .map(|(id, job)| job.describe(id, state.user()))
        .collect();
    json(
        200,
        &json!({ "done": true, "records": all, "nextRecordsUrl": null }),
    )
}

/// Reports a job's state. Each poll also advances the job.
pub(in crate::salesforce::http) fn look(
    state: &State,
    call: &Call,
    id: &str,
) -> Result<Answer, Refusal> {
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
    Ok(json(200, &job.describe(id, state.user())))
}

pub(in crate::salesforce::http) fn abort(
    state: &State,
    call: &Call,
    id: &str,
) -> Result<Answer, Refusal> {
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
    Ok(json(200, &job.describe(id, state.user())))
}

pub(in crate::salesforce::http) fn delete(state: &State, id: &str) -> Result<Answer, Refusal> {
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
