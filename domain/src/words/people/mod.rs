//! The people in a record, and the addresses and numbers by which they are reached.
//!
//! The connector lists them for each record ([`People`]), because only the connector knows the CRM's fields. Suppressions, erasure,
//! search, display, matching and clearance use this list and decide nothing by an object's name: an account may be a person, and
//! one field may hold ten addresses.
//!
//! | file | what |
//! | --- | --- |
//! | [`reach`] | recognises addresses and telephone numbers |
//! | [`earlier`] | finds the people of records that were copied before connectors listed them |

mod earlier;
mod reach;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    attributes::MatchingAttributes,
    object::{Object, RecordId},
    person::{Person, name_words},
};

/// The relation of a record to the people in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It is about a company or a matter, and has no field for a person.
    #[default]
    Nobody,
    /// It is about a company or a matter, and names people.
    Names,
    /// It is a person.
    Person,
}

/// The people in a record, as its connector lists them. Personal data: it has no `Debug` and leaves memory only sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct People {
    /// The record's relation to them.
    pub role: Role,
    /// Their full names. If the record is a person, that person's name comes first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Box<str>>,
    /// Their e-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Box<str>>,
    /// Their telephone numbers, in any notation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Box<str>>,
    /// The account of the same person, where a CRM keeps a contact beside a person account. The account has further addresses and
    /// numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<RecordId>,
    /// The contact of the same person, where a CRM copies a contact's data into a lead. The contact has further addresses and numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<RecordId>,
}

impl People {
    /// Returns the people of a record whose body lists `said`. Bodies of older formats list nobody. Then the people are derived
    /// from the fields, so that nobody who objected is shown before the record is read again.
    pub fn of<'p>(
        said: Option<&'p Self>,
        object: Object,
        attributes: &MatchingAttributes,
        label: Option<&str>,
        fields: &str,
    ) -> Cow<'p, Self> {
        match said {
            Some(said) => Cow::Borrowed(said),
            None => Cow::Owned(earlier::people(object, attributes, label, fields)),
        }
    }

    /// Returns the records that are the same person. They may have addresses and numbers that this record does not have.
    pub fn same(&self) -> impl Iterator<Item = (Object, &RecordId)> {
        let account = self.account.iter().map(|id| (Object::Account, id));
        account.chain(self.contact.iter().map(|id| (Object::Contact, id)))
    }

    /// Returns whether the record is a person.
    pub fn is_person(&self) -> bool {
        self.role == Role::Person
    }

    /// Returns the record as a person. `None` if it is not a person.
    pub fn person(&self, attributes: &MatchingAttributes) -> Option<Person> {
        if !self.is_person() {
            return None;
        }
        let company = attributes.company.as_deref();
        Some(Person {
            emails: owned(&self.emails),
            phones: owned(&self.phones),
            name: self.names.first().map(|name| (**name).to_owned()),
            // The company's name of a person account is the person's own, and not a company where others work.
            company: company
                .filter(|company| !self.is_own_name(company))
                .map(str::to_owned),
            country: attributes.country.as_deref().map(str::to_owned),
        })
    }

    /// Returns everybody whom the record names, by name and `company`. This includes the names of assistants.
    pub fn by_name<'a>(&'a self, company: &'a str) -> impl Iterator<Item = Person> + 'a {
        self.names.iter().map(|name| Person {
            name: Some((**name).to_owned()),
            company: Some(company.to_owned()),
            ..Person::default()
        })
    }

    /// Returns whether the record is a person and `company` is that person's name.
    pub fn is_own_name(&self, company: &str) -> bool {
        if !self.is_person() {
            return false;
        }
        let Some(name) = self.names.first() else {
            return false;
        };
        **name == *company || name_words(name).is_some_and(|own| name_words(company) == Some(own))
    }
}

fn owned(texts: &[Box<str>]) -> Vec<String> {
    texts.iter().map(|text| (**text).to_owned()).collect()
}
