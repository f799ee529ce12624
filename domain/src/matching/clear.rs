//! The clear case, decided without a close look: the name is the same, nothing speaks against it, and nobody else is near.
//!
//! Most records of a well-kept CRM are such. Of the labelled records 30 % are, and of 2,989 of these 2,986 were right (November 2026).

use super::decide::Candidate;
use super::features::{Feature, N_FEATURES, Vector, identifiers, places};
use crate::company::Profile;

/// Estimated probability of a clear case, in thousandths: what was measured, with room for another kind of data.
pub(super) const SCORE: u16 = 997;

/// The clear case among `candidates`, if there is one, with what was compared.
pub(super) fn find<'a>(
    subject: &Profile,
    candidates: &[Candidate<'a>],
) -> Option<(Candidate<'a>, Vector)> {
    if subject.name.is_empty() {
        return None;
    }
    let found = *candidates
        .iter()
        .find(|candidate| candidate.profile.name == subject.name)?;
    let mut vector = [0; N_FEATURES];
    for (feature, same) in [
        (Feature::Whole, 200),
        (Feature::MyShare, 200),
        (Feature::TheirShare, 200),
        (Feature::SameOrder, 3),
        (Feature::Sound, 3),
    ] {
        vector[feature as usize] = same;
    }
    identifiers::compare(subject, &found.profile, &mut vector);
    places::compare(subject, &found.profile, &mut vector);
    vector[Feature::Form as usize] = subject.forms.likeness(found.profile.forms);
    let is_clear = agrees(&vector)
        && candidates
            .iter()
            .all(|other| other.company == found.company || is_far(&found.profile, &other.profile));
    is_clear.then_some((found, vector))
}

/// Whether all that both sides say agrees, and enough of it is said.
fn agrees(vector: &Vector) -> bool {
    let value = |feature: Feature| vector[feature as usize];
    let nothing_against = matches!(value(Feature::Domain), 1 | 2 | 5)
        && matches!(value(Feature::Phone), 1 | 3..)
        && matches!(value(Feature::Vat), 1 | 3)
        && matches!(value(Feature::Lei), 1 | 3)
        && matches!(value(Feature::Register), 1 | 3..)
        && matches!(value(Feature::Zip), 1 | 6)
        && matches!(value(Feature::City), 1..)
        && matches!(value(Feature::Street), 1 | 3..)
        && value(Feature::Country) != 0
        && value(Feature::Form) >= 2;
    let strong = u8::from(value(Feature::Domain) == 5)
        + u8::from(value(Feature::Phone) >= 3)
        + u8::from(value(Feature::Vat) == 3)
        + u8::from(value(Feature::Lei) == 3)
        + u8::from(value(Feature::Register) >= 3)
        + u8::from(value(Feature::Street) >= 5);
    let placed = value(Feature::Zip) == 6 || value(Feature::City) == 3;
    nothing_against && (strong >= 2 || strong >= 1 && placed)
}

/// Whether a company has neither name nor domain, phone or street of the one that was found: those of its group are near it.
fn is_far(found: &Profile, other: &Profile) -> bool {
    let shares = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    found.name != other.name
        && !shares(&found.domain, &other.domain)
        && !shares(&found.street, &other.street)
        && !identifiers::are_same_line(&found.phone, &other.phone)
}
