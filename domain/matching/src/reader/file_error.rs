//! Errors that end the reading of a file.

use std::fmt;
use std::io::ErrorKind;

use super::FileColumn;

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

impl std::error::Error for FileError {}
