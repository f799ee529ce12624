//! A record of the customer's CRM, in words that fit every CRM.
//!
//! # To add an object
//!
//! 1. A variant of [`Object`], in [`Object::ALL`] and in both names; in `removal/what.rs` a part of what a removal sweeps.
//!    The compiler leads to every other `match`.
//! 2. What it is to people and to lists: `people/`, `use_cases/subject_requests/mention.rs`, `use_cases/show_copy/status`.
//! 3. In each connector its fields, rights and words, in the vendor's folder under `infra/src/crm`; then in its simulator and
//!    in `tests/generator`.
//! 4. The name in `infra/openapi.yaml`, where it lists the objects.

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
    /// Something to do, or done.
    Task,
    /// A possible sale.
    Opportunity,
}

impl Object {
    /// All five, parents first, so that what points at a record comes after it.
    pub const ALL: [Self; 5] = [
        Self::Account,
        Self::Contact,
        Self::Lead,
        Self::Task,
        Self::Opportunity,
    ];

    /// The name, as it stands in keys, events and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Contact => "Contact",
            Self::Lead => "Lead",
            Self::Task => "Task",
            Self::Opportunity => "Opportunity",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Permanent, when it names none of the five.
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

/// The CRM's own id of a record. Opaque to us; it stands in keys, so it has bounds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId(Arc<str>);

impl RecordId {
    /// Reads an id: 1 to 64 printable ASCII characters but `#` and `/`, which separate the parts of our keys.
    /// That has room for numbers, GUIDs, and the letters and digits of any CRM here.
    ///
    /// # Errors
    /// Permanent, when the text is anything else.
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

    /// The id as text.
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

/// What a connector found at one place of a page.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every item is a record: a box for each would cost more than the room that the others leave empty"
)]
pub enum Item {
    /// A record as it stands in the CRM now.
    Live(Record),
    /// A record that is gone: deleted, or merged into `survivor`. A CRM may say so in the row of the record that is gone, or in the
    /// survivor's own: then that row makes an item for each record that was merged into it, beside the survivor's.
    Gone {
        /// The record that is gone.
        id: RecordId,
        /// What it was merged into, where the CRM says so.
        survivor: Option<RecordId>,
    },
    /// Something that is no record we can keep. It is quarantined, and the run goes on.
    Bad {
        /// Its id, where at least that could be read.
        id: Option<RecordId>,
        /// What is wrong with it: a stable code, no content.
        reason: &'static str,
    },
}

/// One copied instance of an object. Holds personal data: it has no `Debug` and leaves memory only sealed.
#[derive(Clone)]
pub struct Record {
    /// The CRM's id.
    pub id: RecordId,
    /// The CRM's stamp of the last change, to the millisecond.
    pub modified: Timestamp,
    /// The fields as one JSON object under the CRM's own names: empty fields left out, in an order and spelling that
    /// depend on the values alone (not on the way they were fetched), so that equal records have equal text.
    pub fields: Box<str>,
    /// The matching attributes, under names that all CRMs share.
    pub attributes: MatchingAttributes,
    /// The display fields, under names that all CRMs share.
    pub display: DisplayFields,
    /// Whether the record is a person or names people, and by what they are reached.
    pub people: People,
}

/// The matching attributes of a record: what it says about a company or a person, for matching and lookups. A value that the
/// record lacks is `None`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchingAttributes {
    /// The company's name: an Account's own, a Lead's company; a Contact's where the customer keeps it in a field of its own.
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
    /// VAT id, where the customer keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<Box<str>>,
    /// Register court and number, where the customer keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<Box<str>>,
    /// Legal entity identifier, where the customer keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lei: Option<Box<str>>,
    /// The record that this one belongs to: a Contact's, Opportunity's or Task's account, a Task's person otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<RecordId>,
}

/// The display fields of a record: its label, owner, stage, amount and dates. A value that the record lacks is `None`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisplayFields {
    /// What the record is called: an Account's or Opportunity's name, a person's full name, a Task's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Box<str>>,
    /// The CRM's id of the user whose record it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Box<str>>,
    /// The stage or status, as the CRM spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Box<str>>,
    /// Whether there is still something to be done; none, where the object knows no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// The amount, in decimal digits as the CRM has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Box<str>>,
    /// The amount's currency, ISO 4217; none: the organisation's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Box<str>>,
    /// The day that it is due or expected to close, `2026-11-24`.
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
    fn an_id_that_could_leave_its_place_in_a_key_is_refused() {
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
