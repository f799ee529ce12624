//! Which records are about people who objected or were erased.

use std::collections::HashMap;

use crate::{
    body::Body,
    fault::Outcome,
    legal::{Marks, Person},
    ports::{Marked, Store},
    record::{About, Object, RecordId, Standing},
    seal::{GenerationKeys, Opener},
    tenant::Scope,
};

/// What of a record says whose it is.
#[derive(Clone, Copy)]
pub struct Whose<'a> {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: &'a RecordId,
    /// What it says of a company or a person.
    pub about: &'a About,
    /// What it is called.
    pub standing: &'a Standing,
    /// Its fields, as JSON: a person has more addresses and numbers than `about` names.
    pub fields: &'a str,
}

impl Whose<'_> {
    /// The person that a Contact or Lead is; none: a record of another kind.
    pub fn person(&self) -> Option<Person> {
        if !matches!(self.object, Object::Contact | Object::Lead) {
            return None;
        }
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        let mut person = Person {
            emails: text(&self.about.email).into_iter().collect(),
            phones: text(&self.about.phone).into_iter().collect(),
            name: text(&self.standing.label),
            company: text(&self.about.company),
            country: text(&self.about.country),
        };
        if let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(self.fields) {
            is_reached_by(
                &mut person,
                fields.values().filter_map(|value| value.as_str()),
            );
        }
        Some(person)
    }

    /// Which marks stand for whom the record is about, or for the record itself. `accounts` are what [`accounts()`] answered.
    pub fn marked(
        &self,
        marks: &Marks,
        scope: &Scope,
        accounts: &HashMap<RecordId, String>,
    ) -> Marked {
        if marks.is_empty() {
            return Marked::default();
        }
        let record = marks.of_record(&scope.integration, self.object, self.id);
        let person = self.person().map(|mut person| {
            if person.company.is_none() {
                let parent = self.about.parent.as_ref();
                person.company = parent.and_then(|parent| accounts.get(parent)).cloned();
            }
            marks.of(&person)
        });
        let person = person.unwrap_or_default();
        Marked {
            objected: record.objected || person.objected,
            erased: record.erased || person.erased,
        }
    }

    /// The account whose name decides: of a Contact that has the name of somebody who is marked.
    pub fn account(&self, marks: &Marks) -> Option<&RecordId> {
        if marks.is_empty() || self.object != Object::Contact || self.about.company.is_some() {
            return None;
        }
        let parent = self.about.parent.as_ref()?;
        let name = Person {
            name: self.standing.label.as_deref().map(str::to_owned),
            ..Person::default()
        };
        marks.have_namesake(&name).then_some(parent)
    }
}

/// The accounts whose names decide whether a Contact is who is marked by name and company: none, where no record has the name
/// of such a person.
pub fn asked<'r>(
    marks: &Marks,
    records: impl IntoIterator<Item = Whose<'r>>,
) -> Vec<(Object, RecordId)> {
    let mut wanted: Vec<(Object, RecordId)> = records
        .into_iter()
        .filter_map(|whose| Some((Object::Account, whose.account(marks)?.clone())))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// The names of the accounts that [`asked`] answered: one request, or none.
///
/// # Errors
/// Those of the store; lasting, for what does not open.
pub async fn accounts(
    store: &(impl Store + ?Sized),
    keys: &GenerationKeys,
    scope: &Scope,
    wanted: Vec<(Object, RecordId)>,
) -> Outcome<HashMap<RecordId, String>> {
    let mut names = HashMap::with_capacity(wanted.len());
    if wanted.is_empty() {
        return Ok(names);
    }
    let copied = store.copied(scope, &wanted).await?;
    let mut opener = Opener::new(&keys.sealing)?;
    for account in copied.into_iter().flatten() {
        let Some(sealed) = &account.sealed else {
            continue;
        };
        let body = Body::open(&mut opener, scope, account.object, &account.id, sealed)?;
        let name = body.about.and_then(|about| about.company);
        if let Some(name) = name {
            names.insert(account.id, name.into_string());
        }
    }
    Ok(names)
}

/// Adds the addresses and numbers that a Contact's or Lead's fields hold, whatever the fields are called: whoever is held
/// against marks is held against them by all of these, in the copy and before a record is made.
pub fn is_reached_by<'t>(person: &mut Person, texts: impl Iterator<Item = &'t str>) {
    for text in texts {
        if text.contains('@') && text.len() <= LONGEST {
            person.emails.push(text.to_owned());
        } else if is_like_a_number(text) {
            person.phones.push(text.to_owned());
        }
    }
}

/// The longest text that is taken for an address, in bytes: RFC 5321 allows 254.
const LONGEST: usize = 320;

/// Whether a text may be a telephone number: seven digits or more, and nothing but what stands between them.
fn is_like_a_number(text: &str) -> bool {
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let between =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '/' | '(' | ')' | '.' | ' ');
    (7..=20).contains(&n_digits) && text.len() <= 40 && text.chars().all(between)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn person(object: Object, fields: &str) -> Option<Person> {
        let (about, standing) = (About::default(), Standing::default());
        let whose = Whose {
            object,
            id: &RecordId::parse("003A").unwrap(),
            about: &about,
            standing: &standing,
            fields,
        };
        whose.person()
    }

    #[test]
    fn every_address_and_number_of_a_contact_is_the_persons() {
        let fields = r#"{"MobilePhone":"+49 170 1234567","Second__c":"erika@home.example","CreatedDate":"2026-11-24T00:00:00Z",
            "Zip":"10115","Description":"write to a@b.example","Amount":12345678}"#;
        let person = person(Object::Contact, fields).unwrap();
        assert_eq!(person.phones, ["+49 170 1234567"]);
        assert_eq!(
            person.identifiers().len(),
            2,
            "a text that only holds an address is none"
        );
    }

    #[test]
    fn an_account_is_nobody() {
        assert!(person(Object::Account, r#"{"Email":"info@werk.example"}"#).is_none());
    }
}
