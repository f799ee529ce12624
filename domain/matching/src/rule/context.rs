//! What the other candidates say about one candidate: a namesake may fit as well, or a company of
//! the same group may fit better.

use super::features::{Feature, N_FEATURES, Vector};
use super::generic;
use crate::index::Posting;
use crate::profile::Profile;

/// A company found under one of the record's match keys. It is borrowed, because the records of a
/// page share postings.
pub type Candidate<'a> = &'a Posting;

/// The features of a candidate: those from the comparison with the record, followed by those from
/// the other candidates.
pub(super) type FullVector = [u8; N_FEATURES + N_CONTEXT];

/// The names of the features from the other candidates, in order.
pub(super) const CONTEXT: [&str; N_CONTEXT] = [
    "Score",
    "Ahead",
    "Namesakes",
    "Candidates",
    "Kin",
    "OtherDomain",
    "OtherPhone",
    "OtherStreet",
    "OtherOfficial",
    "OtherWhole",
    "OtherZip",
    "OtherForm",
    "OtherTheirShare",
    "OtherMyShare",
    "Rarity",
    "Numbered",
    "Apart",
];

pub(super) const N_CONTEXT: usize = 17;

/// The place of `OtherDomain` in [`CONTEXT`].
pub(super) const OTHER_DOMAIN: usize = 5;

/// Scores become features in quarters of a bit.
const STEPS: f32 = 4.0;

/// A candidate with its features and the sum of their weights, in bits.
pub(super) struct Scored<'a> {
    pub(super) candidate: Candidate<'a>,
    pub(super) vector: Vector,
    pub(super) bits: f32,
}

/// All features of the candidate at `at`. `scored` is sorted by score, the best first.
pub(super) fn of(record: &Profile, scored: &[Scored<'_>], at: usize) -> FullVector {
    let mut whole = [0; N_FEATURES + N_CONTEXT];
    let own = &scored[at];
    whole[..N_FEATURES].copy_from_slice(&own.vector);
    let others = || {
        scored
            .iter()
            .enumerate()
            .filter(move |(other, _)| *other != at)
            .map(|(_, other)| other)
    };
    let best = others().next();
    let highest = |feature: Feature| {
        others()
            .map(|other| other.vector[feature as usize])
            .max()
            .unwrap_or(0)
    };
    let namesakes = others()
        .filter(|other| {
            other.vector[Feature::Whole as usize] >= 184
                || other.vector[Feature::Sound as usize] >= 2
        })
        .count();
    whole[N_FEATURES..].copy_from_slice(&[
        steps(own.bits),
        best.map_or(u8::MAX, |best| steps(own.bits - best.bits).min(u8::MAX - 1)),
        namesakes.min(9) as u8,
        scored.len().min(30) as u8,
        best.map_or(0, |best| {
            1 + u8::from(are_kin(own.candidate, best.candidate))
        }),
        highest(Feature::Domain),
        highest(Feature::Phone),
        highest(Feature::Street),
        highest(Feature::Vat).max(highest(Feature::Register)),
        highest(Feature::Whole),
        highest(Feature::Zip),
        best.map_or(9, |best| best.vector[Feature::Form as usize]),
        best.map_or(0, |best| best.vector[Feature::TheirShare as usize]),
        best.map_or(0, |best| best.vector[Feature::MyShare as usize]),
        rarity(record, &own.candidate.profile),
        numbered(&record.name, &own.candidate.profile.name),
        apart(&record.name, &own.candidate.profile.name),
    ]);
    whole
}

/// 0 a name that hundreds of companies have, 1 one with a short word of its own, 2 a rare one.
fn rarity(record: &Profile, candidate: &Profile) -> u8 {
    let towns = [&record.city, &candidate.city].map(|city| city.as_deref().unwrap_or_default());
    u8::from(!generic::is_generic(&record.name, towns))
        + u8::from(generic::is_rare(&record.name, towns))
}

/// The number of names, of the two, with a number that the other lacks.
fn numbered(name: &str, other: &str) -> u8 {
    let (mine, theirs) = generic::numbers_apart(name, other);
    u8::from(mine) + u8::from(theirs)
}

/// 0 no word makes another member of a group, 1 a line of business, 2 a country, 3 a role.
fn apart(name: &str, other: &str) -> u8 {
    match generic::member_apart(name, other) {
        None => 0,
        Some(generic::Member::Business) => 1,
        Some(generic::Member::Country) => 2,
        Some(generic::Member::Role) => 3,
    }
}

fn steps(bits: f32) -> u8 {
    (bits * STEPS + 128.0).clamp(0.0, 255.0) as u8
}

/// Whether one candidate is the parent of the other, or both have the same parent.
fn are_kin(left: Candidate<'_>, right: Candidate<'_>) -> bool {
    let is_child = |child: Candidate<'_>, parent: Candidate<'_>| {
        child.parent.as_ref() == Some(&parent.company)
    };
    is_child(left, right)
        || is_child(right, left)
        || left.parent.is_some() && left.parent == right.parent
}
