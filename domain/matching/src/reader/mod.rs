//! Reads the vendor's company file, row by row, in bounded memory.
//!
//! The file is CSV or NDJSON, plain or compressed with gzip or zstd. Format and compression are
//! recognized from the first bytes, never from the file name. A CSV file has a header row with
//! columns in any order; the delimiter is a comma, semicolon, tab or bar, or is named by a line
//! `sep=`.
//!
//! # Errors in a row and in the file
//!
//! An error in a row is reported with its line, column and reason, and reading continues. An error
//! of the file as a whole ends the reading, so that half a file is never loaded.
//!
//! A row is refused if it has no usable id or name, contains bytes that are not UTF-8, has another
//! number of columns than the header, has a broken quote, or repeats an id. Each line of a refused
//! row is counted, so every line of the file appears in the report.
//!
//! Any other bad value is dropped with a warning, and the row is kept: a company with a broken
//! phone number is still a company. A VAT id or LEI with the right form but wrong check digits is
//! kept with a warning. Authorities have changed their rules before, and a wrong number still
//! equals itself.

mod columns;
mod csv_rows;
mod file_error;
mod header;
mod json_rows;
mod lines;
mod lines_ahead;
mod record;
mod report;
mod row;
mod row_error;
mod seen;
mod source;

use std::io::Read;

use crate::company::Company;
pub use columns::FileColumn;
pub use file_error::FileError;
pub use report::{Format, ImportReport, MAX_REPORTED, Packing};
pub use row_error::{Reason, RowError};

use csv_rows::CsvRows;
use json_rows::JsonRows;
use row::RawRow;
use seen::SeenIds;

/// The longest row, in bytes. It limits the memory that a quote without an end can take.
pub const MAX_ROW: usize = 1 << 20;

/// One row of the file.
#[derive(Debug)]
pub enum Row {
    /// A company that may be loaded.
    Company(Box<Company>),
    /// A row that may not be loaded, with the reason. The report lists it as well.
    Refused(RowError),
}

/// An iterator over the rows of a file. Its errors concern the whole file, and it ends after the
/// first one.
pub struct CompanyReader<R: Read> {
    rows: Rows<R>,
    seen: SeenIds,
    report: ImportReport,
    encoding: Encoding,
    ended: bool,
}

/// What the rows up to now tell about the encoding of the file.
#[derive(Default)]
struct Encoding {
    /// The number of rows with non-ASCII letters in valid UTF-8.
    n_utf8: u64,
    /// The number of rows with bytes that are not UTF-8, and the first line of the first such row.
    n_other: u64,
    first_other: u64,
}

enum Rows<R: Read> {
    Csv(Box<CsvRows<R>>),
    Json(Box<JsonRows<R>>),
}

/// What a format hands over for a row: its values by column, or the reason why there are none.
enum Raw {
    Row(Box<RawRow>),
    Bad(RowError),
}

impl<R: Read> CompanyReader<R> {
    /// Reads the first bytes and, in CSV, the header.
    ///
    /// # Errors
    /// If the file is empty, is not UTF-8, lacks a mandatory column or is a damaged archive, or if
    /// `read` fails.
    pub fn open(read: R) -> Result<Self, FileError> {
        let source = source::open(read)?;
        let mut report = ImportReport {
            packing: source.packing,
            ..ImportReport::default()
        };
        let rows = if source.is_json {
            report.format = Format::Ndjson;
            Rows::Json(Box::new(JsonRows::new(source.bytes)))
        } else {
            Rows::Csv(Box::new(CsvRows::open(source.bytes, &mut report)?))
        };
        Ok(Self {
            rows,
            seen: SeenIds::default(),
            report,
            encoding: Encoding::default(),
            ended: false,
        })
    }

    /// The report on the rows up to now.
    pub fn report(&self) -> &ImportReport {
        &self.report
    }

    /// The report.
    pub fn into_report(self) -> ImportReport {
        self.report
    }

    /// The companies only. Refused rows are skipped, since the report of an earlier reading lists
    /// them.
    pub fn companies(self) -> impl Iterator<Item = Result<Company, FileError>> {
        self.filter_map(|row| match row {
            Ok(Row::Company(company)) => Some(Ok(*company)),
            Ok(Row::Refused(_)) => None,
            Err(error) => Some(Err(error)),
        })
    }

    fn read(&mut self) -> Result<Option<Row>, FileError> {
        let raw = match &mut self.rows {
            Rows::Csv(rows) => rows.next(&mut self.report),
            Rows::Json(rows) => rows.next(&mut self.report),
        }?;
        self.report.n_lines = match &self.rows {
            Rows::Csv(rows) => rows.number(),
            Rows::Json(rows) => rows.number(),
        };
        let Some(raw) = raw else {
            self.encoding.check()?;
            if let Rows::Json(rows) = &self.rows {
                rows.finish()?;
            }
            return Ok(None);
        };
        self.encoding.note(&raw);
        Ok(Some(match self.check(raw) {
            Ok((company, n_lines)) => {
                self.report.n_rows += 1;
                self.report.n_accepted += 1;
                self.report.n_continued += n_lines - 1;
                Row::Company(Box::new(company))
            }
            Err(error) => {
                self.report.refuse(error);
                Row::Refused(error)
            }
        }))
    }

    fn check(&mut self, raw: Raw) -> Result<(Company, u64), RowError> {
        let raw = match raw {
            Raw::Row(raw) => raw,
            Raw::Bad(error) => return Err(error),
        };
        let n_lines = raw.n_lines();
        let duplicate = raw.error(Some(FileColumn::Id), Reason::Duplicate);
        let company = raw.check(&mut self.report)?;
        if self.seen.insert(company.id.as_str()) {
            Ok((company, n_lines))
        } else {
            Err(duplicate)
        }
    }
}

impl Encoding {
    fn note(&mut self, raw: &Raw) {
        match raw {
            Raw::Row(row) => self.n_utf8 += u64::from(!row.is_ascii()),
            Raw::Bad(error) if error.reason == Reason::NotUtf8 => {
                if self.n_other == 0 {
                    self.first_other = error.line;
                }
                self.n_other += 1;
            }
            Raw::Bad(_) => {}
        }
    }

    /// A file has one encoding. A UTF-8 file may have a few damaged rows. But if rows with invalid
    /// bytes are at least as many as rows with valid UTF-8 letters, the file has another encoding:
    /// refusing just those rows would drop every company with an umlaut, and look like a successful
    /// import.
    fn check(&self) -> Result<(), FileError> {
        if self.n_other == 0 || self.n_other < self.n_utf8 {
            return Ok(());
        }
        Err(FileError::NotUtf8 {
            line: self.first_other,
            n_rows: self.n_other,
        })
    }
}

impl<R: Read> Iterator for CompanyReader<R> {
    type Item = Result<Row, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.read().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

#[cfg(test)]
mod tests;
