//! Imports each file that is put into the bucket for reference data into the table Companies, and stores a report.
//!
//! An invocation whose time is nearly over stores the place of the import and hands it over to the next one.

mod bucket;
mod event;
mod world;

use std::io::{BufReader, Read};

use domain::{
    fault::{Code, Fault, Outcome},
    import::{self, Import, Limits, Place, Report, Slice, Verdict},
    order::Order,
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
    events::SendOrders,
    metrics::{self, Metric},
    settings,
};

/// Downloads a file to the disk.
pub type Fetch<'a> = dyn Fn(&'a File) -> BoxFuture<'a, Outcome<Local>> + Send + Sync + 'a;

/// Returns what was stored under a key.
pub type GetStored<'a> = dyn Fn(String) -> BoxFuture<'a, Outcome<Vec<u8>>> + Send + Sync + 'a;

/// Stores a report or a place under a key.
pub type PutStored<'a> = dyn Fn(String, Vec<u8>) -> BoxFuture<'a, Outcome<()>> + Send + Sync + 'a;

/// What the body works with.
pub struct ImportContext<'a> {
    /// The table.
    pub companies: &'a dyn Editions,
    /// Downloads the file.
    pub fetch: &'a Fetch<'a>,
    /// Returns a place.
    pub get: &'a GetStored<'a>,
    /// Stores a report or a place.
    pub put: &'a PutStored<'a>,
    /// The event bus.
    pub send: &'a SendOrders<'a>,
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
    /// The key of the report, once the import has ended.
    pub report: String,
    /// Whether the file was published. `None` if the next invocation goes on.
    pub result: Option<Verdict>,
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
    let files = File::all(&event, &settings.reference)?;
    if let Some(file) = files.iter().find(|file| file.bucket != settings.reference) {
        return Err(Fault::of(Code::EventOtherBucket).with_detail(&file.bucket));
    }
    let world = world::world(settings).await;
    let mut done = Vec::new();
    for file in &files {
        let given = ImportContext {
            companies: world.companies.as_ref(),
            fetch: &|file| Box::pin(world.bucket.fetch(file)),
            get: &|key| Box::pin(async move { world.bucket.get(&key).await }),
            put: &|key, json| Box::pin(async move { world.bucket.put(&key, json).await }),
            send: &|orders| Box::pin(async move { world.bus.send(&orders).await }),
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

/// Imports one file, or goes on with it until the time is nearly over.
///
/// # Errors
/// Returns a transient fault, or a permanent one of our own. The report has it, too. The version before stays published.
pub async fn take_in<'a>(given: &ImportContext<'a>, file: &'a File) -> Outcome<Done> {
    let key = file.report_key();
    let imported = match import(given, file).await {
        Ok(Imported::HandedOver) => {
            let report = key;
            return Ok(Done {
                report,
                result: None,
            });
        }
        Ok(Imported::Ended(report)) => Ok(report),
        Err(fault) => Err(fault),
    };
    let content = match &imported {
        Ok(report) => json!({"file": file.key, "report": report}),
        Err(fault) => json!({"file": file.key, "fault": fault.to_string()}),
    };
    (given.put)(key.clone(), content.to_string().into_bytes()).await?;
    let report = imported?;
    log(&report);
    Ok(Done {
        report: key,
        result: Some(report.result),
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

/// What became of a file in this invocation.
enum Imported {
    Ended(Box<Report>),
    HandedOver,
}

async fn import<'a>(given: &ImportContext<'a>, file: &'a File) -> Outcome<Imported> {
    let place = place(given, file).await?;
    let local = match (given.fetch)(file).await {
        Ok(local) => local,
        Err(fault) => {
            // The passes before this place were made of another content. The later file has an event of its own.
            return match place.filter(|_| *fault.code() == Code::FileChanged) {
                Some(place) => Ok(Imported::Ended(Box::new(place.replaced()))),
                None => Err(fault),
            };
        }
    };
    let given_to_slice = Import {
        companies: given.companies,
        open: &|| {
            let file = BufReader::with_capacity(64 * 1024, local.open()?);
            Ok(Box::new(file) as Box<dyn Read + Send>)
        },
        version: &file.version,
        deadline: given.deadline,
        clock: given.clock,
        limits: given.limits,
    };
    match import::slice(given_to_slice, place).await? {
        Slice::Ended(report) => Ok(Imported::Ended(report)),
        Slice::GoesOn(place) => {
            hand_over(given, file, local.etag.clone(), &place).await?;
            Ok(Imported::HandedOver)
        }
    }
}

/// Reads the place at which this slice begins. `None` for the first slice, and for a place that another release wrote in another form.
async fn place(given: &ImportContext<'_>, file: &File) -> Outcome<Option<Place>> {
    if file.slice == 0 {
        return Ok(None);
    }
    let stored = (given.get)(file.place_key(file.slice)).await?;
    Ok(serde_json::from_slice(&stored).ok())
}

/// Stores the place, and orders the slice that begins there.
async fn hand_over(
    given: &ImportContext<'_>,
    file: &File,
    etag: Option<String>,
    place: &Place,
) -> Outcome<()> {
    let stored = serde_json::to_vec(place).map_err(|_| Fault::of(Code::OrderUnwritable))?;
    let order = file.next(etag);
    (given.put)(file.place_key(order.slice), stored).await?;
    let slice = order.slice;
    (given.send)(vec![Order::ImportDue(order)]).await?;
    let (n_passed, n_passes) = place.passes();
    let report = place.report();
    tracing::info!(
        version = report.version,
        slice,
        n_passed,
        n_passes,
        accepted = report.rows.n_accepted,
        written = report.written,
        "an import goes on in the next invocation"
    );
    Ok(())
}

#[cfg(test)]
mod tests;
