//! The import's report for the vendor of the file.

use matching::reader::{FileError, ImportReport};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    ports::Version,
};

/// The result of an import. It contains no value of any row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The import's version.
    pub version: String,
    /// Whether the file was published.
    pub result: Verdict,
    /// The reason for a refusal.
    pub problem: Option<Problem>,
    /// Statistics of its rows. If the file was refused, they cover the rows read until then.
    pub rows: ImportReport,
    /// Match keys that lead to companies.
    pub keys: u64,
    /// Match keys that too many companies share, so that they lead to none.
    pub keys_too_common: u64,
    /// Match keys under which something else stands than in the edition before. Records with one of them are matched again. `None`
    /// if all records are.
    #[serde(default)]
    pub keys_changed: Option<u64>,
    /// Companies that the edition before did not have.
    #[serde(default)]
    pub companies_added: u64,
    /// Companies that the edition before had with other values.
    #[serde(default)]
    pub companies_changed: u64,
    /// Companies that only the edition before had.
    #[serde(default)]
    pub companies_removed: u64,
    /// Rows of the table that this attempt wrote or deleted.
    #[serde(default)]
    pub written: u64,
    /// The number of companies of the edition that was published when this file arrived. `None` if there was no edition, or if a
    /// release that did not count imported it.
    #[serde(default)]
    pub companies_before: Option<u64>,
    /// The version that was published before.
    pub replaced: Option<String>,
    /// Whether rows that nobody reads may still be in the table.
    pub remains: bool,
}

/// The result of an import in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its companies are published.
    Published,
    /// The published version has not changed.
    Refused,
}

/// The reason for refusing a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable code.
    pub code: String,
    /// A detail, such as the missing column.
    pub detail: String,
}

impl Report {
    /// Creates the report of a file that has been read and is not published yet.
    pub(super) fn new(version: &Version, rows: ImportReport) -> Self {
        Self {
            version: version.0.clone(),
            result: Verdict::Refused,
            problem: None,
            rows,
            keys: 0,
            keys_too_common: 0,
            keys_changed: None,
            companies_added: 0,
            companies_changed: 0,
            companies_removed: 0,
            written: 0,
            companies_before: None,
            replaced: None,
            remains: false,
        }
    }

    /// Marks the file as refused.
    pub(super) fn refuse(&mut self, code: Code, detail: impl Into<String>) {
        self.problem = Some(Problem {
            code: code.to_string(),
            detail: detail.into(),
        });
    }

    /// Marks the file as unreadable.
    ///
    /// # Errors
    /// Transient if the cause lies outside the file.
    pub(super) fn refuse_unreadable(&mut self, error: &FileError) -> Outcome<()> {
        let code = match error {
            FileError::Empty => Code::FileEmpty,
            FileError::Encoding(_) | FileError::NotUtf8 { .. } => Code::FileEncoding,
            FileError::Format(_) => Code::FileFormat,
            FileError::HeaderQuote(_) => Code::FileHeaderQuote,
            FileError::MissingColumn(_) => Code::FileMissingColumn,
            FileError::Truncated => Code::FileTruncated,
            FileError::Corrupt => Code::FileCorrupt,
            FileError::RowTooLong(_) => Code::FileRowTooLong,
            FileError::Io(kind) => {
                return Err(Fault::of(Code::FileUnreadable).with_detail(kind.to_string()));
            }
        };
        self.refuse(code, error.to_string());
        Ok(())
    }
}
