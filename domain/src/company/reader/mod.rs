//! Reads the vendor's file of companies, row by row, in bounded memory.
//!
//! CSV (header row; comma, semicolon or tab; columns in any order) or NDJSON, plain or as gz or zstd: told from the first bytes, never from
//! a file's name. What is wrong with one row is said with line, field and reason, and the next row is read; what is wrong with the file ends
//! the reading, so that nobody loads half of one.
//!
//! A row without a usable id or name is refused, as is one with bytes that are not UTF-8, another number of columns than the header, or an
//! id that was there before. Any other bad field is dropped with a warning and the row is kept: a company with a broken phone number is still a
//! company. A VAT id or LEI of the right form whose check digits are wrong is kept with a warning, because authorities have changed their rules
//! before and a wrong number still equals itself.

mod columns;
mod csv_rows;
mod json_rows;
mod report;
mod row;
mod seen;
mod source;

use std::io::Read;

use super::Company;
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
    ended: bool,
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
            Rows::Json(Box::new(JsonRows::new(source)))
        } else {
            let (rows, ignored) = CsvRows::open(source)?;
            ignored
                .iter()
                .for_each(|column| report.ignore_column(column));
            Rows::Csv(Box::new(rows))
        };
        Ok(Self {
            rows,
            seen: Seen::default(),
            report,
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
            Rows::Csv(rows) => rows.next(),
            Rows::Json(rows) => rows.next(&mut self.report),
        }?;
        let Some(raw) = raw else {
            if let Rows::Json(rows) = &self.rows {
                rows.finish()?;
            }
            return Ok(None);
        };
        self.report.n_rows += 1;
        Ok(Some(match self.check(raw) {
            Ok(company) => {
                self.report.n_accepted += 1;
                Row::Company(Box::new(company))
            }
            Err(error) => {
                self.report.refuse(error);
                Row::Refused(error)
            }
        }))
    }

    fn check(&mut self, raw: Raw) -> Result<Company, RowError> {
        let raw = match raw {
            Raw::Row(raw) => raw,
            Raw::Bad(error) => return Err(error),
        };
        let line = raw.line;
        let company = raw.check(&mut self.report)?;
        if self.seen.insert(company.id.as_str()) {
            Ok(company)
        } else {
            Err(RowError {
                line,
                field: Some(Field::Id),
                reason: Reason::Duplicate,
            })
        }
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
