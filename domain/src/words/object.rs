//! The objects that are copied, and the ids of their records.
//!
//! # To add an object
//!
//! 1. Add a variant to [`Object`], to [`Object::ALL`] and to both names, and a part to `removal/what.rs`, so that a removal sweeps
//!    it. The compiler leads to every other `match`.
//! 2. Define its relation to people and to lists: `people/`, `use_cases/subject_requests/mention.rs`, `use_cases/show_copy/status`.
//! 3. Add its fields, rights and terms to each connector, in the vendor's folder under `infra/src/crm`, then to its simulator and
//!    to `tests/generator`.
//! 4. Add the name to `infra/openapi.yaml`, wherever it lists the objects.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::fault::{Code, Fault, Outcome};

/// The five kinds of record that are copied. Each connector maps its CRM's own names onto these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Object {
    /// A company the customer deals with.
    Account,
    /// A person at an account.
    Contact,
    /// A person or company that is not an account yet.
    Lead,
    /// Something to do, or already done.
    Task,
    /// A possible sale.
    Opportunity,
}

impl Object {
    /// All five, parents first, so that a record comes after the record that it refers to.
    pub const ALL: [Self; 5] = [
        Self::Account,
        Self::Contact,
        Self::Lead,
        Self::Task,
        Self::Opportunity,
    ];

    /// Returns the name used in keys, events and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Contact => "Contact",
            Self::Lead => "Lead",
            Self::Task => "Task",
            Self::Opportunity => "Opportunity",
        }
    }

    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if the name is not one of the five.
    pub fn parse(name: &str) -> Outcome<Self> {
        Self::ALL
            .into_iter()
            .find(|object| object.name() == name)
            .ok_or_else(|| {
                Fault::of(Code::ObjectUnknown)
                    .with_detail("one of Account, Contact, Lead, Task, Opportunity")
            })
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The CRM's own id of a record. It is opaque to us and part of keys, so its length and characters are limited.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId(Arc<str>);

impl RecordId {
    /// Parses an id: 1 to 64 printable ASCII characters except `#` and `/`, which separate the parts of our keys. This covers
    /// numbers, GUIDs and the alphanumeric ids of all supported CRMs.
    ///
    /// # Errors
    /// Permanent if the text is malformed.
    pub fn parse(text: &str) -> Outcome<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && b != b'#' && b != b'/');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Fault::of(Code::RecordIdMalformed))
        }
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RecordId {
    type Error = Fault;

    fn try_from(text: String) -> Outcome<Self> {
        Self::parse(&text)
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        (*id.0).to_owned()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_back_from_its_name() {
        for object in Object::ALL {
            assert_eq!(Object::parse(object.name()).unwrap(), object);
        }
        assert_eq!(
            *Object::parse("Case").unwrap_err().code(),
            Code::ObjectUnknown
        );
    }

    #[test]
    fn an_id_with_a_key_separator_is_refused() {
        for text in ["", "a#b", "a/b", "a b", "ä", "a\nb", &"1".repeat(65)] {
            assert!(RecordId::parse(text).is_err(), "{text:?}");
        }
        for text in [
            "001000000000001AAA",
            "6e2f5b36-0000-4000-8000-000000000000",
            "42",
        ] {
            assert_eq!(RecordId::parse(text).unwrap().as_str(), text);
        }
    }
}
