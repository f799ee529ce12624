//! Decides which of HubSpot's records are people, and which properties have names, e-mail addresses and phone numbers.
//! This is the only place that does so.
//!
//! Contacts are people. Their further e-mail addresses are in one property, separated by `;`. A lead has no person of
//! its own: HubSpot copies name and address of its contact into it. A lead with such copies is shown, objected to and
//! erased as that person.

use domain::{
    people::{People, Role},
    record::Object,
};

use super::{
    super::client::wording,
    field::{Field, Kind, position},
    record_id::id,
};

/// Copies of the contact's data in a lead: the address, then the parts of the name.
const COPIES: [&str; 3] = [
    "hs_associated_contact_email",
    "hs_associated_contact_firstname",
    "hs_associated_contact_lastname",
];

/// The lead's own contact.
const CONTACT: &str = "hs_primary_contact_id";

/// The properties of an object that name or reach people.
#[derive(Default)]
pub(super) struct PeopleFields {
    /// Whether each of the object's records is a person.
    always: bool,
    /// Properties that say so by being filled.
    copies: Vec<usize>,
    /// The property with the contact that is the same person.
    contact: Option<usize>,
    /// The parts of the person's name.
    name: Vec<usize>,
    /// Properties with e-mail addresses. With them records name people even if they are not people themselves.
    emails: Vec<usize>,
}

impl PeopleFields {
    pub(super) fn of(object: Object, fields: &[Field]) -> Self {
        let all = |names: &[&str]| -> Vec<usize> {
            let places = names.iter().map(|name| position(fields, name));
            places.flatten().collect()
        };
        let (always, copies, name): (bool, &[&str], &[&str]) = match object {
            Object::Contact => (true, &[], &["firstname", "lastname"]),
            Object::Lead => (false, &COPIES, &COPIES[1..]),
            Object::Account | Object::Task | Object::Opportunity => (false, &[], &[]),
        };
        let contact = (!copies.is_empty()).then_some(CONTACT);
        let emails = fields.iter().enumerate();
        let emails = emails.filter(|(_, field)| {
            field.kind == Kind::Text && wording::is_email(&wording::words(&field.name))
        });
        Self {
            always,
            copies: all(copies),
            contact: contact.and_then(|name| position(fields, name)),
            name: all(name),
            emails: emails.map(|(at, _)| at).collect(),
        }
    }

    /// Returns the people of a record. `text` returns a property's value, or nothing if it is empty.
    pub(super) fn people<'a, T: AsRef<str> + 'a>(
        &self,
        fields: &[Field],
        text: impl Fn(usize) -> Option<T>,
    ) -> People {
        let mut people = People::default();
        let is_person = self.always || self.copies.iter().any(|at| text(*at).is_some());
        if !is_person {
            for address in self.emails.iter().filter_map(|at| text(*at)) {
                people.role = Role::Names;
                people.add_reach(address.as_ref());
            }
            return people;
        }
        people.role = Role::Person;
        // The contact has further addresses, and an objection by one of them is about the lead, too.
        people.contact = self
            .contact
            .and_then(&text)
            .and_then(|text| id(text.as_ref()));
        let parts: Vec<T> = self.name.iter().filter_map(|at| text(*at)).collect();
        let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
        people.add_name(&parts.join(" "));
        // Whatever a person's property is called, an address or number in it reaches the person.
        for (at, field) in fields.iter().enumerate() {
            match (field.kind, text(at)) {
                (Kind::Phone, Some(number)) => people.add_phones(number.as_ref()),
                (Kind::Text, Some(text)) => people.add_reach(text.as_ref()),
                _ => {}
            }
        }
        people
    }
}
