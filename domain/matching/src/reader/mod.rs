//! Reads the vendor's file of companies, row by row, in bounded memory.
//!
//! CSV (header row; comma, semicolon, tab or bar, or what a line `sep=` names; columns in any order) or NDJSON, plain or as gz or zstd: told
//! from the first bytes, never from a file's name. What is wrong with one row is said with line, field and reason, and the next row is read; what is wrong with the file ends
//! the reading, so that nobody loads half of one.
//!
//! A row without a usable id or name is refused, as is one with bytes that are not UTF-8, another number of columns than the header, a broken
//! quote, or an id that was there before. Each of its lines counts, so that no line is lost without a word. Any other bad field is dropped with a warning and the row is kept: a company with a broken phone number is still a
//! company. A VAT id or LEI of the right form whose check digits are wrong is kept with a warning, because authorities have changed their rules
//! before and a wrong number still equals itself.

mod columns;
mod csv_rows;
mod header;
mod json_rows;
mod lines;
mod record;
mod report;
mod row;
mod seen;
mod source;

use std::io::Read;

use crate::company::Company;
pub use columns::Field;
pub use report::{FileError, Format, ImportReport, MAX_REPORTED, Packing, Reason, RowError};

use csv_rows::CsvRows;
use json_rows::JsonRows;
use row::RawRow;
use seen::Seen;

/// The longest row, in bytes. A quote that is never closed ends here and not in all of memory.
pub const MAX_ROW: usize = 1 << 20;

/// One row of the file.
#[derive(Debug)]
pub enum Row {
    /// A company that may be loaded.
    Company(Box<Company>),
    /// A row that may not, and why. It is in the report, too.
    Refused(RowError),
}

/// An iterator over the rows of one file. Its errors are the file's; after one it ends.
pub struct CompanyReader<R: Read> {
    rows: Rows<R>,
    seen: Seen,
    report: ImportReport,
    encoding: Encoding,
    ended: bool,
}

/// What the rows so far say about the file's encoding.
#[derive(Default)]
struct Encoding {
    /// Rows with letters beyond ASCII, in UTF-8.
    n_utf8: u64,
    /// Rows with bytes that are not UTF-8, and the first one's line.
    n_other: u64,
    first_other: u64,
}

enum Rows<R: Read> {
    Csv(Box<CsvRows<R>>),
    Json(Box<JsonRows<R>>),
}

/// What a source of rows hands over: fields by name, or why it could not.
enum Raw {
    Row(Box<RawRow>),
    Bad(RowError),
}

impl<R: Read> CompanyReader<R> {
    /// Looks at the first bytes and, in CSV, at the header.
    ///
    /// # Errors
    /// An empty file, another encoding than UTF-8, a missing column, a damaged archive, or a failure of `read` itself.
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
            seen: Seen::default(),
            report,
            encoding: Encoding::default(),
            ended: false,
        })
    }

    /// What was read so far.
    pub fn report(&self) -> &ImportReport {
        &self.report
    }

    /// What was read.
    pub fn into_report(self) -> ImportReport {
        self.report
    }

    /// The companies alone; refused rows are passed over, as the report of an earlier reading names them.
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
        let duplicate = raw.error(Some(Field::Id), Reason::Duplicate);
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

    /// A file has one encoding. Single rows may be damaged in a file that is UTF-8 otherwise; where they are no fewer than the rows
    /// that show it to be UTF-8, it is not, and leaving out all companies with an umlaut would look like a good import.
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
