//! Streams the results of a job as CSV.

use axum::body::Body;
use axum::http::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;
use futures::stream;

use super::super::call::{Answer, Call, set};
use super::same_version;
use crate::salesforce::error::Refusal;
use crate::salesforce::query::{Snapshot, csv_head, csv_row};
use crate::salesforce::state::{State, lock};

/// How many rows are written at a time, so that a result of any length is streamed in little memory.
const ROWS_A_CHUNK: usize = 500;

pub(in crate::salesforce::http) fn results(
    state: &State,
    call: &Call,
    id: &str,
) -> Result<Answer, Refusal> {
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
