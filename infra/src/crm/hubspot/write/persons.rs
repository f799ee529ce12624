//! The people that a draft names, and how they are reached.

use std::borrow::Cow;

use domain::{
    legal::Person,
    people::People,
    ports::Draft,
    record::{MatchingAttributes, Object},
};

use super::{shape::WriteShape, value::spelt};
use crate::crm::{
    client::wording,
    hubspot::{field::Kind, page},
};

/// The properties with a contact's own addresses and numbers.
const OWN_EMAILS: [&str; 2] = ["email", "hs_additional_emails"];
const OWN_PHONES: [&str; 2] = ["phone", "mobilephone"];

/// A draft's texts, each at the place of its property in the shape.
pub(super) struct Texts<'a> {
    shape: &'a WriteShape,
    slots: Vec<Option<Cow<'a, str>>>,
}

impl<'a> Texts<'a> {
    /// Of the properties that HubSpot takes.
    pub(super) fn of(
        shape: &'a WriteShape,
        draft: &'a Draft,
        is_taken: impl Fn(&str) -> bool,
    ) -> Self {
        let text = |name: &str| spelt(draft.fields.0.get(name).filter(|_| is_taken(name))?);
        let slots = shape.read.names().map(text).collect();
        Self { shape, slots }
    }

    fn named(&self, name: &str) -> Option<&str> {
        let at = self.shape.read.names().position(|one| one == name)?;
        Some(self.slots.get(at)?.as_deref()?.trim())
    }

    /// Returns the people of a record, as the copy will list them.
    pub(super) fn reached(&self) -> People {
        let read = &self.shape.read;
        read.people
            .people(&read.fields, |at| self.slots.get(at)?.as_deref())
    }

    /// Returns the matching attributes, as the copy will have them.
    pub(super) fn attributes(&self) -> MatchingAttributes {
        page::attributes(&self.shape.read, &self.slots, None).unwrap_or_default()
    }

    /// Returns the person that the record is, and others whom it names by e-mail address. Each further address may belong to
    /// somebody else, so each needs a clearance.
    pub(super) fn people(&self, attributes: &MatchingAttributes) -> (Option<Person>, Vec<Person>) {
        let is_person = self.shape.object == Object::Contact;
        let by_email = |email: String| Person {
            emails: vec![email],
            ..Person::default()
        };
        let mut others = self.other_emails(is_person).into_iter().map(by_email);
        if !is_person {
            return (others.next(), others.collect());
        }
        let owned = |names: &[&str]| -> Vec<String> {
            let texts = names.iter().filter_map(|name| self.named(name));
            let parts = texts.flat_map(|text| text.split(';')).map(str::trim);
            parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let names = owned(&["firstname", "lastname"]).join(" ");
        let person = Person {
            emails: owned(&OWN_EMAILS),
            phones: owned(&OWN_PHONES),
            name: Some(names).filter(|name| !name.is_empty()),
            company: attributes.company.clone().map(String::from),
            country: attributes.country.clone().map(String::from),
        };
        (Some(person), others.collect())
    }

    /// Returns the addresses in properties that are called addresses and are not the person's own.
    fn other_emails(&self, is_person: bool) -> Vec<String> {
        let is_own = |name: &str| is_person && OWN_EMAILS.contains(&name);
        let fields = self.shape.read.fields.iter().zip(&self.slots);
        let mut found: Vec<String> = fields
            .filter(|(field, _)| field.kind == Kind::Text && !is_own(&field.name))
            .filter(|(field, _)| wording::is_email(&wording::words(&field.name)))
            .filter_map(|(_, text)| {
                let text = text.as_deref()?.trim();
                text.contains('@').then(|| text.to_owned())
            })
            .collect();
        found.dedup_by(|one, before| one.eq_ignore_ascii_case(before));
        found
    }
}
