//! What is compared of a record and a candidate: small numbers, the same ones in training and in use.

mod distance;
pub(super) mod identifiers;
mod names;
pub(super) mod places;

use super::relation::MatchField;
use crate::profile::Profile;

/// The comparisons of one record with one candidate, by [`Feature`].
pub(super) type Vector = [u8; N_FEATURES];

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident of $field:ident),+ $(,)?) => {
        /// One comparison. A model's file names features by their place here: new ones go to the end, and a change of meaning needs a new file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Feature { $($(#[$doc])* $name),+ }

        /// What each comparison is about.
        pub(super) const FIELDS: [MatchField; N_FEATURES] = [$(MatchField::$field),+];

        /// Their names, in order.
        pub(super) const NAMES: [&str; N_FEATURES] = [$(stringify!($name)),+];

        /// How many there are.
        pub(super) const N_FEATURES: usize = [$(stringify!($name)),+].len();
    };
}

features! {
    /// Likeness of the names without blanks, in two-hundredths.
    Whole of Name,
    /// How much of the record's name is in the company's, by weight, in two-hundredths.
    MyShare of Name,
    /// How much of the company's name is in the record's.
    TheirShare of Name,
    /// Words of the record without a counterpart that are rare.
    MyRare of Name,
    /// Such words that are common surnames.
    MySurname of Name,
    /// Such words that are trades and the like.
    MyCommon of Name,
    /// Such a word for a place in a group: its number plus 1.
    MyRole of Name,
    /// Such words that are one of the two towns.
    MyTown of Name,
    /// As `MyRare`, of the company.
    TheirRare of Name,
    /// As `MySurname`, of the company.
    TheirSurname of Name,
    /// As `MyCommon`, of the company.
    TheirCommon of Name,
    /// As `MyRole`, of the company.
    TheirRole of Name,
    /// As `MyTown`, of the company.
    TheirTown of Name,
    /// Numbers without a counterpart: of the record up to 2, of the company times 3.
    Numbers of Name,
    /// Words whose counterpart is not the very same.
    Slipped of Name,
    /// Rare words that both have.
    RareShared of Name,
    /// Words of the record's name.
    MyWords of Name,
    /// Words of the company's name.
    TheirWords of Name,
    /// Whether the first words (1) and the last words (2) are the same.
    SameOrder of Name,
    /// How alike the names sound: 3 same letters, 2 same sound, 1 nearly.
    Sound of Name,
    /// Whether the record's name is the company's initials (1), or the other way round (2).
    Initials of Name,
    /// Whether one name begins with the other.
    Begins of Name,
    /// Letters of the record's name.
    Letters of Name,
    /// Likeness of the record's name and the company's domain, in twentieths plus 1.
    NameInDomain of Name,
    /// Likeness of the record's domain and the company's name.
    DomainInName of Domain,
    /// Likeness of the names in the two domains.
    Labels of Domain,
    /// Legal forms: 0 others, 1 one has more, 2 one has none, 3 none has any, 4 the same.
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
    /// Whether the company belongs to another one.
    HasParent of Name,
    /// How many of domain, phone, VAT id, register, zip, city and street the record has.
    Said of Rivals,
}

/// A record, prepared for being compared with all of its candidates.
pub(super) struct Comparer<'a> {
    subject: &'a Profile,
    name: names::Name<'a>,
    said: u8,
}

impl<'a> Comparer<'a> {
    /// Of the record's canonical values.
    pub(super) fn of(subject: &'a Profile) -> Self {
        let said = [
            &subject.domain,
            &subject.phone,
            &subject.vat,
            &subject.register,
            &subject.zip,
            &subject.city,
            &subject.street,
        ];
        Self {
            subject,
            name: names::Name::of(subject),
            said: said.into_iter().flatten().count() as u8,
        }
    }

    /// All comparisons with one company; none if it has neither a name like the record's nor anything else of its own.
    pub(super) fn compare(&self, candidate: &Profile, has_parent: bool) -> Option<Vector> {
        let mut out = [0; N_FEATURES];
        identifiers::compare(self.subject, candidate, &mut out);
        places::compare(self.subject, candidate, &mut out);
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
        out[Feature::Form as usize] = self.subject.forms.likeness(candidate.forms);
        out[Feature::HasParent as usize] = u8::from(has_parent);
        out[Feature::Said as usize] = self.said;
        Some(out)
    }
}
