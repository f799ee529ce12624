//! Records of the customer's CRM, in types that fit every CRM.
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

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    people::People,
};

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

/// An entry of a page, as the connector parsed it.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every item is a record: a box for each would cost more than the room that the others leave empty"
)]
pub enum Item {
    /// A record as it stands in the CRM now.
    Live(Record),
    /// A record that is gone: deleted, or merged into `survivor`. A CRM may report a merge in the row of the merged record, or in
    /// the survivor's row. In the latter case the row yields one item for each merged record, beside the survivor's.
    Gone {
        /// The record that is gone.
        id: RecordId,
        /// The record into which it was merged, if the CRM tells.
        survivor: Option<RecordId>,
    },
    /// An entry that cannot be kept. It is quarantined, and the run goes on.
    Bad {
        /// Its id, if at least that could be parsed.
        id: Option<RecordId>,
        /// The problem, as a stable code without content.
        reason: &'static str,
    },
}

/// One copied instance of an object. Holds personal data: it has no `Debug` and leaves memory only sealed.
#[derive(Clone)]
pub struct Record {
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's time of the last change, to the millisecond.
    pub modified: Timestamp,
    /// The fields as one JSON object under the CRM's own names, without empty fields. Order and spelling depend only on the values,
    /// not on the way they were fetched, so equal records have equal text.
    pub fields: Box<str>,
    /// The matching attributes, under names that are the same for all CRMs.
    pub attributes: MatchingAttributes,
    /// The display fields, under names that are the same for all CRMs.
    pub display: DisplayFields,
    /// The people in the record.
    pub people: People,
}

/// The matching attributes of a record, for matching and lookups. A value that the record lacks is `None`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchingAttributes {
    /// The company's name: an Account's own name, a Lead's company, or a Contact's if the customer keeps it in a field of the
    /// Contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<Box<str>>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<Box<str>>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<Box<str>>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<Box<str>>,
    /// Country, as the CRM spells it: a name or an ISO 3166 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Box<str>>,
    /// Web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<Box<str>>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Box<str>>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Box<str>>,
    /// VAT id, if the customer keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<Box<str>>,
    /// Register court and number, if the customer keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<Box<str>>,
    /// Legal entity identifier, if the customer keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lei: Option<Box<str>>,
    /// The parent record: the account of a Contact, Opportunity or Task. A Task without an account belongs to its person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<RecordId>,
}

/// The display fields of a record: its label, owner, stage, amount and dates. A value that the record lacks is `None`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisplayFields {
    /// The label: an Account's or Opportunity's name, a person's full name, a Task's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Box<str>>,
    /// The CRM's id of the user who owns the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Box<str>>,
    /// The stage or status, as the CRM spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Box<str>>,
    /// Whether something is still to be done. `None` for objects that are never closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// The amount, in decimal digits as the CRM has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Box<str>>,
    /// The amount's currency, ISO 4217. `None` for the organisation's own currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Box<str>>,
    /// The day on which it is due or expected to close, `2026-11-24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Box<str>>,
    /// The day of the last activity, `2026-11-24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<Box<str>>,
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
