//! Decides which of Salesforce's records are people, and which fields have names, e-mail addresses and phone numbers.
//! This is the only place that does so, for records that are read and for records to create.
//!
//! Contacts and Leads are people. An Account is a person, too, if the organisation has switched person accounts on and
//! `IsPersonAccount` says so. `LastName` and the fields `Person…` and `…__pc` are filled for such accounts only.
//! Salesforce keeps a Contact with the same flag beside each of them.

use domain::{
    people::{People, Role},
    record::Object,
};

use super::field::{Field, Kind, position};

/// The flag of an account that is a person.
const FLAG: &str = "IsPersonAccount";

/// The parts of the name by which a person is called, in the order in which they are written.
const NAME: [&str; 2] = ["FirstName", "LastName"];

/// The parts of a person's full name.
const FULL_NAME: [&str; 3] = ["FirstName", "MiddleName", "LastName"];

/// Full names of other people.
const OTHERS: [&str; 2] = ["AssistantName", "PersonAssistantName"];

/// Fields with the person's own e-mail address.
pub(super) const OWN_EMAILS: [&str; 2] = ["Email", "PersonEmail"];

/// Fields with the person's phone numbers.
pub(super) const OWN_PHONES: [&str; 7] = [
    "Phone",
    "MobilePhone",
    "HomePhone",
    "OtherPhone",
    "PersonMobilePhone",
    "PersonHomePhone",
    "PersonOtherPhone",
];

/// The fields of an object that name or reach people.
#[derive(Default)]
pub(super) struct PeopleFields {
    /// Whether each of the object's records is a person.
    pub(super) always: bool,
    /// The field that says of a record that it is a person.
    pub(super) flag: Option<usize>,
    /// Fields that say so by being filled. They are used if the flag cannot be read.
    pub(super) hints: Vec<usize>,
    /// The parts of the name by which the person is called, or the one field that has the whole name.
    pub(super) name: Vec<usize>,
    /// The parts of the full name.
    pub(super) full_name: Vec<usize>,
    /// Full names of other people.
    pub(super) others: Vec<usize>,
    /// The account with which a flagged contact is the same person.
    pub(super) account: Option<usize>,
    /// Fields with e-mail addresses. With them records name people even if they are not people themselves.
    pub(super) emails: Vec<usize>,
}

impl PeopleFields {
    pub(super) fn of(object: Object, fields: &[Field]) -> Self {
        let all = |names: &[&str]| -> Vec<usize> {
            let places = names.iter().map(|name| position(fields, name));
            places.flatten().collect()
        };
        let emails = fields.iter().enumerate();
        let emails = emails.filter(|(_, field)| field.kind == Kind::Email);
        let emails = emails.map(|(at, _)| at).collect();
        let always = is_person_by_object(object);
        if !always && object != Object::Account {
            return Self {
                emails,
                ..Self::default()
            };
        }
        let hints = fields.iter().enumerate();
        let hints = hints.filter(|(_, field)| field.kind.is_text() && is_hint(&field.name));
        // If the user may not read the parts, only the whole name is left.
        let parts = all(&NAME);
        Self {
            always,
            flag: position(fields, FLAG),
            account: position(fields, "AccountId").filter(|_| always),
            hints: match always {
                true => Vec::new(),
                false => hints.map(|(at, _)| at).collect(),
            },
            name: match parts.is_empty() {
                true => all(&["Name"]),
                false => parts,
            },
            full_name: all(&FULL_NAME),
            others: all(&OTHERS),
            emails,
        }
    }
}

