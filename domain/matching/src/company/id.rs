use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest company id, in bytes. The id becomes part of a DynamoDB sort key, which holds at
/// most 1,024 bytes in total.
pub const MAX_COMPANY_ID: usize = 128;

/// The vendor's id of a company: not empty, at most [`MAX_COMPANY_ID`] bytes, no control
/// characters, no leading or trailing whitespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CompanyId(String);

/// Why a text is not a [`CompanyId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyIdError {
    /// The text is empty, or consists of whitespace only.
    Empty,
    /// The text is longer than [`MAX_COMPANY_ID`] bytes.
    TooLong,
    /// The text contains a control character.
    ControlCharacter,
}

impl CompanyId {
    /// Parses `text`, ignoring leading and trailing whitespace.
    ///
    /// # Errors
    /// If `text` is empty, too long, or contains a control character.
    pub fn parse(text: &str) -> Result<Self, CompanyIdError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(CompanyIdError::Empty);
        }
        if text.len() > MAX_COMPANY_ID {
            return Err(CompanyIdError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(CompanyIdError::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as the vendor wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CompanyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for CompanyIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "company id is empty",
            Self::TooLong => "company id is too long",
            Self::ControlCharacter => "company id holds a control character",
        })
    }
}

impl std::error::Error for CompanyIdError {}

impl TryFrom<String> for CompanyId {
    type Error = CompanyIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CompanyId> for String {
    fn from(id: CompanyId) -> Self {
        id.0
    }
}
