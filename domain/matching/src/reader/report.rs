//! The report about an import.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FileColumn;
use super::row_error::RowError;

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
