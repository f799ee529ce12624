//! A score in words: what was compared, how far it agrees, and what that weighs.

use super::features::{FIELDS, Feature, N_FEATURES, Vector};
use super::model::Model;
use super::relation::{Agreement, Evidence, MatchField};

/// Fields in the order in which equal weights are told.
const TOLD: [MatchField; 12] = [
    MatchField::Lei,
    MatchField::Vat,
    MatchField::Register,
    MatchField::Name,
    MatchField::Domain,
    MatchField::Phone,
    MatchField::Street,
    MatchField::Zip,
    MatchField::City,
    MatchField::LegalForm,
    MatchField::Country,
    MatchField::Rivals,
];

/// What an LEI says, in bits. The labelled records of training have none, so these are set from what it means: one company, one LEI.
pub(super) fn lei_bits(vector: &Vector) -> f32 {
    match vector[Feature::Lei as usize] {
        0 => -8.0,
        2 => 4.0,
        3 => 14.0,
        _ => 0.0,
    }
}

/// All that was compared, the heaviest first. Weights are tenths of a bit; `bits` is what the trees made of it all.
///
/// A field's weight is what it says by itself. What the trees add or take away stands under [`MatchField::Rivals`]: it is mostly what the other
/// candidates say. So prior and weights add up to the score.
pub(super) fn evidence(model: &Model, vector: &Vector, bits: f32) -> Vec<Evidence> {
    let mut sums = singles(model, vector);
    sums[RIVALS] = bits - model.sum(vector);
    told(vector, &sums)
}

/// The evidence of a clear case: nothing was weighed but each comparison by itself.
pub(super) fn single_evidence(model: &Model, vector: &Vector) -> Vec<Evidence> {
    let mut sums = singles(model, vector);
    sums[RIVALS] = 0.0;
    told(vector, &sums)
}

fn singles(model: &Model, vector: &Vector) -> [f32; TOLD.len()] {
    let mut sums = [0.0_f32; TOLD.len()];
    for (at, value) in vector.iter().enumerate() {
        sums[PLACES[at]] += model.weight(at, *value);
    }
    sums[PLACES[Feature::Lei as usize]] += lei_bits(vector);
    sums
}

fn told(vector: &Vector, sums: &[f32; TOLD.len()]) -> Vec<Evidence> {
    let mut sums = *sums;
    if is_nameless(vector) {
        // That there is no name has its weight, and no words.
        sums[RIVALS] += std::mem::take(&mut sums[NAME]);
    }
    let mut evidence = Vec::with_capacity(TOLD.len());
    for (field, bits) in TOLD.into_iter().zip(sums) {
        if let Some(agreement) = agreement(field, vector, bits) {
            evidence.push(Evidence {
                field,
                agreement,
                weight: (bits * 10.0).round().clamp(-999.0, 999.0) as i16,
            });
        }
    }
    evidence.sort_by_key(|evidence| -evidence.weight.abs());
    evidence
}

/// Where in [`TOLD`] each comparison belongs.
const PLACES: [usize; N_FEATURES] = {
    let mut places = [RIVALS; N_FEATURES];
    let mut at = 0;
    while at < N_FEATURES {
        let mut place = 0;
        while TOLD[place] as u8 != FIELDS[at] as u8 {
            place += 1;
        }
        places[at] = place;
        at += 1;
    }
    places
};

/// The place of [`MatchField::Rivals`].
const RIVALS: usize = TOLD.len() - 1;
/// The place of [`MatchField::Name`].
const NAME: usize = PLACES[Feature::Whole as usize];

/// Whether the record names no company, as most Contacts do not. Words are counted where the names are not the same.
fn is_nameless(vector: &Vector) -> bool {
    vector[Feature::MyWords as usize] == 0 && vector[Feature::Whole as usize] == 0
}

/// How far a field agrees; none if one side does not say.
fn agreement(field: MatchField, vector: &Vector, bits: f32) -> Option<Agreement> {
    use Agreement::{Close, Different, Equal, Partly};
    let value = |feature: Feature| vector[feature as usize];
    Some(match field {
        MatchField::Name if is_nameless(vector) => return None,
        MatchField::Name => {
            let shares = value(Feature::MyShare).min(value(Feature::TheirShare));
            let most = value(Feature::MyShare).max(value(Feature::TheirShare));
            match value(Feature::Whole) {
                200 => Equal,
                _ if shares >= 200 => Equal,
                180.. => Close,
                _ if shares >= 160 => Close,
                120.. => Partly,
                _ if most >= 120 || value(Feature::Initials) > 0 => Partly,
                _ => Different,
            }
        }
        MatchField::LegalForm => match value(Feature::Form) {
            4 => Equal,
            1 => Partly,
            0 => Different,
            _ => return None,
        },
        MatchField::Domain => match value(Feature::Domain) {
            5 => Equal,
            4 => Close,
            3 => Partly,
            0 => Different,
            _ => return None,
        },
        MatchField::Phone => match value(Feature::Phone) {
            5 => Equal,
            4 | 3 => Close,
            2 => Partly,
            0 => Different,
            _ => return None,
        },
        MatchField::Vat | MatchField::Lei => {
            let feature = if field == MatchField::Vat {
                Feature::Vat
            } else {
                Feature::Lei
            };
            match value(feature) {
                3 => Equal,
                2 => Close,
                0 => Different,
                _ => return None,
            }
        }
        MatchField::Register => match value(Feature::Register) {
            4 => Equal,
            3 | 2 => Close,
            0 => Different,
            _ => return None,
        },
        MatchField::Zip => match value(Feature::Zip) {
            6 => Equal,
            5 => Close,
            4 | 3 => Partly,
            0 | 2 => Different,
            _ => return None,
        },
        MatchField::City => match value(Feature::City) {
            3 => Equal,
            2 => Close,
            0 => Different,
            _ => return None,
        },
        MatchField::Street => match value(Feature::Street) {
            6 => Equal,
            5 | 4 => Close,
            3 | 2 => Partly,
            0 => Different,
            _ => return None,
        },
        MatchField::Country => match value(Feature::Country) {
            2 => Equal,
            0 => Different,
            _ => return None,
        },
        MatchField::Rivals => match bits {
            ..-1.0 => Different,
            1.0.. => Equal,
            _ => return None,
        },
    })
}
