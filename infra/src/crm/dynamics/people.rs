//! Decides which of Dataverse's records are people, and which columns have names, e-mail addresses and phone numbers. This is the
//! only place that does so.
//!
//! Contacts and leads are people. A lead that was qualified, or that names an existing contact, is the same person as that contact.
//! Accounts and tasks may name people by e-mail addresses.

use domain::{
    people::{People, Role},
    record::{Object, RecordId},
};

use super::{
    field::{Field, Kind, position},
    names::id,
};

/// The contact that is the same person as a lead.
const CONTACT: &str = "_parentcontactid_value";

/// Full names of other people in contacts.
const OTHERS: [&str; 3] = ["assistantname", "managername", "spousesname"];

/// The columns of a table that name or reach people.
#[derive(Default)]
pub(super) struct PeopleFields {
    /// Whether each of the table's records is a person.
    always: bool,
    /// The lookup of the contact that is the same person.
    contact: Option<usize>,
    /// The parts of the person's name.
    name: Vec<usize>,
    /// The parts of the full name.
    full_name: Vec<usize>,
    /// Full names of other people.
    others: Vec<usize>,
    /// Columns with e-mail addresses. With them records name people even if they are not people themselves.
    emails: Vec<usize>,
}

impl PeopleFields {
    pub(super) fn of(object: Object, fields: &[Field]) -> Self {
        let all = |names: &[&str]| -> Vec<usize> {
            let places = names.iter().map(|name| position(fields, name));
            places.flatten().collect()
        };
        let emails = fields.iter().enumerate();
        let emails = emails.filter(|(_, field)| field.is_email());
        let emails = emails.map(|(at, _)| at).collect();
        if !object.is_always_a_person() {
            return Self {
                emails,
                ..Self::default()
            };
        }
        Self {
            always: true,
            contact: position(fields, CONTACT).filter(|_| object == Object::Lead),
            name: person(fields),
            full_name: all(&["firstname", "middlename", "lastname"]),
            others: all(&OTHERS),
            emails,
        }
    }

    /// Returns the people of a record. `text` returns a column's value, or nothing if it is empty.
    pub(super) fn people<'a>(
        &self,
        fields: &[Field],
        text: impl Fn(usize) -> Option<&'a str>,
    ) -> People {
        let mut people = People::default();
        if !self.always {
            for address in self.emails.iter().filter_map(|at| text(*at)) {
                people.role = Role::Names;
                people.add_reach(address);
            }
            return people;
        }
        people.role = Role::Person;
        people.contact = self.same(&text);
        for parts in [&self.name, &self.full_name] {
            let parts: Vec<&str> = parts.iter().filter_map(|at| text(*at)).collect();
            people.add_name(&parts.join(" "));
        }
        for other in self.others.iter().filter_map(|at| text(*at)) {
            people.add_name(other);
        }
        // Whatever a person's column is called, an address or number in it reaches the person.
        for (at, field) in fields.iter().enumerate() {
            match (field.kind, text(at)) {
                (Kind::Phone, Some(number)) => people.add_phones(number),
                (Kind::Text, Some(text)) => people.add_reach(text),
                _ => {}
            }
        }
        people
    }

    fn same<'a>(&self, text: impl Fn(usize) -> Option<&'a str>) -> Option<RecordId> {
        id(text(self.contact?)?)
    }
}

/// The columns with a person's name: its parts, and the whole where the user may not read the parts.
pub(super) fn person(fields: &[Field]) -> Vec<usize> {
    let places = |names: &[&str]| -> Vec<usize> {
        let places = names.iter().map(|name| position(fields, name));
        places.flatten().collect()
    };
    let parts = places(&["firstname", "lastname"]);
    match parts.is_empty() {
        true => places(&["fullname"]),
        false => parts,
    }
}
