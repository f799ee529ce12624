//! Checks drafts: their content, the people they name, and what Salesforce would not accept.

use domain::{
    legal::Person,
    people::People,
    ports::{Checked, Draft, FieldProblem, FieldValue, Fields, KeptBases},
    record::{MatchingAttributes, Object, Parent, RecordId},
};

use super::{
    super::{
        people::{OWN_EMAILS, OWN_PHONES, of_draft},
        shape::Kind,
    },
    links::{Linked, linked},
    shape::{WriteShape, spelt},
};

pub(super) fn check(shape: &WriteShape, draft: &Draft) -> Checked {
    let Linked {
        fields,
        refused: refused_links,
    } = linked(shape, draft);
    let fields = &fields;
    let given = |name: &str| fields.0.get(name).is_some_and(|value| !is_empty(value));
    let mut refused = Vec::new();
    for (name, value) in &fields.0 {
        if let Some(problem) = problem(shape, name, value) {
            refused.push((name.clone(), problem));
        }
    }
    let reached = reached(shape, fields, &refused);
    let missing = shape
        .fields
        .iter()
        .filter(|(name, field)| field.required && !given(name))
        .filter(|(name, _)| !(reached.is_person() && is_made_of_the_person(shape.object, name)))
        .map(|(name, _)| name.clone())
        .collect();
    let (person, others) = people(shape, fields, reached.is_person());
    let (people, accounts) = pointed_at(shape, fields);
    Checked {
        attributes: attributes(shape.object, fields),
        person,
        others,
        people,
        accounts,
        reached,
        account: text(fields, "AccountId").and_then(id),
        missing,
        refused,
        refused_links,
        kept_bases: match shape.basis {
            Some(_) => KeptBases::All,
            None => KeptBases::Nothing,
        },
        has_external_id: shape.external.as_deref().is_some_and(|name| !given(name)),
    }
}

/// Returns whether Salesforce makes the field from the person's names, although it calls the field required. An
/// organisation's accounts are companies, too, and need it.
/// too, and need it.
fn is_made_of_the_person(object: Object, name: &str) -> bool {
    object == Object::Account && name == "Name"
}

fn problem(shape: &WriteShape, name: &str, value: &FieldValue) -> Option<FieldProblem> {
    let Some(field) = shape.fields.get(name) else {
        return Some(FieldProblem::Unknown);
    };
    if !shape.createable || !field.createable {
        return Some(FieldProblem::NotCreateable);
    }
    let fits = match (field.kind, value) {
        (_, FieldValue::Null)
        | (Some(Kind::Time), FieldValue::Text(_))
        | (Some(Kind::Boolean), FieldValue::Truth(_)) => true,
        (Some(kind), FieldValue::Text(_)) if kind.is_text() => true,
        // Salesforce refuses the whole request because of one value that it cannot read.
        (Some(Kind::Number), FieldValue::Number(number)) => number.is_sane(),
        // A whole number may be given as a text, like a postal code.
        (Some(Kind::Number), FieldValue::Text(text)) => {
            text.parse::<f64>().is_ok_and(f64::is_finite)
        }
        _ => false,
    };
    if !fits {
        return Some(FieldProblem::WrongType);
    }
    let is_text = field.kind.is_some_and(Kind::is_text);
    let longest = field.longest.filter(|_| is_text)?;
    let length = value.as_str().map_or(0, |text| text.chars().count());
    (length > longest).then_some(FieldProblem::TooLong)
}

