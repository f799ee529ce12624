//! The bounds of a caller's statement about a person.

use super::{Identifier, Person};
use crate::fault::{Code, Fault, Outcome};

/// The longest accepted identifier, in bytes.
const LONGEST: usize = 512;
/// The most addresses of one person, and the most numbers.
const MOST: usize = 10;

impl Person {
    /// Checks a caller's values against the bounds.
    ///
    /// # Errors
    /// Permanent, with the field, if a value is too long or malformed. Permanent, without a field, if nothing identifies the
    /// person.
    pub fn check(&self) -> Outcome<()> {
        for (name, texts) in [("emails", &self.emails), ("phones", &self.phones)] {
            if texts.len() > MOST {
                let (place, most) = (format!("/{name}"), format!("at most {MOST}"));
                return Err(Fault::of(Code::PersonTooLong).at(&place, &most));
            }
            for (at, text) in texts.iter().enumerate() {
                bounded(&format!("/{name}/{at}"), text)?;
            }
        }
        for (place, text) in [
            ("/name", &self.name),
            ("/company", &self.company),
            ("/country", &self.country),
        ] {
            bounded(place, text.as_deref().unwrap_or_default())?;
        }
        if let Some(at) = self
            .emails
            .iter()
            .position(|text| Identifier::email(text).is_none())
        {
            let malformed = Fault::of(Code::PersonEmailMalformed);
            return Err(malformed.at(&format!("/emails/{at}"), "an e-mail address"));
        }
        let no_number = |text: &String| self.phone(text).is_none();
        if let Some(at) = self.phones.iter().position(no_number) {
            let malformed = Fault::of(Code::PersonPhoneMalformed);
            return Err(malformed.at(&format!("/phones/{at}"), "a telephone number"));
        }
        if self.identifiers().is_empty() {
            return Err(Fault::of(Code::PersonUnidentified)
                .with_detail("an e-mail address, a telephone number, or name and company"));
        }
        Ok(())
    }
}

fn bounded(place: &str, text: &str) -> Outcome<()> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    let most = format!("at most {LONGEST} bytes");
    Err(Fault::of(Code::PersonTooLong).at(place, &most))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn by_email(email: &str) -> Person {
        Person {
            emails: vec![email.to_owned()],
            ..Person::default()
        }
    }

    fn named(name: &str, company: &str) -> Person {
        Person {
            name: Some(name.to_owned()),
            company: Some(company.to_owned()),
            ..Person::default()
        }
    }

    #[test]
    fn a_person_without_identifiers_is_refused() {
        for person in [
            Person::default(),
            by_email("nobody"),
            by_email("@example.com"),
            Person {
                phones: vec!["12".to_owned()],
                ..Person::default()
            },
            Person {
                name: Some("Anna Muster".to_owned()),
                ..Person::default()
            },
            named(&"x".repeat(600), "Werk GmbH"),
        ] {
            assert!(person.check().is_err());
        }
        named("Anna Muster", "Werk GmbH").check().unwrap();
    }
}
