//! Imports each file that is put into the bucket for reference data into the table Companies, and stores a report.

mod bucket;
mod event;
mod world;

use std::io::{BufReader, Read};

use domain::{
    fault::{Code, Fault, Outcome},
    import::{self, Import, Limits, Report, Verdict},
    ports::Editions,
};
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

pub use self::{
    bucket::{Bucket, Local},
    event::File,
};
use crate::{
    alarm,
    clock::{self, Clock},
    entry::Invocation,
    metrics::{self, Metric},
    settings,
};

/// Downloads a file to the disk.
pub type Fetch<'a> = dyn Fn(&'a File) -> BoxFuture<'a, Outcome<Local>> + Send + Sync + 'a;

/// Stores a report under a key.
pub type PutReport<'a> = dyn Fn(String, Vec<u8>) -> BoxFuture<'a, Outcome<()>> + Send + Sync + 'a;

/// What the body works with.
pub struct ImportContext<'a> {
    /// The table.
    pub companies: &'a dyn Editions,
    /// Downloads the file.
    pub fetch: &'a Fetch<'a>,
    /// Stores the report.
    pub put_report: &'a PutReport<'a>,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
    /// The time at which AWS ends the invocation.
    pub deadline: Timestamp,
    /// Which editions are refused, and how much memory is used.
    pub limits: Limits,
}

/// The result for a file.
#[derive(Debug, Serialize)]
pub struct Done {
    /// The key of the report.
    pub report: String,
    /// Whether the file was published.
    pub result: Verdict,
}

/// Handles one invocation.
///
/// # Errors
/// Returns the fault of a malformed event, or a transient fault of S3 or of the table, after which AWS sends the event
/// again. A refused file is no fault: its report gives the reason.
pub async fn handle(
    settings: &settings::Companies,
    event: Value,
    invocation: Invocation,
) -> Outcome<Vec<Done>> {
    let files = File::all(&event)?;
    if let Some(file) = files.iter().find(|file| file.bucket != settings.reference) {
        return Err(Fault::of(Code::EventOtherBucket).with_detail(&file.bucket));
    }
    let world = world::world(settings).await;
    let mut done = Vec::new();
    for file in &files {
        let given = ImportContext {
            companies: world.companies.as_ref(),
            fetch: &|file| Box::pin(world.bucket.fetch(file)),
            put_report: &|key, json| Box::pin(async move { world.bucket.put(&key, json).await }),
            clock: &clock::now,
            deadline: invocation.deadline,
            limits: Limits {
                max_shrink_percent: settings.max_shrink_percent,
                ..Limits::default()
            },
        };
        done.push(take_in(&given, file).await?);
    }
    Ok(done)
}

/// Imports one file.
///
/// # Errors
/// Returns a transient fault, or a permanent one of our own. The report has it, too. The version before stays published.
pub async fn take_in<'a>(given: &ImportContext<'a>, file: &'a File) -> Outcome<Done> {
    let imported = import(given, file).await;
    let content = match &imported {
        Ok(report) => json!({"file": file.key, "report": report}),
        Err(fault) => json!({"file": file.key, "fault": fault.to_string()}),
    };
    let key = file.report_key();
    (given.put_report)(key.clone(), content.to_string().into_bytes()).await?;
    let report = imported?;
    log(&report);
    Ok(Done {
        report: key,
        result: report.result,
    })
}

fn log(report: &Report) {
    let (version, rows) = (&report.version, &report.rows);
    let (accepted, refused) = (rows.n_accepted, rows.n_refused);
    let problem = report.problem.as_ref().map(|problem| problem.code.as_str());
    match alarm::ring_for_file(report.result) {
        Some(alarm) => {
            tracing::error!(
                alarm,
                version,
                accepted,
                refused,
                problem,
                "a company file was refused"
            );
        }
        None => {
            metrics::add(Metric::ImportsPublished, 1);
            tracing::info!(
                version,
                accepted,
                refused,
                keys = report.keys,
                remains = report.remains,
                "a company file was published"
            );
        }
    }
}

async fn import<'a>(given: &ImportContext<'a>, file: &'a File) -> Outcome<Report> {
    let local = (given.fetch)(file).await?;
    import::import(Import {
        companies: given.companies,
        open: &|| {
            let file = BufReader::with_capacity(64 * 1024, local.open()?);
            Ok(Box::new(file) as Box<dyn Read + Send>)
        },
        version: &file.version,
        deadline: given.deadline,
        clock: given.clock,
        limits: given.limits,
    })
    .await
}

#[cfg(test)]
mod tests;