fn is_empty(value: &FieldValue) -> bool {
    match value {
        FieldValue::Null => true,
        FieldValue::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let text = fields.0.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Returns an id as the copy spells it. `None` if it cannot be an id. Salesforce then refuses it.
fn id(text: &str) -> Option<RecordId> {
    RecordId::parse(&spelt(text)).ok()
}

/// Returns the matching attributes as the copy would have them, by the usual fields.
fn attributes(object: Object, fields: &Fields) -> MatchingAttributes {
    let find = |name: &str| text(fields, name).map(Box::from);
    let stem = match object {
        Object::Account => "Billing",
        Object::Contact => "Mailing",
        Object::Lead | Object::Task | Object::Opportunity => "",
    };
    let address = |part: &str| find(&format!("{stem}{part}"));
    let parent = ["AccountId", "WhatId", "WhoId"]
        .into_iter()
        .find_map(|name| text(fields, name));
    MatchingAttributes {
        company: match object {
            Object::Account => find("Name"),
            Object::Lead => find("Company"),
            Object::Contact | Object::Task | Object::Opportunity => None,
        },
        street: address("Street"),
        zip: address("PostalCode"),
        city: address("City"),
        country: address("Country"),
        website: find("Website"),
        phone: find("Phone"),
        email: OWN_EMAILS.into_iter().find_map(find),
        parent: parent.and_then(id).map(Parent::named_by_id),
        ..MatchingAttributes::default()
    }
}

/// Returns the people of a draft and how they are reached, as a record of the copy would have them. Only fields that
/// Salesforce accepts are searched, so an object's fields are the bound.
fn reached(shape: &WriteShape, fields: &Fields, refused: &[(String, FieldProblem)]) -> People {
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
fn people(shape: &WriteShape, fields: &Fields, is_person: bool) -> (Option<Person>, Vec<Person>) {
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
fn pointed_at(shape: &WriteShape, fields: &Fields) -> (Vec<(Object, RecordId)>, Vec<RecordId>) {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::shape::WriteField, *};

    fn checked(object: Object, createable: bool, fields: &Value) -> Checked {
        let field = |is_email| WriteField {
            kind: Some(Kind::Text),
            is_email,
            createable: true,
            required: false,
            longest: None,
            points_at_people: false,
            is_reference: false,
        };
        let names = ["LastName", "Name", "Phone", "PersonMobilePhone"];
        let emails = ["Assistant_Email__c", "Email", "PersonEmail"];
        let required = object == Object::Account;
        let all = names.map(|name| {
            let field = WriteField {
                required: required && name == "Name",
                ..field(false)
            };
            (name.to_owned(), field)
        });
        let emails = emails.map(|name| (name.to_owned(), field(true)));
        let shape = WriteShape {
            object,
            createable,
            fields: all.into_iter().chain(emails).collect(),
            external: None,
            basis: None,
        };
        let fields = Fields::from(fields.as_object().unwrap().clone());
        let links = Vec::new();
        check(
            &shape,
            &Draft {
                object,
                fields,
                links,
            },
        )
    }

    #[test]
    fn the_own_address_says_who_it_is_and_each_other_one_names_somebody() {
        let fields = json!({"LastName": "Muster", "Email": "anna@werk.example", "Assistant_Email__c": "ben@werk.example"});
        let contact = checked(Object::Contact, true, &fields);
        assert_eq!(contact.person.unwrap().emails, ["anna@werk.example"]);
        let others: Vec<_> = contact.others.iter().map(|one| &one.emails).collect();
        assert_eq!(others, [&["ben@werk.example".to_owned()]]);
        let task = checked(
            Object::Task,
            true,
            &json!({"Assistant_Email__c": "ben@werk.example"}),
        );
        assert_eq!(task.person.unwrap().emails, ["ben@werk.example"]);
    }

    #[test]
    fn an_account_with_a_surname_is_a_person_with_numbers_and_a_company_has_none() {
        let person = json!({"LastName": "Muster", "PersonMobilePhone": "+49 170 1234567"});
        let person = checked(Object::Account, true, &person).person.unwrap();
        assert_eq!(person.phones, ["+49 170 1234567"]);
        let company = json!({"Name": "Werk GmbH", "Phone": "+49 30 1234567"});
        assert!(!checked(Object::Account, true, &company).names_somebody());
    }

    #[test]
    fn a_person_account_needs_no_name_of_a_company_and_a_company_does() {
        let missing = |fields| checked(Object::Account, true, &fields).missing;
        assert!(missing(json!({"LastName": "Muster"})).is_empty());
        assert_eq!(missing(json!({"Phone": "+49 30 1234567"})), ["Name"]);
    }

    #[test]
    fn an_id_in_another_spelling_is_the_record_that_the_copy_has() {
        for id in ["001xx000003DGb2", "001XX000003DGB2AAG"] {
            let checked = checked(Object::Contact, true, &json!({"AccountId": id}));
            let spelt = RecordId::parse("001xx000003DGb2AAG").unwrap();
            assert_eq!(checked.account.as_ref(), Some(&spelt), "{id}");
            assert_eq!(
                checked.attributes.parent,
                Some(Parent::named_by_id(spelt)),
                "{id}"
            );
        }
        let none = checked(
            Object::Contact,
            true,
            &json!({"AccountId": "001xx000003DGb2ABG"}),
        );
        assert_eq!(none.account.unwrap().as_str(), "001xx000003DGb2ABG");
    }

    #[test]
    fn of_an_object_that_may_not_be_created_each_field_says_so() {
        let checked = checked(Object::Account, false, &json!({"Name": "Werk GmbH"}));
        assert_eq!(
            checked.refused,
            [("Name".to_owned(), FieldProblem::NotCreateable)]
        );
    }
}
