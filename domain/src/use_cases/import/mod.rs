//! Imports the vendor's company file into the table Companies.
//!
//! The file is read several times and never held in memory. The first pass checks and counts the rows. Each further pass makes the
//! rows of some parts of the table, compares them with those of the edition before, and writes the ones that differ beside what they
//! held ([`load`]). Publishing is a single write. Any earlier failure leaves the published version unchanged, and what was written
//! is seen by nobody.
//!
//! A file may be too large for one invocation. Then the [`Place`] after the last whole pass goes to the next one.

mod compare;
mod load;
mod place;
mod report;
mod survey;

use std::io::{self, Read};

use jiff::{SignedDuration, Timestamp};

pub use self::{
    place::{Place, Slice},
    report::{Problem, Report, Verdict},
};
use matching::RULES;

use self::survey::{survey, too_small};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Begun, Edition, Editions, KeySet, Publication, Version},
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

/// Imports a file in one go.
///
/// # Errors
/// As [`slice()`]. Permanent (`import.out_of_time`) if the time is up: nothing is published then.
pub async fn import(given: Import<'_>) -> Outcome<Report> {
    match slice(given, None).await? {
        Slice::Ended(report) => Ok(*report),
        Slice::GoesOn(_) => Err(Fault::of(Code::ImportOutOfTime)),
    }
}

/// Imports a file until its end or the deadline, from its beginning or from the place where an earlier invocation ended. A refused file
/// is not a fault: the report has the reason, and the previous version stays published.
///
/// An import that finds a newer one begun ends, since the newer one has dropped rows of it, or will. So two files that come at the same
/// time never share an edition.
///
/// # Errors
/// The fault of the table. Permanent (`import.out_of_time`) if an invocation got nowhere in all its time. In both cases nothing is
/// published. The same invocation may be tried again, and goes on from the rows that were written.
pub async fn slice(given: Import<'_>, place: Option<Place>) -> Outcome<Slice> {
    let place = place.filter(Place::is_of_same_rules);
    let mut report = match &place {
        Some(place) => place.report.clone(),
        None => survey(&given)?,
    };
    if report.problem.is_some() {
        return ended(report);
    }
    let edition = given.companies.edition().await?;
    let before = edition.as_ref().map(|edition| edition.version.clone());
    if before.as_ref() == Some(given.version) {
        // An earlier attempt published the version and was interrupted afterwards.
        report.result = Verdict::Published;
        report.remains = discard_left_over(&given).await.unwrap_or(true);
        return ended(report);
    }
    if let Some(newer) = newer(&given, before.as_ref()).await? {
        report.refuse(Code::ImportOvertaken, format!("by {}", newer.0));
        return ended(report);
    }
    if let Some(edition) = &edition {
        report.companies_before = edition.companies;
        if let Some(detail) = too_small(&report, edition, given.limits.max_shrink_percent) {
            report.refuse(Code::ImportMuchSmaller, detail);
            return ended(report);
        }
    }
    let begun = patiently(|| given.companies.begin(given.version)).await?;
    let went_on = place.filter(|place| place.holds(&begun));
    let from = went_on
        .as_ref()
        .map(|place| (place.next_pass, place.report.written));
    let mut place = match went_on {
        Some(place) => place,
        // What a void place counted is counted anew.
        None => {
            let mut fresh = Report::new(given.version, report.rows);
            fresh.companies_before = report.companies_before;
            Place::begin(&begun, fresh, &given.limits)
        }
    };
    match load::all(&given, &begun, &mut place).await {
        Ok(true) => publish(&given, &begun, place, edition).await,
        Ok(false) if from == Some((place.next_pass, place.report.written)) => {
            Err(Fault::of(Code::ImportOutOfTime))
        }
        Ok(false) => Ok(Slice::GoesOn(Box::new(place))),
        Err(fault) => {
            if !begun.is_shared() {
                // A failure to discard must not hide the first fault. The next import finds what is left.
                let _ = discard(&given, given.version).await;
            }
            Err(fault)
        }
    }
}

fn ended(report: Report) -> Outcome<Slice> {
    Ok(Slice::Ended(Box::new(report)))
}

/// Returns a version that is newer than the one to be imported, published or begun.
async fn newer(given: &Import<'_>, published: Option<&Version>) -> Outcome<Option<Version>> {
    if let Some(published) = published.filter(|published| *published > given.version) {
        return Ok(Some(published.clone()));
    }
    let begun = patiently(|| given.companies.left_over()).await?;
    Ok(begun.into_iter().find(|begun| begun > given.version))
}

/// Publishes a version whose rows are all written.
async fn publish(
    given: &Import<'_>,
    begun: &Begun,
    place: Place,
    edition: Option<Edition>,
) -> Outcome<Slice> {
    let mut report = place.report;
    // With other rules a record may look up other keys, and be decided otherwise.
    let are_rules_same = edition.is_some_and(|edition| edition.rules.as_deref() == Some(RULES));
    let changed = place.changed.filter(|_| are_rules_same);
    report.keys_changed = changed.as_ref().map(|keys| keys.len() as u64);
    let changed = changed.map(|keys| KeySet::of(&keys));
    let publication = Publication {
        companies: report.rows.n_accepted,
        rules: RULES,
        changed: changed.as_ref(),
    };
    patiently(|| given.companies.publish(begun, publication)).await?;
    report.result = Verdict::Published;
    // The import has succeeded, even if discarding the previous version fails.
    report.remains = discard_left_over(given).await.unwrap_or(true);
    report.replaced = begun.before.as_ref().map(|before| before.0.clone());
    ended(report)
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
