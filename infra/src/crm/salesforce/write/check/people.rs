//! The people of a draft: the person that it is, and those whom it names or points at.

use domain::{
    legal::Person,
    people::People,
    ports::{FieldProblem, Fields},
    record::{Object, RecordId},
};

use super::{
    super::{
        super::people::{OWN_EMAILS, OWN_PHONES, of_draft},
        shape::WriteShape,
    },
    values::{attributes, id, text},
};

/// Returns the people of a draft and how they are reached, as a record of the copy would have them. Only fields that
/// Salesforce accepts are searched, so an object's fields are the bound.
pub(super) fn reached(
    shape: &WriteShape,
    fields: &Fields,
    refused: &[(String, FieldProblem)],
) -> People {
    let is_taken = |name: &str| refused.iter().all(|(one, _)| one != name);
    let filled = fields.0.keys().filter(|name| is_taken(name));
    let filled = filled.filter_map(|name| {
        let kind = shape.fields.get(name)?.kind;
        Some((name.as_str(), kind, text(fields, name)?))
    });
    of_draft(shape.object, filled)
}

/// Returns the person that the record is, and others whom it names. A record that is no person names one person by each of
/// its e-mail addresses. The further addresses may belong to the first person or to somebody else, so each needs a clearance.
pub(super) fn people(
    shape: &WriteShape,
    fields: &Fields,
    is_person: bool,
) -> (Option<Person>, Vec<Person>) {
    let is_standard = |name: &str| OWN_EMAILS.contains(&name);
    let mut emails: Vec<(bool, String)> = shape
        .fields
        .iter()
        .filter(|(_, field)| field.is_email)
        .filter_map(|(name, _)| Some((!is_standard(name), text(fields, name)?.to_owned())))
        .collect();
    // The standard fields come first. They have the person's own addresses.
    emails.sort_by_key(|(is_other, _)| *is_other);
    emails.dedup_by(|one, before| one.1.eq_ignore_ascii_case(&before.1));
    let mut emails = emails.into_iter().map(|(_, email)| vec![email]);
    let first = emails.next().unwrap_or_default();
    if !is_person && first.is_empty() {
        return (None, Vec::new());
    }
    let names: Vec<&str> = ["FirstName", "LastName"]
        .into_iter()
        .filter_map(|name| text(fields, name))
        .collect();
    // A company's phone number belongs to no person.
    let phones = OWN_PHONES
        .iter()
        .filter(|_| is_person)
        .filter_map(|name| text(fields, name));
    let attributes = attributes(shape.object, fields);
    let person = Person {
        emails: first,
        phones: phones.map(str::to_owned).collect(),
        name: (!names.is_empty()).then(|| names.join(" ")),
        // A person account's name is not a company's name.
        company: attributes
            .company
            .filter(|_| is_person && shape.object != Object::Account)
            .map(String::from),
        country: attributes.country.map(String::from),
    };
    let others = emails.map(|emails| Person {
        emails,
        ..Person::default()
    });
    (Some(person), others.collect())
}

/// Returns the Contacts and Leads to which a field points, by the prefixes of their ids, and the accounts, which may be people.
pub(super) fn pointed_at(
    shape: &WriteShape,
    fields: &Fields,
) -> (Vec<(Object, RecordId)>, Vec<RecordId>) {
    let pointing = shape
        .fields
        .iter()
        .filter(|(name, field)| field.points_at_people && *name != "MasterRecordId");
    let (mut people, mut accounts) = (Vec::new(), Vec::new());
    for id in pointing.filter_map(|(name, _)| id(text(fields, name)?)) {
        // The check characters are ignored here, so that no person to whom the field may point goes without a clearance.
        let prefix = id.as_str().get(..3).map(str::to_ascii_uppercase);
        match prefix.as_deref() {
            Some("003") => people.push((Object::Contact, id)),
            Some("00Q") => people.push((Object::Lead, id)),
            Some("001") => accounts.push(id),
            _ => {}
        }
    }
    people.sort_unstable();
    people.dedup();
    accounts.sort_unstable();
    accounts.dedup();
    (people, accounts)
}
