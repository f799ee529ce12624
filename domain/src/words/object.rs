//! The objects that are copied, and the ids of their records.
//!
//! # To add an object
//!
//! 1. A line in the table below, after the objects that its records point at. The list, the names, the parts of a removal and
//!    the texts that list objects follow from it.
//! 2. The compiler leads to every `match` that has to know it: the methods of [`Object`] below,
//!    `domain/src/use_cases/show_copy/status/matters.rs`, `domain/src/use_cases/create/duplicates.rs`, and in each connector its
//!    fields, rights and words (`infra/src/crm/<vendor>`). No rule may ask for an object by `matches!`, which the compiler does
//!    not check: add a method here (a test looks).
//!    No compiler leads to the scopes that a grant needs for it: where a connector's `provider` lists them, the default of the
//!    template's parameter and the table of scopes in `infra/docs/operate.md` follow.
//!    Nor to its links: each connector's `write/links.rs`, and `account_links` in its abilities; `refused_links` in
//!    `infra/src/memory/crm/drafts.rs`; a connector's `associations.rs` for the types that name a primary parent.
//!    A connector may take the object's name as the CRM's own, so choose it with care.
//! 3. The connector says who is a person in it: `infra/src/crm/<vendor>/people.rs`, which `match`es too.
//! 4. `infra/openapi.yaml`, schema `Object`; a test compares it with the table. If the object has a projection, it is counted in a
//!    company's status: `use_cases/show_copy/status/mod.rs` says how a field is added.
//! 5. No test finds: the object in `tests/simulator`, `tests/generator`, `tests/demo` and the `SIZES` of `tests/house`; the lists in
//!    README.md and ARCHITECTURE.md; what it links to, which usual fields a company fills, and whether an erasure leaves it, in
//!    `infra/docs/integrate.md` and in the texts of `infra/openapi.yaml`; if it is always a person, `subjects` in
//!    `domain/src/shared/facts`; if it has a projection, `domain/src/words/seal/FORMAT.md`.
//!
//! Integrations that have stored settings do not get a new object before their administrator chooses it. All others get it with
//! their next run, and a grant without the right to it makes that run fail for the object. CHANGELOG.md has to tell operators.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::named::named;
use crate::fault::{Code, Fault, Outcome};

named! {
    /// A kind of record that is copied. Each connector maps its CRM's own names onto these. Parents come first, so that
    /// what points at a record comes after it.
    Object;
    /// A company the customer deals with.
    Account = "Account";
    /// A person at an account.
    Contact = "Contact";
    /// A person or company that is not an account yet.
    Lead = "Lead";
    /// Something to do, or already done.
    Task = "Task";
    /// A possible sale.
    Opportunity = "Opportunity";
}

impl Object {
    /// Parses a name.
    ///
    /// # Errors
    /// Permanent if no object has this name.
    pub fn parse(name: &str) -> Outcome<Self> {
        let unknown = || Fault::of(Code::ObjectUnknown).with_detail(Self::one_of());
        Self::find(name).ok_or_else(unknown)
    }

    /// Whether its records are matched with companies. A task or an opportunity is its account's matter instead.
    pub const fn is_matched(self) -> bool {
        match self {
            Self::Account | Self::Contact | Self::Lead => true,
            Self::Task | Self::Opportunity => false,
        }
    }

    /// Whether its records are counted for a company's status by a projection, which the index by parent carries, instead of
    /// being opened.
    pub const fn has_projection(self) -> bool {
        match self {
            Self::Task | Self::Opportunity => true,
            Self::Account | Self::Contact | Self::Lead => false,
        }
    }

    /// Whether other records may belong to one of its records.
    pub const fn may_be_a_parent(self) -> bool {
        match self {
            Self::Account | Self::Contact | Self::Lead | Self::Opportunity => true,
            Self::Task => false,
        }
    }

    /// Whether its records are about people. Where it is false, the connector says which records are: an account may be a person.
    pub const fn is_always_a_person(self) -> bool {
        match self {
            Self::Contact | Self::Lead => true,
            Self::Account | Self::Task | Self::Opportunity => false,
        }
    }

    /// Whether its records lie under an account, so that a record linked to one of them needs no link to the account as well.
    pub const fn is_of_an_account(self) -> bool {
        match self {
            Self::Account | Self::Opportunity => true,
            Self::Contact | Self::Lead | Self::Task => false,
        }
    }

    /// Whether a record that only names a person is somebody else's, so that erasing the person leaves it.
    pub const fn is_left_if_it_only_names_a_person(self) -> bool {
        match self {
            Self::Account | Self::Opportunity => true,
            Self::Contact | Self::Lead | Self::Task => false,
        }
    }
}

/// The CRM's own id of a record. It is opaque to us and part of keys, so its length and characters are limited.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId(Arc<str>);

impl RecordId {
    /// Parses an id: 1 to 64 printable ASCII characters except `#` and `/`, which separate the parts of our keys. This covers
    /// numbers, GUIDs and the alphanumeric ids of all supported CRMs.
    ///
    /// # Errors
    /// Permanent if the text is malformed.
    pub fn parse(text: &str) -> Outcome<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && b != b'#' && b != b'/');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Fault::of(Code::RecordIdMalformed))
        }
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RecordId {
    type Error = Fault;

    fn try_from(text: String) -> Outcome<Self> {
        Self::parse(&text)
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        (*id.0).to_owned()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_id_with_a_key_separator_is_refused() {
        for text in ["", "a#b", "a/b", "a b", "ä", "a\nb", &"1".repeat(65)] {
            assert!(RecordId::parse(text).is_err(), "{text:?}");
        }
        for text in [
            "001000000000001AAA",
            "6e2f5b36-0000-4000-8000-000000000000",
            "42",
        ] {
            assert_eq!(RecordId::parse(text).unwrap().as_str(), text);
        }
    }
}
