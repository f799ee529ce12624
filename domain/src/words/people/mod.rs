//! Who a record is, or whom it names, and by what these people are reached.
//!
//! The connector says it of each record ([`People`]), because only the connector knows the CRM's fields. Suppressions, erasure, search,
//! display, matching and clearance read it from here and decide nothing by an object's name: an account may be a person, and one
//! field may hold ten addresses.
//!
//! | file | what |
//! | --- | --- |
//! | [`reach`] | which texts are addresses and telephone numbers |
//! | [`earlier`] | the same for records that were copied before connectors said it |

mod earlier;
mod reach;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    person::{Person, name_words},
    record::{MatchingAttributes, Object, RecordId},
};

/// What a record is to the people in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It is about a company or a matter, and no field of it is meant for a person.
    #[default]
    Nobody,
    /// It is about a company or a matter, and names people.
    Names,
    /// It is a person.
    Person,
}

/// The people in a record, as its connector says. Personal data: it has no `Debug` and leaves memory only sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct People {
    /// What the record is to them.
    pub role: Role,
    /// Their full names. Where the record is a person, that person's name comes first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Box<str>>,
    /// Their e-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Box<str>>,
    /// Their telephone numbers, in any notation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Box<str>>,
    /// The account that is the same person, where a CRM keeps a contact beside it: that has further addresses and numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<RecordId>,
}

impl People {
    /// The people of a record whose body says `said`. Nothing is said in bodies of older formats: then it is worked out from the
    /// fields, so that nobody is shown who objected, until the record is read again.
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

    /// Whether the record is a person.
    pub fn is_person(&self) -> bool {
        self.role == Role::Person
    }

    /// The person that the record is; none: it is not one.
    pub fn person(&self, attributes: &MatchingAttributes) -> Option<Person> {
        if !self.is_person() {
            return None;
        }
        let company = attributes.company.as_deref();
        Some(Person {
            emails: owned(&self.emails),
            phones: owned(&self.phones),
            name: self.names.first().map(|name| (**name).to_owned()),
            // A person account is called by its person: that is no company to meet anybody at.
            company: company
                .filter(|company| !self.is_own_name(company))
                .map(str::to_owned),
            country: attributes.country.as_deref().map(str::to_owned),
        })
    }

    /// Everybody whom the record names, by name and `company`: the names of assistants are in the record, too.
    pub fn by_name<'a>(&'a self, company: &'a str) -> impl Iterator<Item = Person> + 'a {
        self.names.iter().map(|name| Person {
            name: Some((**name).to_owned()),
            company: Some(company.to_owned()),
            ..Person::default()
        })
    }

    /// Whether what stands for the company's name is the name of the person that the record is.
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
