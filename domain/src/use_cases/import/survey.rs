//! Checks a file before anything of it is loaded.

use matching::reader::{CompanyReader, FileError, ImportReport};

use super::{Import, Report};
use crate::{
    fault::{Code, Outcome},
    ports::Edition,
};

/// Checks every row, and loads nothing.
pub(super) fn survey(given: &Import<'_>) -> Outcome<Report> {
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
pub(super) fn too_small(report: &Report, edition: &Edition, max_percent: u64) -> Option<String> {
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
