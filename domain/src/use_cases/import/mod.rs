//! Takes the vendor's company file into the table Companies.
//!
//! The file is read several times, never held: the first pass checks every row and counts; the second puts the companies
//! themselves; the others build the inverted index part by part ([`load`]) and put it beside the version that is read. Publishing is one write; only
//! then the version before is discarded, and with it what imports that were ended have left. Whatever fails before leaves
//! the version that is read as it was.

mod load;
mod report;

use std::io::{self, Read};

use jiff::{SignedDuration, Timestamp};

pub use self::report::{Problem, Report, Verdict};
use matching::reader::{CompanyReader, FileError, ImportReport};

use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Edition, Editions, Version},
};

/// Opens the file from its beginning.
pub type Open<'a> = dyn Fn() -> io::Result<Box<dyn Read + Send>> + Sync + 'a;

/// What an import is given.
pub struct Import<'a> {
    /// The table.
    pub companies: &'a dyn Editions,
    /// Opens the file.
    pub open: &'a Open<'a>,
    /// The import's version: the same one when the same file is tried again.
    pub version: &'a Version,
    /// When AWS ends this invocation.
    pub deadline: Timestamp,
    /// Tells the time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// What is refused, and what memory is used.
    pub limits: Limits,
}

/// What is refused, and what memory is used.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A file with a larger share of refused rows, in percent, is refused: its columns are likely to have been shifted.
    pub max_refused_percent: u64,
    /// By how many percent an edition may have fewer companies than the one before. A file that has fewer still was probably cut off
    /// where it was made, and is only published once the operator has said that so few are right.
    pub max_shrink_percent: u64,
    /// What one part of the index may take of the memory, in bytes, about.
    pub memory: u64,
    /// Time kept back before the deadline to clean up and to tell.
    pub reserve: SignedDuration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_refused_percent: 20,
            max_shrink_percent: 20,
            memory: 128 << 20,
            reserve: SignedDuration::from_secs(60),
        }
    }
}

/// How many entries are deleted between two looks at the clock.
const DISCARD: usize = 20_000;

/// How often a step that may be repeated is tried before its transient failure ends the import.
const TRIES: u32 = 3;

/// Takes a file in. A file that is refused is no fault: the report says why, and the version before stays.
///
/// # Errors
/// Those of the table, and `import.out_of_time`, permanent. Nothing is published then, and what was loaded is discarded
/// as far as that goes; the same version may be tried again.
pub async fn import(given: Import<'_>) -> Outcome<Report> {
    let mut report = survey(&given)?;
    if report.problem.is_some() {
        return Ok(report);
    }
    let edition = given.companies.edition().await?;
    let before = edition.as_ref().map(|edition| edition.version.clone());
    if let Some(before) = &before {
        if before == given.version {
            // An earlier try came as far as this, and was ended.
            report.result = Verdict::Published;
            report.remains = discard_left_over(&given).await.unwrap_or(true);
            return Ok(report);
        }
        if before > given.version {
            report.refuse(Code::ImportOvertaken, format!("by {}", before.0));
            return Ok(report);
        }
    }
    if let Some(edition) = &edition {
        report.companies_before = edition.companies;
        if let Some(detail) = too_small(&report, edition, given.limits.max_shrink_percent) {
            report.refuse(Code::ImportMuchSmaller, detail);
            return Ok(report);
        }
    }
    patiently(|| given.companies.begin(given.version)).await?;
    if let Err(fault) = load::all(&given, &mut report).await {
        // Its failure would hide the first one. What is left is found by the next import.
        let _ = discard(&given, given.version).await;
        return Err(fault);
    }
    let n_companies = report.rows.n_accepted;
    patiently(|| given.companies.publish(given.version, n_companies)).await?;
    report.result = Verdict::Published;
    // The import is done, whatever becomes of what nobody reads any more.
    report.remains = discard_left_over(&given).await.unwrap_or(true);
    report.replaced = before.map(|before| before.0);
    Ok(report)
}

/// Checks every row, and loads none.
fn survey(given: &Import<'_>) -> Outcome<Report> {
    let (rows, error) = read(given);
    let mut report = Report::new(given.version, rows);
    if let Some(error) = error {
        report.refuse_unreadable(&error)?;
        return Ok(report);
    }
    let limit = given.limits.max_refused_percent;
    if report.rows.n_accepted == 0 {
        report.refuse(Code::FileNoCompany, "no row has a usable id and name");
    } else if report.rows.n_refused * 100 > limit * report.rows.n_rows {
        report.refuse(
            Code::FileTooManyRefused,
            format!(
                "{} of {} rows, more than {limit} %",
                report.rows.n_refused, report.rows.n_rows
            ),
        );
    }
    Ok(report)
}

/// Why a file has too few companies to follow `edition`; none: it may.
fn too_small(report: &Report, edition: &Edition, max_percent: u64) -> Option<String> {
    let (now, before) = (report.rows.n_accepted, edition.companies?);
    let least = before.saturating_mul(100_u64.saturating_sub(max_percent));
    let is_accepted = edition.accepts.is_some_and(|accepts| now >= accepts);
    (now.saturating_mul(100) < least && !is_accepted).then(|| {
        format!(
            "{now} companies, where the published edition has {before}: more than {max_percent} % fewer. If that is right, run \
             `operator companies --accept-smaller {now}`, and put the file again"
        )
    })
}

/// Reads the file to its end, or as far as that goes.
fn read(given: &Import<'_>) -> (ImportReport, Option<FileError>) {
    let file = (given.open)().map_err(|error| FileError::Io(error.kind()));
    let mut reader = match file.and_then(CompanyReader::open) {
        Ok(reader) => reader,
        Err(error) => return (ImportReport::default(), Some(error)),
    };
    let error = reader.find_map(Result::err);
    (reader.into_report(), error)
}

/// Deletes the entries of all versions but the one that is read, as far as the time goes; whether any are left. Files are
/// taken in one after the other, so none of them is being loaded.
async fn discard_left_over(given: &Import<'_>) -> Outcome<bool> {
    let mut remains = false;
    for version in patiently(|| given.companies.left_over()).await? {
        remains |= discard(given, &version).await?;
    }
    Ok(remains)
}

/// Deletes a version's entries, as far as the time goes; whether any are left.
async fn discard(given: &Import<'_>, version: &Version) -> Outcome<bool> {
    while given.time_left() > SignedDuration::ZERO {
        if !patiently(|| given.companies.discard(version, DISCARD)).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tries a step that may be repeated again, when its failure is a transient one.
async fn patiently<T, F: Future<Output = Outcome<T>>>(step: impl Fn() -> F) -> Outcome<T> {
    let mut tries = 1;
    loop {
        match step().await {
            Err(fault) if fault.is_transient() && tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

impl Import<'_> {
    /// What is left until the deadline.
    fn time_left(&self) -> SignedDuration {
        self.deadline.duration_since((self.clock)())
    }

    /// Whether to go on.
    fn in_time(&self) -> Outcome<()> {
        if self.time_left() > self.limits.reserve {
            return Ok(());
        }
        Err(Fault::of(Code::ImportOutOfTime))
    }
}

#[cfg(test)]
mod tests;
