//! The short name of a purpose, or of an activity.

use serde::{Deserialize, Serialize};

use crate::fault::{Code, Fault, Outcome};

/// A short name: 3 to 60 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Purpose(Box<str>);

impl Purpose {
    /// Parses a short name.
    ///
    /// # Errors
    /// Permanent if the text is malformed.
    pub fn parse(text: &str) -> Outcome<Self> {
        let fits = (3..=60).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Fault::of(Code::PurposeMalformed).with_detail("3 to 60 of a-z, 0-9 and -"))
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Purpose {
    type Error = Fault;

    fn try_from(text: String) -> Outcome<Self> {
        Self::parse(&text)
    }
}

impl From<Purpose> for String {
    fn from(purpose: Purpose) -> Self {
        purpose.0.into()
    }
}
