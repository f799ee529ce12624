//! A person whom a record names.

use std::fmt;

use super::Person;

/// A person whom a record names, with addresses and numbers that may be the person's or somebody else's.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The person. Assessments are found only by this.
    pub person: Person,
    /// Addresses and numbers in the record's other fields. An objection by one of these counts. An assessment does not, because
    /// they may be an assistant's or a colleague's.
    pub beside: Person,
}

impl Named {
    /// Returns the identifiers by which objections and erasures are found.
    pub fn reached(&self) -> Person {
        let mut person = self.person.clone();
        person.emails.extend(self.beside.emails.iter().cloned());
        person.phones.extend(self.beside.phones.iter().cloned());
        person
    }
}

impl From<Person> for Named {
    fn from(person: Person) -> Self {
        Self {
            person,
            beside: Person::default(),
        }
    }
}

/// Prints no content.
impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Named")
    }
}
