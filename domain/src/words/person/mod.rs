//! The identity of a person. A person is identified by e-mail address, by telephone number, or by name and company. Each is
//! normalised, so that different spellings of the same thing are equal.

mod check;
mod identifier;
mod named;

use std::fmt;

use matching::normalise;
use serde::{Deserialize, Serialize};

pub(crate) use self::identifier::name_words;
pub use self::{identifier::Identifier, named::Named};
use crate::seal::{HashKind, KeyedHash, TenantKeys};

/// The assumed country of national telephone numbers without a country. The company database is German.
const HOME: &str = "de";
/// The identifiers of a person. Personal data: `Debug` prints no content, and it leaves memory only sealed or hashed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Telephone numbers in any notation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// The full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person's company. Together with the name it is an identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The country of national telephone numbers: a name or an ISO 3166 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl Person {
    /// Returns the normalised identifiers without duplicates.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let mut all: Vec<Identifier> = self
            .emails
            .iter()
            .filter_map(|text| Identifier::email(text))
            .collect();
        all.extend(self.phones.iter().filter_map(|text| self.phone(text)));
        if let (Some(name), Some(company)) = (&self.name, &self.company)
            && let Some(both) = Identifier::name_at(name, company)
        {
            all.push(both);
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the keyed hashes by which the person is found: those of [`Self::hashes`], and those stored for the same addresses
    /// before 2026-11-29, when a dot at the end of a domain was kept.
    pub fn sought(&self, keys: &TenantKeys, kind: HashKind) -> Vec<KeyedHash> {
        let identifiers = self.identifiers();
        let dotted = identifiers
            .iter()
            .filter_map(|identifier| match identifier {
                Identifier::Email(text) => Some(Identifier::Email(format!("{text}."))),
                Identifier::Phone(_) | Identifier::NameAt(..) => None,
            });
        let dotted: Vec<Identifier> = dotted.collect();
        let all = identifiers.iter().chain(&dotted);
        all.map(|identifier| identifier.hash(keys, kind)).collect()
    }

    /// Returns the keyed hashes of the identifiers, as they are stored.
    pub fn hashes(&self, keys: &TenantKeys, kind: HashKind) -> Vec<KeyedHash> {
        self.identifiers()
            .iter()
            .map(|identifier| identifier.hash(keys, kind))
            .collect()
    }

    /// Returns the hash by which a record with the person's name but without a company is picked out. A match only means that the
    /// company has to be looked up.
    pub fn namesakes(&self, keys: &TenantKeys) -> Option<KeyedHash> {
        let words = name_words(self.name.as_deref()?)?;
        // No identifier's text begins with this prefix.
        let text = format!("namesake:{words}");
        Some(keys.index.hash(HashKind::Objection, &text))
    }

    /// Returns whether `other` is the same person. If both have e-mail addresses, a shared address decides. Otherwise, if both have
    /// name and company, these decide. Only otherwise a shared telephone number does, because colleagues share a switchboard.
    pub fn is(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.identifiers(), other.identifiers());
        let shared = |of: fn(&Identifier) -> bool| {
            let mut some = mine.iter().filter(|one| of(one));
            some.any(|one| theirs.contains(one))
        };
        let both = |of: fn(&Identifier) -> bool| mine.iter().any(of) && theirs.iter().any(of);
        if both(Identifier::is_email) {
            return shared(Identifier::is_email);
        }
        if both(Identifier::is_name) {
            return shared(Identifier::is_name);
        }
        shared(Identifier::is_phone)
    }

    fn phone(&self, text: &str) -> Option<Identifier> {
        let country = self.country.as_deref().and_then(normalise::country);
        let country = country.as_deref().unwrap_or(HOME);
        normalise::phone(text, Some(country)).map(Identifier::Phone)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::{identifier::TITLES, *};

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

    fn by_phone(phone: &str, country: Option<&str>) -> Person {
        Person {
            phones: vec![phone.to_owned()],
            country: country.map(str::to_owned),
            ..Person::default()
        }
    }

    #[test]
    fn notations_of_the_same_identifier_are_equal() {
        assert!(by_email(" A.Muster@Example.COM ").is(&by_email("a.muster@example.com")));
        assert!(by_email("a@müller.example").is(&by_email("a@xn--mller-kva.example")));
        assert!(by_email("a@example.com.").is(&by_email("a@example.com")));
        assert!(
            by_phone("+49 (0)30 1234567", None).is(&by_phone("030 / 123 45 67", Some("Germany")))
        );
        assert!(named("Dr. Anna Müller", "Werk GmbH").is(&named("Mueller, Anna", "WERK G.m.b.H.")));
    }

    #[test]
    fn another_persons_identifier_does_not() {
        assert!(!by_email("a@example.com").is(&by_email("b@example.com")));
        assert!(!named("Anna Muster", "Werk GmbH").is(&named("Anna Muster", "Hof GmbH")));
        assert!(!by_phone("030 1234567", Some("at")).is(&by_phone("030 1234567", Some("de"))));
    }

    #[test]
    fn colleagues_who_share_a_switchboard_are_two_persons() {
        let colleague = |email: &str| Person {
            phones: vec!["+49 30 1234567".to_owned()],
            ..by_email(email)
        };
        assert!(!colleague("a@example.com").is(&colleague("b@example.com")));
        assert!(colleague("a@example.com").is(&by_phone("+49 30 1234567", None)));
    }

    #[test]
    fn debug_prints_nothing_of_a_person() {
        assert_eq!(format!("{:?}", by_email("a@example.com")), "Person");
    }

    proptest! {
        #[test]
        fn order_case_and_titles_of_a_name_do_not_matter(
            first in "[a-z]{2,8}", last in "[a-z]{2,8}", company in "[a-z]{3,10}"
        ) {
            let one = named(&format!("{first} {last}"), &company);
            let two = named(&format!("Prof. Dr. {}, {}", last.to_uppercase(), first), &company.to_uppercase());
            prop_assert_eq!(one.is(&two), two.is(&one));
            let titled = [&first, &last].iter().any(|word| TITLES.contains(&word.as_str()));
            prop_assert!(titled || one.is(&two));
        }
    }
}
