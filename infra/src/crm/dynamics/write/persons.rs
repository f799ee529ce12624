//! The people that a draft names, and how they are reached.

use std::borrow::Cow;

use domain::{legal::Person, people::People, ports::Draft, record::MatchingAttributes};

use super::{super::page, shape::WriteShape, value::spelt};

/// The columns with a person's own addresses and numbers.
const OWN_EMAILS: [&str; 3] = ["emailaddress1", "emailaddress2", "emailaddress3"];
const OWN_PHONES: [&str; 4] = ["telephone1", "telephone2", "telephone3", "mobilephone"];

/// A draft's texts, each at the place of its column in the shape.
pub(super) struct Texts<'a> {
    shape: &'a WriteShape,
    slots: Vec<Option<Cow<'a, str>>>,
}

impl<'a> Texts<'a> {
    /// Of the columns that Dataverse takes.
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

    fn owned(&self, names: &[&str]) -> Vec<String> {
        let texts = names.iter().filter_map(|name| self.named(name));
        let texts = texts.filter(|text| !text.is_empty());
        texts.map(str::to_owned).collect()
    }

    /// Returns the people of a record, as the copy will list them.
    pub(super) fn reached(&self) -> People {
        let read = &self.shape.read;
        read.people
            .people(&read.fields, |at| self.slots.get(at)?.as_deref())
    }

    /// Returns the matching attributes, as the copy will have them. Links say the parent.
    pub(super) fn attributes(&self) -> MatchingAttributes {
        page::attributes(&self.shape.read, &self.slots, |_| None).unwrap_or_default()
    }

    /// Returns the person that the record is, and others whom it names by e-mail address. Each further address may belong to
    /// somebody else, so each needs a clearance.
    pub(super) fn people(&self, attributes: &MatchingAttributes) -> (Option<Person>, Vec<Person>) {
        let is_person = self.shape.object.is_always_a_person();
        let by_email = |email: String| Person {
            emails: vec![email],
            ..Person::default()
        };
        let mut others = self.other_emails(is_person).into_iter().map(by_email);
        if !is_person {
            return (others.next(), others.collect());
        }
        let name = self.owned(&["firstname", "lastname"]).join(" ");
        let person = Person {
            emails: self.owned(&OWN_EMAILS),
            phones: self.owned(&OWN_PHONES),
            name: Some(name).filter(|name| !name.is_empty()),
            company: attributes.company.clone().map(String::from),
            country: attributes.country.clone().map(String::from),
        };
        (Some(person), others.collect())
    }

    /// Returns the addresses in columns that are called addresses and are not the person's own.
    fn other_emails(&self, is_person: bool) -> Vec<String> {
        let is_own = |name: &str| is_person && OWN_EMAILS.contains(&name);
        let fields = self.shape.read.fields.iter().zip(&self.slots);
        let mut found: Vec<String> = fields
            .filter(|(field, _)| field.is_email() && !is_own(&field.name))
            .filter_map(|(_, text)| {
                let text = text.as_deref()?.trim();
                text.contains('@').then(|| text.to_owned())
            })
            .collect();
        found.dedup_by(|one, before| one.eq_ignore_ascii_case(before));
        found
    }
}
