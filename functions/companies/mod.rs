//! Takes each file that is put into the bucket for reference data into the table Companies, and reports.

mod bucket;
mod event;

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
    settings, wiring,
};

/// Fetches a file to the disk.
pub type Fetch<'a> = dyn Fn(&'a File) -> BoxFuture<'a, Outcome<Local>> + Send + Sync + 'a;

/// Puts a report under a key.
pub type PutReport<'a> = dyn Fn(String, Vec<u8>) -> BoxFuture<'a, Outcome<()>> + Send + Sync + 'a;

/// What the body works with.
pub struct ImportContext<'a> {
    /// The table.
    pub companies: &'a dyn Editions,
    /// Fetches the file.
    pub fetch: &'a Fetch<'a>,
    /// Puts the report.
    pub put_report: &'a PutReport<'a>,
    /// Tells the time.
    pub clock: &'a Clock<'a>,
    /// When AWS ends the invocation.
    pub deadline: Timestamp,
    /// What is refused, and what memory is used.
    pub limits: Limits,
}

/// What became of a file.
#[derive(Debug, Serialize)]
pub struct Done {
    /// Where the report is.
    pub report: String,
    /// What became of the file.
    pub result: Verdict,
}

/// One invocation.
///
/// # Errors
/// A malformed event; transient failures of S3 and of the table, after which AWS sends the event again. A file that is
/// refused is none: its report says why.
pub async fn handle(
    settings: &settings::Companies,
    event: Value,
    invocation: Invocation,
) -> Outcome<Vec<Done>> {
    let files = File::all(&event)?;
    if let Some(file) = files.iter().find(|file| file.bucket != settings.reference) {
        return Err(Fault::of(Code::EventOtherBucket).with_detail(&file.bucket));
    }
    let world = wiring::companies(settings).await;
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

/// Takes one file in.
///
/// # Errors
/// Transient failures, and permanent ones of ours; the report tells of both too. The version before stays.
pub async fn take_in<'a>(given: &ImportContext<'a>, file: &'a File) -> Outcome<Done> {
    let imported = import(given, file).await;
    let content = match &imported {
        Ok(report) => json!({"file": file.key, "report": report}),
        Err(fault) => json!({"file": file.key, "fault": fault.to_string()}),
    };
    let key = file.report_key();
    (given.put_report)(key.clone(), content.to_string().into_bytes()).await?;
    let report = imported?;
    tell(&report);
    Ok(Done {
        report: key,
        result: report.result,
    })
}

fn tell(report: &Report) {
    let (version, rows) = (&report.version, &report.rows);
    let (accepted, refused) = (rows.n_accepted, rows.n_refused);
    let problem = report.problem.as_ref().map(|problem| problem.code.as_str());
    match alarm::of_file(report.result) {
        Some(alarm) => {
            tracing::error!(
                alarm,
                version,
                accepted,
                refused,
                problem,
                "a file was refused"
            );
        }
        None => tracing::info!(
            version,
            accepted,
            refused,
            keys = report.keys,
            remains = report.remains,
            "a file was published"
        ),
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
