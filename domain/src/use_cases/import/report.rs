//! What an import tells the vendor of the file.

use matching::reader::{FileError, ImportReport};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    ports::Version,
};

/// What became of a file. Holds no value of any row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The import's version.
    pub version: String,
    /// What became of the file.
    pub result: Verdict,
    /// Why it was refused.
    pub problem: Option<Problem>,
    /// What its rows are like; as far as it was read, where it was refused.
    pub rows: ImportReport,
    /// Match keys that lead to a company.
    pub keys: u64,
    /// Match keys that too many companies have, so that they lead to none.
    pub keys_too_common: u64,
    /// How many companies the edition has that was published when this file came; none: there was no edition, or it was taken in by
    /// a release that did not count.
    #[serde(default)]
    pub companies_before: Option<u64>,
    /// The version that was read before.
    pub replaced: Option<String>,
    /// Whether entries of the version before may still be in the table; nobody reads them.
    pub remains: bool,
}

/// What became of a file, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Its companies are the ones that are read now.
    Published,
    /// Nothing has changed.
    Refused,
}

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable code.
    pub code: String,
    /// What else there is to say: the column that is missing, say.
    pub detail: String,
}

impl Report {
    /// A file that was read, and is not published yet.
    pub(super) fn new(version: &Version, rows: ImportReport) -> Self {
        Self {
            version: version.0.clone(),
            result: Verdict::Refused,
            problem: None,
            rows,
            keys: 0,
            keys_too_common: 0,
            companies_before: None,
            replaced: None,
            remains: false,
        }
    }

    /// The file is refused.
    pub(super) fn refuse(&mut self, code: Code, detail: impl Into<String>) {
        self.problem = Some(Problem {
            code: code.to_string(),
            detail: detail.into(),
        });
    }

    /// The file cannot be read.
    ///
    /// # Errors
    /// Transient, when that is not the file's doing.
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
