//! The normalised identifiers of a person, and their keyed hashes.

use matching::normalise;

use crate::seal::{HashKind, KeyedHash, TenantKeys};

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
    /// Normalises an e-mail address. `None` if the text is not one.
    pub(super) fn email(text: &str) -> Option<Self> {
        normalise::email(text).map(Self::Email)
    }

    /// Normalises a name and a company. `None` if one of them has no words.
    pub(super) fn name_at(name: &str, company: &str) -> Option<Self> {
        let words = name_words(name)?;
        let (company, _) = normalise::name(company);
        (!company.is_empty()).then_some(Self::NameAt(words, company))
    }

    /// Returns the keyed hash. The kind of the identifier is part of the hashed text.
    pub fn hash(&self, keys: &TenantKeys, kind: HashKind) -> KeyedHash {
        let text = match self {
            Self::Email(text) => format!("email:{text}"),
            Self::Phone(text) => format!("phone:{text}"),
            Self::NameAt(name, company) => format!("name:{name}@{company}"),
        };
        keys.index.hash(kind, &text)
    }

    pub(super) fn is_email(&self) -> bool {
        matches!(self, Self::Email(_))
    }

    pub(super) fn is_phone(&self) -> bool {
        matches!(self, Self::Phone(_))
    }

    pub(super) fn is_name(&self) -> bool {
        matches!(self, Self::NameAt(..))
    }
}

/// Titles before or after a name, which are not part of it.
pub(super) const TITLES: [&str; 20] = [
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
