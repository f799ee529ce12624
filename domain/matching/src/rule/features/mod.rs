//! The features of a record and a candidate: small numbers, computed in the same way for training
//! and for decisions.

pub(super) mod address;
mod distance;
pub(super) mod identifiers;
mod names;

pub(super) use distance::distance_up_to;

use super::relation::MatchField;
use crate::profile::Profile;

/// The features of one record and one candidate, indexed by [`Feature`].
pub(super) type Vector = [u8; N_FEATURES];

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident of $field:ident),+ $(,)?) => {
        /// One feature. The file of weights refers to features by name, so a renamed feature, or one
        /// with another meaning, requires new weights. New features go to the end.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Feature { $($(#[$doc])* $name),+ }

        /// The field that each feature belongs to.
        pub(super) const FIELDS: [MatchField; N_FEATURES] = [$(MatchField::$field),+];

        /// The names of the features, in order.
        pub(super) const NAMES: [&str; N_FEATURES] = [$(stringify!($name)),+];

        /// The number of features.
        pub(super) const N_FEATURES: usize = [$(stringify!($name)),+].len();
    };
}

features! {
    /// Similarity of the names without spaces, 0 to 200.
    Whole of Name,
    /// The share of the record's name that occurs in the company's, weighted by word, 0 to 200.
    MyShare of Name,
    /// The share of the company's name that occurs in the record's, as in `MyShare`.
    TheirShare of Name,
    /// The number of rare words of the record that the company's name lacks.
    MyRare of Name,
    /// The number of such words that are common surnames.
    MySurname of Name,
    /// The number of such words that are trades and the like.
    MyCommon of Name,
    /// Such a word that is a role in a group: its number plus 1.
    MyRole of Name,
    /// The number of such words that are one of the two cities.
    MyTown of Name,
    /// As `MyRare`, for words of the company.
    TheirRare of Name,
    /// As `MySurname`, for words of the company.
    TheirSurname of Name,
    /// As `MyCommon`, for words of the company.
    TheirCommon of Name,
    /// As `MyRole`, for words of the company.
    TheirRole of Name,
    /// As `MyTown`, for words of the company.
    TheirTown of Name,
    /// Numbers that occur in one name only: up to 2 of the record, plus 3 times up to 2 of the
    /// company.
    Numbers of Name,
    /// The number of words whose counterpart is not exactly equal.
    Slipped of Name,
    /// The number of rare words that both names have.
    RareShared of Name,
    /// The number of words of the record's name.
    MyWords of Name,
    /// The number of words of the company's name.
    TheirWords of Name,
    /// Whether the first words are equal (1), plus whether the last words are equal (2).
    SameOrder of Name,
    /// How similar the names sound: 3 same letters, 2 same phonetic code, 1 nearly the same code.
    Sound of Name,
    /// Whether the record's name is the company's initials (1), or vice versa (2).
    Initials of Name,
    /// Whether one name starts with the other.
    Begins of Name,
    /// The number of letters of the record's name.
    Letters of Name,
    /// Similarity of the record's name and the company's domain, in twentieths plus 1.
    NameInDomain of Name,
    /// Similarity of the record's domain and the company's name, in twentieths plus 1.
    DomainInName of Domain,
    /// Similarity of the names in the two domains, in twentieths plus 1.
    Labels of Domain,
    /// Legal forms: 4 equal, 3 both missing, 2 one missing, 1 overlapping, 0 different.
    Form of LegalForm,
    Domain of Domain,
    Phone of Phone,
    Vat of Vat,
    Register of Register,
    Lei of Lei,
    Zip of Zip,
    City of City,
    Street of Street,
    Country of Country,
    /// Whether the company has a parent company.
    HasParent of Name,
    /// The number of values that the record has, out of domain, phone, VAT id, register, postal
    /// code, city and street.
    Said of Rivals,
    /// The labels of the hosts before one registered domain: 2 equal, 1 unknown, 0 different.
    Host of Domain,
}

/// A record, prepared for the comparison with all of its candidates.
pub(super) struct Comparer<'a> {
    record: &'a Profile,
    name: names::PreparedName<'a>,
    said: u8,
}

impl<'a> Comparer<'a> {
    /// From the record's profile.
    pub(super) fn of(record: &'a Profile) -> Self {
        let said = [
            &record.domain,
            &record.phone,
            &record.vat,
            &record.register,
            &record.zip,
            &record.city,
            &record.street,
        ];
        Self {
            record,
            name: names::PreparedName::of(record),
            said: said.into_iter().flatten().count() as u8,
        }
    }

    /// The features of a candidate. `None` if it has neither a similar name nor any other value in
    /// common with the record.
    pub(super) fn compare(&self, candidate: &Profile, has_parent: bool) -> Option<Vector> {
        let mut out = [0; N_FEATURES];
        identifiers::compare(self.record, candidate, &mut out);
        address::compare(self.record, candidate, &mut out);
        let value = |feature: Feature| out[feature as usize];
        let may_be = value(Feature::Domain) >= 3
            || value(Feature::Phone) >= 3
            || value(Feature::Vat) >= 2
            || value(Feature::Register) >= 2
            || value(Feature::Lei) >= 2
            || value(Feature::Street) >= 5
            || self.name.may_be(&candidate.name);
        if !may_be {
            return None;
        }
        self.name.compare(candidate, &mut out);
        out[Feature::Form as usize] = self.record.forms.similarity(candidate.forms);
        out[Feature::HasParent as usize] = u8::from(has_parent);
        out[Feature::Said as usize] = self.said;
        Some(out)
    }
}
