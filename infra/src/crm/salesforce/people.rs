//! Who of Salesforce's records is a person, and in which fields names, addresses and numbers stand: the one place that knows it,
//! for records that are read and for records that are to be made.
//!
//! Contacts and Leads are people. So is an Account where the organisation has switched person accounts on and the account is one:
//! `IsPersonAccount` says it, and `LastName` and the fields `Person…` and `…__pc` are filled for nobody else. Salesforce keeps a Contact
//! beside each, with the same flag.

use domain::{
    people::{People, Role},
    record::Object,
};

use super::shape::{Field, Kind, position};

/// Says that an account is a person.
const FLAG: &str = "IsPersonAccount";

/// The parts of the name that a person goes by, in the order in which they are written.
const NAME: [&str; 2] = ["FirstName", "LastName"];

/// The parts of a person's full name.
const FULL_NAME: [&str; 3] = ["FirstName", "MiddleName", "LastName"];

/// Whole names of people beside the person.
const OTHERS: [&str; 2] = ["AssistantName", "PersonAssistantName"];

/// Fields that a person's own e-mail address is in.
pub(super) const OWN_EMAILS: [&str; 2] = ["Email", "PersonEmail"];

/// Fields that telephone numbers of the person are in.
pub(super) const OWN_PHONES: [&str; 7] = [
    "Phone",
    "MobilePhone",
    "HomePhone",
    "OtherPhone",
    "PersonMobilePhone",
    "PersonHomePhone",
    "PersonOtherPhone",
];

/// Where in an object's fields people are.
#[derive(Default)]
pub(super) struct PeopleFields {
    /// Each of the object's records is a person.
    pub(super) always: bool,
    /// Says of a record that it is a person.
    pub(super) flag: Option<usize>,
    /// Say it by being filled, where the flag cannot be read.
    pub(super) hints: Vec<usize>,
    /// The parts of the name that the person goes by, or the one field that has it whole.
    pub(super) name: Vec<usize>,
    /// The parts of the full name.
    pub(super) full_name: Vec<usize>,
    /// Other people's whole names.
    pub(super) others: Vec<usize>,
    /// The account that a contact with the flag is the same person as.
    pub(super) account: Option<usize>,
    /// Fields for e-mail addresses, of which records that are no person name people.
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
        // Where nobody may read the parts, the whole is all that there is.
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

/// The people of a record that is to be made, of `fields` that are filled: each with its kind and its text.
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

/// Adds what one field of a person says: whatever it is called, an address or number in it reaches them.
pub(super) fn reach(people: &mut People, kind: Option<Kind>, text: &str) {
    match kind {
        Some(Kind::Phone) => people.add_phones(text),
        Some(Kind::Code | Kind::Number | Kind::Boolean | Kind::Time) => {}
        Some(Kind::Text | Kind::Email) | None => people.add_reach(text),
    }
}

fn is_person_by_object(object: Object) -> bool {
    matches!(object, Object::Contact | Object::Lead)
}

/// Whether a field of an Account is a person's: no organisation can give its own fields such a name.
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
