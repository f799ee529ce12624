use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;

use serde::{Deserialize, Serialize};

use super::FileColumn;

/// The most errors, warnings and column names that a report lists. The counts are always complete.
pub const MAX_REPORTED: usize = 100;

/// The result of reading a file. It contains no values from the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// How rows are written.
    pub format: Format,
    /// How the file is compressed.
    pub packing: Packing,
    /// The number of lines, as in an editor: the sum of the lines of the header, the rows, the
    /// further lines of accepted rows, and the skipped lines.
    #[serde(default)]
    pub n_lines: u64,
    /// Lines of the header, including a line such as `sep=;` above it.
    #[serde(default)]
    pub n_header_lines: u64,
    /// Accepted and refused rows.
    pub n_rows: u64,
    /// Accepted rows: companies.
    pub n_accepted: u64,
    /// Further lines of accepted rows, from quoted fields with line ends.
    #[serde(default)]
    pub n_continued: u64,
    /// Refused rows. Every line of a refused row counts, since each may be a company.
    pub n_refused: u64,
    /// Lines with nothing but spaces and delimiters.
    #[serde(default)]
    pub n_skipped: u64,
    /// Values of accepted rows that were dropped, or kept although they are doubtful.
    pub n_warnings: u64,
    /// Why rows were refused: the first [`MAX_REPORTED`] errors.
    pub errors: Vec<RowError>,
    /// What was dropped or doubtful in accepted rows: the first [`MAX_REPORTED`] warnings.
    pub warnings: Vec<RowError>,
    /// The number of errors and warnings for each reason, under `column: reason`.
    pub reasons: BTreeMap<String, u64>,
    /// Columns of the file that are unknown or repeated.
    pub ignored_columns: Vec<String>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A header and delimiter-separated values.
    #[default]
    Csv,
    /// One JSON object per line.
    Ndjson,
}

/// How the file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// Not compressed.
    #[default]
    None,
    /// gzip (RFC 1952), with one member or several.
    Gzip,
    /// zstd (RFC 8878).
    Zstd,
}

/// An error in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The first line of the row. The first line of the file is 1.
    pub line: u64,
    /// The last line of the row.
    #[serde(default)]
    pub last_line: u64,
    /// The column, unless the error concerns the whole row.
    pub field: Option<FileColumn>,
    /// The reason.
    pub reason: Reason,
}

/// The reasons for an error or a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A mandatory value is missing.
    Missing,
    /// The value has more bytes than allowed.
    TooLong,
    /// The value contains a control character.
    ControlCharacter,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The value does not have the form of its column.
    Form,
    /// The form is right, but the check digits are wrong.
    CheckDigits,
    /// An earlier row has the same id.
    Duplicate,
    /// The line is not a JSON object.
    NotJson,
    /// The JSON value is neither text nor a number.
    WrongType,
    /// The row has another number of columns than the header.
    ColumnCount,
    /// A quoted field is not closed, contains a quote that is not doubled, or continues over lines
    /// that are rows by themselves.
    Quote,
}

/// Why a file cannot be read, or not to its end. No part of it may be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// The file has no header and no rows.
    Empty,
    /// The file is not UTF-8. The detected encoding, as far as it can be recognized.
    Encoding(&'static str),
    /// The file is not UTF-8: some rows have invalid bytes, and too few rows show that the encoding
    /// is UTF-8 nevertheless.
    NotUtf8 {
        /// The first line with such bytes.
        line: u64,
        /// The number of rows with such bytes.
        n_rows: u64,
    },
    /// The file is neither CSV nor NDJSON, but this.
    Format(&'static str),
    /// The header that starts on this line has a quote that is not closed or not doubled.
    HeaderQuote(u64),
    /// The header lacks this mandatory column, or no row has this key.
    MissingColumn(FileColumn),
    /// The compressed file ends too early.
    Truncated,
    /// The compressed file is damaged, or needs more memory than is allowed.
    Corrupt,
    /// The row that starts on this line is longer than [`super::MAX_ROW`]. The usual cause is a
    /// quote that is never closed.
    RowTooLong(u64),
    /// Reading failed. The file itself may be valid.
    Io(ErrorKind),
}

impl ImportReport {
    pub(super) fn refuse(&mut self, error: RowError) {
        let n_lines = error.last_line.saturating_sub(error.line) + 1;
        self.n_rows += n_lines;
        self.n_refused += n_lines;
        self.count(error);
        if self.errors.len() < MAX_REPORTED {
            self.errors.push(error);
        }
    }

    pub(super) fn warn(&mut self, warning: RowError) {
        self.n_warnings += 1;
        self.count(warning);
        if self.warnings.len() < MAX_REPORTED {
            self.warnings.push(warning);
        }
    }

    pub(super) fn ignore_column(&mut self, column: &str) {
        let column: String = column
            .chars()
            .filter(|c| !c.is_control())
            .take(64)
            .collect();
        if self.ignored_columns.len() < MAX_REPORTED && !self.ignored_columns.contains(&column) {
            self.ignored_columns.push(column);
        }
    }

    fn count(&mut self, error: RowError) {
        let field = error.field.map_or("row", FileColumn::name);
        *self
            .reasons
            .entry(format!("{field}: {}", error.reason))
            .or_default() += 1;
    }
}

impl RowError {
    /// An error in a row of one line.
    pub(super) fn at(line: u64, field: Option<FileColumn>, reason: Reason) -> Self {
        Self {
            line,
            last_line: line,
            field,
            reason,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::TooLong => "too long",
            Self::ControlCharacter => "holds a control character",
            Self::NotUtf8 => "is not UTF-8",
            Self::Form => "has not the form of such a value",
            Self::CheckDigits => "has wrong check digits",
            Self::Duplicate => "was there before",
            Self::NotJson => "is no JSON object",
            Self::WrongType => "is neither text nor number",
            Self::ColumnCount => "has another number of columns than the header",
            Self::Quote => "has a quote that is not closed or not doubled",
        })
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}: {} {}",
            self.line,
            self.field.map_or("row", FileColumn::name),
            self.reason
        )
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("company file is empty"),
            Self::Encoding(found) => write!(f, "company file is not UTF-8 but {found}"),
            Self::NotUtf8 { line, n_rows } => write!(
                f,
                "company file is not UTF-8: {n_rows} rows have other bytes, the first on line {line}"
            ),
            Self::Format(found) => write!(
                f,
                "company file is neither CSV nor one JSON object per line, but {found}"
            ),
            Self::HeaderQuote(line) => write!(
                f,
                "company file has a quote in its header, on line {line}, that is not closed or not doubled"
            ),
            Self::MissingColumn(field) => {
                write!(f, "company file has no column \"{}\"", field.name())
            }
            Self::Truncated => f.write_str("company file ends in the middle"),
            Self::Corrupt => f.write_str("company file is damaged"),
            Self::RowTooLong(line) => write!(
                f,
                "company file has a row that never ends, from line {line} on"
            ),
            Self::Io(kind) => write!(f, "company file could not be read: {kind}"),
        }
    }
}

impl std::error::Error for RowError {}
impl std::error::Error for FileError {}
