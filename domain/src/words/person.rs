//! The identity of a person. A person is identified by e-mail address, by telephone number, or by name and company. Each is
//! normalised, so that different spellings of the same thing are equal.

use std::fmt;

use matching::normalise;
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault, Outcome},
    seal::{HashKind, KeyedHash, TenantKeys},
};

/// The assumed country of national telephone numbers without a country. The company database is German.
const HOME: &str = "de";
/// The longest accepted identifier, in bytes.
const LONGEST: usize = 512;
/// The most addresses of one person, and the most numbers.
const MOST: usize = 10;

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
        if let Some(at) = self.emails.iter().position(|text| email(text).is_none()) {
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

    /// Returns the normalised identifiers without duplicates.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let mut all: Vec<Identifier> = self.emails.iter().filter_map(|text| email(text)).collect();
        all.extend(self.phones.iter().filter_map(|text| self.phone(text)));
        if let (Some(name), Some(company)) = (&self.name, &self.company)
            && let Some(both) = name_at(name, company)
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

/// A person whom a record names, with addresses and numbers that may be the person's or somebody else's.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// The person. Assessments are found only by this.
    pub person: Person,
    /// Addresses and numbers in the record's other fields. An objection by one of these counts. An assessment does not, because
    /// they may be an assistant's or a colleague's.
    pub beside: Person,
}

impl Named {
    /// Returns the identifiers by which objections and erasures are found.
    pub fn reached(&self) -> Person {
        let mut person = self.person.clone();
        person.emails.extend(self.beside.emails.iter().cloned());
        person.phones.extend(self.beside.phones.iter().cloned());
        person
    }
}

impl From<Person> for Named {
    fn from(person: Person) -> Self {
        Self {
            person,
            beside: Person::default(),
        }
    }
}

/// Prints no content.
impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Named")
    }
}

/// A normalised identifier of a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identifier {
    /// An e-mail address, as [`normalise::email`] returns it.
    Email(String),
    /// A telephone number: its digits with the country code.
    Phone(String),
    /// The words of the name in alphabetical order, and the company without its legal form.
    NameAt(String, String),
}

impl Identifier {
    /// Returns the keyed hash. The kind of the identifier is part of the hashed text.
    pub fn hash(&self, keys: &TenantKeys, kind: HashKind) -> KeyedHash {
        let text = match self {
            Self::Email(text) => format!("email:{text}"),
            Self::Phone(text) => format!("phone:{text}"),
            Self::NameAt(name, company) => format!("name:{name}@{company}"),
        };
        keys.index.hash(kind, &text)
    }

    fn is_email(&self) -> bool {
        matches!(self, Self::Email(_))
    }

    fn is_phone(&self) -> bool {
        matches!(self, Self::Phone(_))
    }

    fn is_name(&self) -> bool {
        matches!(self, Self::NameAt(..))
    }
}

fn bounded(place: &str, text: &str) -> Outcome<()> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    let most = format!("at most {LONGEST} bytes");
    Err(Fault::of(Code::PersonTooLong).at(place, &most))
}

fn email(text: &str) -> Option<Identifier> {
    normalise::email(text).map(Identifier::Email)
}

/// Titles before or after a name, which are not part of it.
const TITLES: [&str; 20] = [
    "dr",
    "prof",
    "professor",
    "herr",
    "frau",
    "mr",
    "mrs",
    "ms",
    "miss",
    "dipl",
    "ing",
    "mag",
    "med",
    "phd",
    "msc",
    "bsc",
    "mba",
    "jur",
    "rer",
    "nat",
];

fn name_at(name: &str, company: &str) -> Option<Identifier> {
    let words = name_words(name)?;
    let (company, _) = normalise::name(company);
    (!company.is_empty()).then_some(Identifier::NameAt(words, company))
}

/// Returns the words of a name in a canonical order, without titles. It does not matter whether the surname comes first or last.
pub(crate) fn name_words(name: &str) -> Option<String> {
    let folded = normalise::words(name);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let titled = words.len();
    words.retain(|word| !TITLES.contains(word));
    if words.is_empty() && titled > 0 {
        // A name that consists only of possible titles is kept as it is.
        words = folded.split(' ').collect();
    }
    words.sort_unstable();
    words.dedup();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

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
    fn a_person_without_identifiers_is_refused() {
        for person in [
            Person::default(),
            by_email("nobody"),
            by_email("@example.com"),
            by_phone("12", None),
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