/// Returns the people of a record to create. `fields` are its filled fields, each with its kind and its text.
pub(super) fn of_draft<'f>(
    object: Object,
    fields: impl Iterator<Item = (&'f str, Option<Kind>, &'f str)> + Clone,
) -> People {
    let mut people = People::default();
    let is_person = is_person_by_object(object)
        || object == Object::Account && fields.clone().any(|(name, ..)| is_hint(name));
    if !is_person {
        for (_, _, text) in fields.filter(|(_, kind, _)| *kind == Some(Kind::Email)) {
            people.role = Role::Names;
            people.add_reach(text);
        }
        return people;
    }
    people.role = Role::Person;
    let find = |name: &str| {
        let mut fields = fields.clone();
        fields.find(|(one, ..)| *one == name).map(|(.., text)| text)
    };
    for parts in [&NAME[..], &FULL_NAME] {
        let parts: Vec<&str> = parts.iter().filter_map(|name| find(name)).collect();
        people.add_name(&parts.join(" "));
    }
    for other in OTHERS.into_iter().filter_map(find) {
        people.add_name(other);
    }
    for (_, kind, text) in fields {
        reach(&mut people, kind, text);
    }
    people
}

/// Adds the content of one field of a person. Whatever the field is called, an address or number in it reaches the person.
pub(super) fn reach(people: &mut People, kind: Option<Kind>, text: &str) {
    match kind {
        Some(Kind::Phone) => people.add_phones(text),
        Some(Kind::Code | Kind::Number | Kind::Boolean | Kind::Time) => {}
        Some(Kind::Text | Kind::Email) | None => people.add_reach(text),
    }
}

fn is_person_by_object(object: Object) -> bool {
    match object {
        Object::Contact | Object::Lead => true,
        Object::Account | Object::Task | Object::Opportunity => false,
    }
}

/// Returns whether a field of an Account belongs to a person. No organisation can give its own fields such a name.
fn is_hint(name: &str) -> bool {
    let is_persons =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_uppercase()) && !name.ends_with("__c");
    FULL_NAME.contains(&name)
        || name.ends_with("__pc")
        || name.strip_prefix("Person").is_some_and(is_persons)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft<'f>(object: Object, fields: &'f [(&'f str, &'f str)]) -> People {
        let kind = |name: &str| match name {
            "Email" | "PersonEmail" => Kind::Email,
            "Phone" | "PersonMobilePhone" => Kind::Phone,
            "OwnerId" => Kind::Code,
            _ => Kind::Text,
        };
        let fields = fields.iter();
        of_draft(
            object,
            fields.map(|(name, text)| (*name, Some(kind(name)), *text)),
        )
    }

    #[test]
    fn an_account_is_a_person_by_any_field_that_only_people_have() {
        for fields in [
            [("LastName", "Muster"), ("Phone", "030 1234567")],
            [
                ("PersonEmail", "erika@home.example"),
                ("Phone", "030 1234567"),
            ],
            [
                ("Second_Phone__pc", "0170 1234567"),
                ("Phone", "030 1234567"),
            ],
        ] {
            let people = draft(Object::Account, &fields);
            assert!(people.is_person(), "{fields:?}");
            assert!(people.phones.contains(&"030 1234567".into()), "{fields:?}");
        }
        for fields in [
            [("Name", "Werk GmbH"), ("Phone", "030 1234567")],
            [
                ("Person_in_Charge__c", "Erika Muster"),
                ("Personal__c", "x"),
            ],
        ] {
            assert!(
                draft(Object::Account, &fields) == People::default(),
                "{fields:?}"
            );
        }
    }

    #[test]
    fn a_task_with_an_address_names_somebody_and_is_nobody() {
        let people = draft(
            Object::Task,
            &[("Email", "erika@home.example"), ("Phone", "030 1234567")],
        );
        assert_eq!(people.role, Role::Names);
        assert!(people.emails == [Box::from("erika@home.example")] && people.phones.is_empty());
    }

    #[test]
    fn a_persons_own_name_comes_first_and_an_assistants_after_it() {
        let fields = [
            ("AssistantName", "Ben Beispiel"),
            ("LastName", "Muster"),
            ("FirstName", "Erika"),
            ("OwnerId", "005000000000001AAA"),
        ];
        let people = draft(Object::Contact, &fields);
        assert!(people.names == [Box::from("Erika Muster"), Box::from("Ben Beispiel")]);
    }
}
