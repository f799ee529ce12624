use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;

use serde::{Deserialize, Serialize};

use super::Field;

/// The most single errors, warnings and names of columns that a report lists. Counts are complete.
pub const MAX_REPORTED: usize = 100;

/// What came out of reading a file. It holds no value of any row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// How rows are written.
    pub format: Format,
    /// How the file is packed.
    pub packing: Packing,
    /// Lines of the file, as an editor counts them. Those of the header, the rows, the further lines of accepted rows and the
    /// skipped ones, all together.
    #[serde(default)]
    pub n_lines: u64,
    /// Lines of the header, with a line such as `sep=;` above it.
    #[serde(default)]
    pub n_header_lines: u64,
    /// Rows that say something: accepted and refused ones.
    pub n_rows: u64,
    /// Rows that are companies.
    pub n_accepted: u64,
    /// Further lines of accepted rows, where a quoted field has line ends in it.
    #[serde(default)]
    pub n_continued: u64,
    /// Rows that are not. Each line of a refused row counts: any of them may be a company.
    pub n_refused: u64,
    /// Lines of nothing but blanks and delimiters.
    #[serde(default)]
    pub n_skipped: u64,
    /// Fields that were dropped from accepted rows, or kept though doubtful.
    pub n_warnings: u64,
    /// Why rows were refused: the first [`MAX_REPORTED`].
    pub errors: Vec<RowError>,
    /// What was doubtful in accepted rows: the first [`MAX_REPORTED`].
    pub warnings: Vec<RowError>,
    /// How often each reason came up, by `field: reason`, errors and warnings together.
    pub reasons: BTreeMap<String, u64>,
    /// Columns of the file that mean nothing here, or repeat another one.
    pub ignored_columns: Vec<String>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A header and separated values.
    #[default]
    Csv,
    /// One JSON object per line.
    Ndjson,
}

/// How the file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// Not at all.
    #[default]
    None,
    /// RFC 1952, one member or several.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// What is wrong with one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The line on which the row begins, the file's first being 1.
    pub line: u64,
    /// The line on which it ends.
    #[serde(default)]
    pub last_line: u64,
    /// The field, unless it is the row as a whole.
    pub field: Option<Field>,
    /// What is wrong.
    pub reason: Reason,
}

/// What can be wrong with a row or a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing where something must be.
    Missing,
    /// More bytes than the field may have.
    TooLong,
    /// A control character.
    ControlCharacter,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// Not the form that such a value has.
    Form,
    /// The right form, but check digits that do not fit.
    CheckDigits,
    /// An id that an earlier row has.
    Duplicate,
    /// No JSON object.
    NotJson,
    /// A JSON value that is neither text nor number.
    WrongType,
    /// Another number of columns than the header has.
    ColumnCount,
    /// A quoted field whose quote is never closed, or with a quote in it that is not doubled; or one that goes on over lines
    /// which are rows by themselves.
    Quote,
}

/// Why a file cannot be read, or not to its end. Nothing of it should be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// No row and no header.
    Empty,
    /// Another encoding than UTF-8; this one, as far as can be told.
    Encoding(&'static str),
    /// Another encoding than UTF-8, which shows in so many rows, first on this line; no row shows that it is UTF-8 after all.
    NotUtf8 {
        /// The first line with such bytes.
        line: u64,
        /// How many rows have some.
        n_rows: u64,
    },
    /// Neither CSV nor NDJSON but this.
    Format(&'static str),
    /// The header, which begins on this line, has a quote that is not closed or not doubled.
    HeaderQuote(u64),
    /// No such column in the header, no such key in any row.
    MissingColumn(Field),
    /// The file ends in the middle of its archive.
    Truncated,
    /// The archive is damaged, or wants more memory for unpacking than it gets.
    Corrupt,
    /// The row that begins on this line is longer than [`super::MAX_ROW`]; often a quote that is never closed.
    RowTooLong(u64),
    /// Reading failed; nothing is known about the file.
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
        let field = error.field.map_or("row", Field::name);
        *self
            .reasons
            .entry(format!("{field}: {}", error.reason))
            .or_default() += 1;
    }
}

impl RowError {
    /// What is wrong with a row, or field, of one line.
    pub(super) fn at(line: u64, field: Option<Field>, reason: Reason) -> Self {
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
            self.field.map_or("row", Field::name),
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
