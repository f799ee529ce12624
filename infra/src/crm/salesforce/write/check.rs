//! What a draft says, whom it names, and what Salesforce would not take.

use domain::{
    legal::Person,
    ports::{Checked, Draft, FieldProblem, Fields, Given},
    record::{About, Object, RecordId},
};

use super::{super::shape::Kind, shape::WriteShape};

/// Fields that telephone numbers of people are in.
const PHONES: [&str; 6] = [
    "Phone",
    "MobilePhone",
    "HomePhone",
    "OtherPhone",
    "PersonMobilePhone",
    "PersonHomePhone",
];

pub(super) fn check(shape: &WriteShape, draft: &Draft) -> Checked {
    let fields = &draft.fields;
    let given = |name: &str| fields.0.get(name).is_some_and(|value| !is_empty(value));
    let mut refused = Vec::new();
    for (name, value) in &fields.0 {
        if let Some(problem) = problem(shape, name, value) {
            refused.push((name.clone(), problem));
        }
    }
    let missing = shape
        .fields
        .iter()
        .filter(|(name, field)| field.required && !given(name))
        .map(|(name, _)| name.clone())
        .collect();
    Checked {
        about: about(shape.object, fields),
        person: person(shape, fields),
        people: pointed_at(shape, fields),
        account: text(fields, "AccountId").and_then(|id| RecordId::parse(id).ok()),
        missing,
        refused,
        keeps_basis: shape.basis.is_some(),
        has_external_id: shape.external.as_deref().is_some_and(|name| !given(name)),
    }
}

fn problem(shape: &WriteShape, name: &str, value: &Given) -> Option<FieldProblem> {
    let Some(field) = shape.fields.get(name) else {
        return Some(FieldProblem::Unknown);
    };
    if !field.createable {
        return Some(FieldProblem::NotCreateable);
    }
    let fits = match (field.kind, value) {
        (_, Given::Null)
        | (Some(Kind::Text | Kind::Time), Given::Text(_))
        | (Some(Kind::Boolean), Given::Truth(_)) => true,
        // Salesforce refuses the whole request for one that it cannot read.
        (Some(Kind::Number), Given::Number(number)) => number.is_sane(),
        // A whole number of digits may be a text, as a postal code is.
        (Some(Kind::Number), Given::Text(text)) => text.parse::<f64>().is_ok_and(f64::is_finite),
        _ => false,
    };
    if !fits {
        return Some(FieldProblem::WrongType);
    }
    let is_text = field.kind == Some(Kind::Text);
    let longest = field.longest.filter(|_| is_text)?;
    let length = value.as_str().map_or(0, |text| text.chars().count());
    (length > longest).then_some(FieldProblem::TooLong)
}

fn is_empty(value: &Given) -> bool {
    match value {
        Given::Null => true,
        Given::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let text = fields.0.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// As the copy's records say it, by the usual fields.
fn about(object: Object, fields: &Fields) -> About {
    let find = |name: &str| text(fields, name).map(Box::from);
    let stem = match object {
        Object::Account => "Billing",
        Object::Contact => "Mailing",
        _ => "",
    };
    let address = |part: &str| find(&format!("{stem}{part}"));
    let parent = ["AccountId", "WhatId", "WhoId"]
        .into_iter()
        .find_map(|name| text(fields, name));
    About {
        company: match object {
            Object::Account => find("Name"),
            Object::Lead => find("Company"),
            _ => None,
        },
        street: address("Street"),
        zip: address("PostalCode"),
        city: address("City"),
        country: address("Country"),
        website: find("Website"),
        phone: find("Phone"),
        email: find("Email"),
        parent: parent.and_then(|id| RecordId::parse(id).ok()),
        ..About::default()
    }
}

/// Contacts and Leads are people; any other record names one by an e-mail address, or as a person account does by a
/// surname.
fn person(shape: &WriteShape, fields: &Fields) -> Option<Person> {
    let is_person = matches!(shape.object, Object::Contact | Object::Lead);
    let emails: Vec<String> = shape
        .fields
        .iter()
        .filter(|(_, field)| field.is_email)
        .filter_map(|(name, _)| text(fields, name).map(str::to_owned))
        .collect();
    if !is_person && emails.is_empty() && text(fields, "LastName").is_none() {
        return None;
    }
    let names: Vec<&str> = ["FirstName", "LastName"]
        .into_iter()
        .filter_map(|name| text(fields, name))
        .collect();
    let phones = PHONES.iter().filter_map(|name| text(fields, name));
    let about = about(shape.object, fields);
    Some(Person {
        emails,
        // A company's own number is no person's.
        phones: if is_person {
            phones.map(str::to_owned).collect()
        } else {
            Vec::new()
        },
        name: (!names.is_empty()).then(|| names.join(" ")),
        company: about.company.filter(|_| is_person).map(String::from),
        country: about.country.map(String::from),
    })
}

/// Contacts and Leads that a field points at, by the prefixes of their ids.
fn pointed_at(shape: &WriteShape, fields: &Fields) -> Vec<(Object, RecordId)> {
    let mut people: Vec<(Object, RecordId)> = shape
        .fields
        .iter()
        .filter(|(name, field)| field.points_at_people && *name != "MasterRecordId")
        .filter_map(|(name, _)| text(fields, name))
        .filter_map(|id| {
            // An id of 18 characters may be written in any case: its last three say which it is.
            let object = match id.get(..3)?.to_ascii_uppercase().as_str() {
                "003" => Object::Contact,
                "00Q" => Object::Lead,
                _ => return None,
            };
            Some((object, RecordId::parse(id).ok()?))
        })
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}
