//! Imports the vendor's company file into the table Companies.
//!
//! The file is read several times and never held in memory. The first pass checks and counts the rows. Each further pass makes the
//! rows of some parts of the table, compares them with those of the edition before, and writes the ones that differ beside what they
//! held ([`load`]). Publishing is a single write. Any earlier failure leaves the published version unchanged, and what was written
//! is seen by nobody.

mod load;
mod report;

use std::io::{self, Read};

use jiff::{SignedDuration, Timestamp};

pub use self::report::{Problem, Report, Verdict};
use matching::{
    RULES,
    reader::{CompanyReader, FileError, ImportReport},
};

use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Edition, Editions, KeySet, Publication, Version},
};

/// Opens the file from its beginning.
pub type Open<'a> = dyn Fn() -> io::Result<Box<dyn Read + Send>> + Sync + 'a;

/// The arguments of an import.
pub struct Import<'a> {
    /// The table.
    pub companies: &'a dyn Editions,
    /// Opens the file.
    pub open: &'a Open<'a>,
    /// The import's version. A retry with the same file uses the same version.
    pub version: &'a Version,
    /// The time at which AWS ends this invocation.
    pub deadline: Timestamp,
    /// Returns the current time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// Limits for rejection and memory.
    pub limits: Limits,
}

/// Limits for rejection and memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A file with a larger percentage of invalid rows is refused, because its columns have probably shifted.
    pub max_refused_percent: u64,
    /// The percentage by which an edition may have fewer companies than the previous one. A file with fewer was probably truncated
    /// where it was made, and is published only after the operator has confirmed that number.
    pub max_shrink_percent: u64,
    /// The approximate memory for one part of the index, in bytes.
    pub memory: u64,
    /// Time reserved before the deadline to clean up and report.
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

/// Rows deleted between two checks of the clock.
const DISCARD: usize = 20_000;

/// How often an idempotent step is tried before its transient failure ends the import.
const TRIES: u32 = 3;

/// Imports a file. A refused file is not a fault: the report has the reason, and the previous version stays published.
///
/// # Errors
/// The fault of the table. Permanent (`import.out_of_time`) if the time is up. In both cases nothing is published. The same version may
/// be tried again, and goes on from the rows that were written.
pub async fn import(given: Import<'_>) -> Outcome<Report> {
    let mut report = survey(&given)?;
    if report.problem.is_some() {
        return Ok(report);
    }
    let edition = given.companies.edition().await?;
    let before = edition.as_ref().map(|edition| edition.version.clone());
    if let Some(before) = &before {
        if before == given.version {
            // An earlier attempt published the version and was interrupted afterwards.
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
    let begun = patiently(|| given.companies.begin(given.version)).await?;
    let changed = match load::all(&given, &begun, &mut report).await {
        Ok(changed) => changed,
        Err(fault) => {
            if !begun.is_shared() {
                // A failure to discard must not hide the first fault. The next import finds what is left.
                let _ = discard(&given, given.version).await;
            }
            return Err(fault);
        }
    };
    // With other rules a record may look up other keys, and be decided otherwise.
    let are_rules_same = edition.is_some_and(|edition| edition.rules.as_deref() == Some(RULES));
    let changed = changed.filter(|_| are_rules_same);
    report.keys_changed = changed.as_ref().map(|keys| keys.len() as u64);
    let changed = changed.map(|keys| KeySet::of(&keys));
    let publication = Publication {
        companies: report.rows.n_accepted,
        rules: RULES,
        changed: changed.as_ref(),
    };
    patiently(|| given.companies.publish(&begun, publication)).await?;
    report.result = Verdict::Published;
    // The import has succeeded, even if discarding the previous version fails.
    report.remains = discard_left_over(&given).await.unwrap_or(true);
    report.replaced = before.map(|before| before.0);
    Ok(report)
}

/// Checks every row, and loads nothing.
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

/// Returns why a file has too few companies to follow `edition`. `None` if it has enough.
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

/// Reads the file to its end, or to the first error.
fn read(given: &Import<'_>) -> (ImportReport, Option<FileError>) {
    let file = (given.open)().map_err(|error| FileError::Io(error.kind()));
    let mut reader = match file.and_then(CompanyReader::open) {
        Ok(reader) => reader,
        Err(error) => return (ImportReport::default(), Some(error)),
    };
    let error = reader.find_map(Result::err);
    (reader.into_report(), error)
}

/// Discards all versions that nobody reads, as time permits. Returns whether any are left. Files are imported one
/// after the other, so none of these versions is being loaded.
async fn discard_left_over(given: &Import<'_>) -> Outcome<bool> {
    let mut remains = false;
    for version in patiently(|| given.companies.left_over()).await? {
        remains |= discard(given, &version).await?;
    }
    Ok(remains)
}

/// Discards a version, as time permits. Returns whether any are left.
async fn discard(given: &Import<'_>, version: &Version) -> Outcome<bool> {
    while given.time_left() > SignedDuration::ZERO {
        if !patiently(|| given.companies.discard(version, DISCARD)).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Runs an idempotent step, and retries it after a transient fault.
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
    /// Returns the time left until the deadline.
    fn time_left(&self) -> SignedDuration {
        self.deadline.duration_since((self.clock)())
    }

    /// Fails if the reserved time has begun.
    fn in_time(&self) -> Outcome<()> {
        if self.time_left() > self.limits.reserve {
            return Ok(());
        }
        Err(Fault::of(Code::ImportOutOfTime))
    }
}

#[cfg(test)]
mod tests;
