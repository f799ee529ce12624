//! Determines whether a record is about a person, or names one.

use matching::normalise;
use serde::{Deserialize, Serialize};

use crate::{
    legal::{Person, person::Identifier},
    people::People,
    suppressed::Subject,
};

/// The way in which a record concerns a person. The closest way is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mention {
    /// The record is not a person, and names this one.
    Named,
    /// The record is another person, and one of its fields contains an address, a number or the name of this one.
    Beside,
    /// The record is the person.
    Own,
}

/// The person to search for, in the spellings that are compared.
pub(super) struct Wanted<'a> {
    person: &'a Person,
    emails: Vec<String>,
    phones: Vec<String>,
    /// The words of the name.
    words: Vec<String>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(person: &'a Person) -> Self {
        let mut wanted = Self {
            person,
            emails: Vec::new(),
            phones: Vec::new(),
            words: Vec::new(),
        };
        for identifier in person.identifiers() {
            match identifier {
                Identifier::Email(email) => {
                    wanted.emails.extend(normalise::email_spellings(&email));
                }
                Identifier::Phone(phone) => wanted.phones.push(digits(&phone)),
                Identifier::NameAt(..) => {}
            }
        }
        wanted.words = words_of(person);
        wanted
    }

    /// Returns how a record concerns the person. `None` if it does not.
    pub(super) fn concerns(&self, record: &Subject<'_>) -> Option<Mention> {
        let people = record.people();
        if let Some(own) = people.person(record.attributes)
            && (own.is(self.person) || self.is_name(own.name.as_deref()))
        {
            return Some(Mention::Own);
        }
        let is_named = self.is_reached(&people) || self.is_named(record.fields);
        is_named.then_some(match people.is_person() {
            true => Mention::Beside,
            false => Mention::Named,
        })
    }

    /// Returns whether one of the people whom a record names has an address, a number or the name.
    fn is_reached(&self, people: &People) -> bool {
        let is_email = |text: &str| self.emails.contains(&normalise::email_key(text));
        people.emails.iter().any(|text| is_email(text))
            || (!self.phones.is_empty() && people.phones.iter().any(|text| self.has_phone(text)))
            || people.names.iter().any(|text| self.has_name(text))
    }

    /// Returns whether a text is the name, in any spelling. This counts only if no company was given to compare.
    fn is_name(&self, text: Option<&str>) -> bool {
        self.person.company.is_none() && text.is_some_and(|text| self.has_name(text))
    }

    fn is_named(&self, fields: &str) -> bool {
        // Most records are ruled out without parsing the JSON.
        let lower = fields.to_lowercase();
        if self
            .emails
            .iter()
            .any(|email| lower.contains(email.as_str()))
        {
            return true;
        }
        if self.phones.is_empty() && self.words.is_empty() {
            return false;
        }
        let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(fields) else {
            return false;
        };
        fields
            .values()
            .filter_map(serde_json::Value::as_str)
            .any(|text| (!self.phones.is_empty() && self.has_phone(text)) || self.has_name(text))
    }

    fn has_phone(&self, text: &str) -> bool {
        if text.len() < 6 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let country = self.person.country.as_deref().and_then(normalise::country);
        let whole = normalise::phone(text, Some(country.as_deref().unwrap_or("de")));
        let in_text = digits(text);
        self.phones.iter().any(|phone| {
            // A number with its country code, within a text.
            whole
                .as_deref()
                .is_some_and(|whole| digits(whole) == *phone)
                || in_text.contains(phone.as_str())
        })
    }

    fn has_name(&self, text: &str) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let folded = normalise::words(text);
        let words: Vec<&str> = folded.split(' ').collect();
        self.words.iter().all(|word| words.contains(&word.as_str()))
    }
}

/// Returns the words of a person's name. Empty for a name of one word, which is too unspecific to search texts for.
pub(super) fn words_of(person: &Person) -> Vec<String> {
    let name = person.name.as_deref().map(normalise::words);
    let words: Vec<String> = name
        .iter()
        .flat_map(|name| name.split(' '))
        .filter(|word| word.len() > 1)
        .map(str::to_owned)
        .collect();
    if words.len() > 1 { words } else { Vec::new() }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::record::{DisplayFields, MatchingAttributes, Object, RecordId};

    fn person() -> Person {
        Person {
            emails: vec!["Erika@Werk.example".to_owned()],
            phones: vec!["030 1234567".to_owned()],
            name: Some("Erika Müller".to_owned()),
            ..Person::default()
        }
    }

    fn concerns(
        object: Object,
        attributes: &MatchingAttributes,
        label: Option<&str>,
        fields: &str,
    ) -> Option<Mention> {
        let display = DisplayFields {
            label: label.map(Box::from),
            ..DisplayFields::default()
        };
        Wanted::new(&person()).concerns(&Subject {
            object,
            id: &RecordId::parse("1").unwrap(),
            attributes,
            display: &display,
            people: None,
            fields,
        })
    }

    #[test]
    fn a_contact_with_the_address_or_the_name_is_the_person() {
        let by_email = MatchingAttributes {
            email: Some(" erika@werk.EXAMPLE".into()),
            ..MatchingAttributes::default()
        };
        assert_eq!(
            concerns(Object::Contact, &by_email, None, "{}"),
            Some(Mention::Own)
        );
        let nothing = MatchingAttributes::default();
        let by_name = concerns(Object::Lead, &nothing, Some("Mueller, Erika"), "{}");
        assert_eq!(by_name, Some(Mention::Own));
        assert_eq!(
            concerns(Object::Contact, &nothing, Some("Erika Maier"), "{}"),
            None
        );
    }

    #[test]
    fn an_address_in_a_text_is_found_in_either_spelling_of_its_domain() {
        let texts = [
            r#"{"Description":"write to erika@xn--mller-kva.example"}"#,
            r#"{"Description":"write to Erika@Müller.example"}"#,
        ];
        for email in ["erika@müller.example", "erika@xn--mller-kva.example"] {
            let person = Person {
                emails: vec![email.to_owned()],
                ..Person::default()
            };
            for fields in texts {
                let found = Wanted::new(&person).concerns(&Subject {
                    object: Object::Task,
                    id: &RecordId::parse("1").unwrap(),
                    attributes: &MatchingAttributes::default(),
                    display: &DisplayFields::default(),
                    people: None,
                    fields,
                });
                assert_eq!(found, Some(Mention::Named), "{email} in {fields}");
            }
        }
    }

    #[test]
    fn a_task_is_found_by_address_number_or_name_of_the_person() {
        let nothing = MatchingAttributes::default();
        for fields in [
            r#"{"Description":"write to erika@werk.example today"}"#,
            r#"{"Phone":"+49 30 1234567"}"#,
            r#"{"Description":"call +49 (30) 123-4567 back"}"#,
            r#"{"Subject":"Anruf Erika Müller"}"#,
        ] {
            let found = concerns(Object::Task, &nothing, None, fields);
            assert_eq!(found, Some(Mention::Named), "{fields}");
        }
        for fields in [
            r#"{"Subject":"Anruf Erika"}"#,
            r#"{"Subject":"Erika Maier","Description":"Herr Müller"}"#,
            r#"{"Phone":"+49 30 7654321"}"#,
        ] {
            assert_eq!(
                concerns(Object::Task, &nothing, None, fields),
                None,
                "{fields}"
            );
        }
    }
}
