//! The clear case, decided without the trees: the name is the same, nothing contradicts it, and no
//! other candidate comes near.
//!
//! Of 10,000 labelled records, 3,300 are clear cases. Before namesakes that share nothing else were
//! allowed as other candidates, there were 2,989, of which 6 were wrong (November 2026).

use super::context::Candidate;
use super::features::{Feature, N_FEATURES, Vector, address, identifiers};
use crate::profile::Profile;

/// The estimated probability of a clear case, in thousandths. It is below the measured value, to
/// allow for other kinds of data.
pub(super) const SCORE: u16 = 997;

/// The clear case among `candidates`, if there is one, with its features.
pub(super) fn find<'a>(
    record: &Profile,
    candidates: &[Candidate<'a>],
) -> Option<(Candidate<'a>, Vector)> {
    if record.name.is_empty() {
        return None;
    }
    let namesakes = candidates
        .iter()
        .filter(|candidate| candidate.profile.name == record.name);
    for found in namesakes {
        let vector = compare(record, found);
        if agrees(&vector) {
            let is_clear = candidates.iter().all(|other| {
                std::ptr::eq(*other, *found)
                    || is_far(record, &found.profile, &other.profile)
                    || other.company == found.company
            });
            return is_clear.then_some((*found, vector));
        }
    }
    None
}

/// The features of a candidate with the same name. Only the other values have to be compared.
fn compare(record: &Profile, found: Candidate<'_>) -> Vector {
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
    identifiers::compare(record, &found.profile, &mut vector);
    address::compare(record, &found.profile, &mut vector);
    vector[Feature::Form as usize] = record.forms.similarity(found.profile.forms);
    vector
}

/// Whether every value that both sides have agrees, and enough of them exist.
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

/// Whether another candidate is out of the question. It must share neither domain nor phone number
/// nor street with the one that was found, as members of a group would. If it has the same name, it
/// must contradict the record's address or domain.
fn is_far(record: &Profile, found: &Profile, other: &Profile) -> bool {
    let shares = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    let differs = |left: &Option<String>, right: &Option<String>| {
        left.is_some() && right.is_some() && left != right
    };
    (found.name != other.name
        || differs(&record.zip, &other.zip)
        || differs(&record.city, &other.city)
        || differs(&record.domain, &other.domain))
        && !shares(&found.domain, &other.domain)
        && (!shares(&found.street, &other.street) || differs(&found.zip, &other.zip))
        && !identifiers::are_same_line(&found.phone, &other.phone)
}
