//! Errors and warnings about one row of a file.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::FileColumn;

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

impl std::error::Error for RowError {}
