//! The evidence of a score: what was compared, how far it agrees, and its weight.

use super::features::{FIELDS, Feature, Vector};
use super::model::Model;
use super::relation::{Agreement, Evidence, MatchField, NamePart};

/// The number of fields. Sums of weights are indexed by [`MatchField`].
const N_FIELDS: usize = MatchField::ALL.len();

/// The weight of an LEI, in bits. The labelled records of training have no LEIs, so the weights
/// follow from its definition: a company has exactly one.
pub(super) fn lei_bits(vector: &Vector) -> f32 {
    match vector[Feature::Lei as usize] {
        0 => -8.0,
        2 => 4.0,
        3 => 14.0,
        _ => 0.0,
    }
}

/// The weight of the country, in bits. The labelled records of training are of one language area, so it
/// is stated: records with a wrong country are rare, and companies of a group have one name.
pub(super) fn country_bits(vector: &Vector) -> f32 {
    match vector[Feature::Country as usize] {
        0 => -5.0,
        _ => 0.0,
    }
}

/// The weights that are stated, not trained.
pub(super) fn stated_bits(vector: &Vector) -> f32 {
    lei_bits(vector) + country_bits(vector)
}

/// The evidence of a relation, the heaviest first, and the other candidates last. Weights are in tenths of a bit; `bits` is the
/// result of the trees.
///
/// The weight of a field is what the field says on its own. The difference to the result of the
/// trees is listed as [`MatchField::Rivals`], since it mostly comes from the other candidates. So
/// the prior and all weights add up to the score.
pub(super) fn evidence(model: &Model, vector: &Vector, bits: f32) -> Vec<Evidence> {
    let mut sums = single_weights(model, vector);
    sums[MatchField::Rivals as usize] = bits - model.sum(vector) - stated_bits(vector);
    listed(vector, &sums)
}

/// The evidence of a clear case, where each field was weighed on its own.
pub(super) fn clear_evidence(model: &Model, vector: &Vector) -> Vec<Evidence> {
    let mut sums = single_weights(model, vector);
    sums[MatchField::Rivals as usize] = 0.0;
    listed(vector, &sums)
}

fn single_weights(model: &Model, vector: &Vector) -> [f32; N_FIELDS] {
    let mut sums = [0.0_f32; N_FIELDS];
    for (at, value) in vector.iter().enumerate() {
        sums[FIELDS[at] as usize] += model.weight(at, *value);
    }
    sums[MatchField::Lei as usize] += lei_bits(vector);
    sums[MatchField::Country as usize] += country_bits(vector);
    sums
}

fn listed(vector: &Vector, sums: &[f32; N_FIELDS]) -> Vec<Evidence> {
    let mut sums = *sums;
    if is_nameless(vector) {
        // A missing name has a weight, but is not listed.
        sums[MatchField::Rivals as usize] += std::mem::take(&mut sums[MatchField::Name as usize]);
    }
    let mut evidence = Vec::with_capacity(N_FIELDS);
    for (field, bits) in MatchField::ALL.into_iter().zip(sums) {
        if let Some(agreement) = agreement(field, vector, bits) {
            evidence.push(Evidence {
                field,
                agreement,
                weight: (bits * 10.0).round().clamp(-999.0, 999.0) as i16,
                part: part(field, agreement, vector),
            });
        }
    }
    // What agrees or differs comes before what the other candidates say.
    evidence.sort_by_key(|evidence| {
        let is_about_others = evidence.field == MatchField::Rivals;
        (is_about_others, -evidence.weight.abs())
    });
    evidence
}

/// Whether the record names no company, as is the case for most contacts. Words are counted only if
/// the names differ.
fn is_nameless(vector: &Vector) -> bool {
    vector[Feature::MyWords as usize] == 0 && vector[Feature::Whole as usize] == 0
}

/// Which part of the names agrees, if they are neither the same nor different.
fn part(field: MatchField, agreement: Agreement, vector: &Vector) -> Option<NamePart> {
    let value = |feature: Feature| vector[feature as usize];
    let is_in_part = matches!(agreement, Agreement::Close | Agreement::Partly);
    if field != MatchField::Name || !is_in_part {
        return None;
    }
    let (mine, theirs) = (value(Feature::MyShare), value(Feature::TheirShare));
    Some(match (mine, theirs) {
        _ if value(Feature::Initials) > 0 => NamePart::Initials,
        (200, ..200) => NamePart::MoreInCompany,
        (..200, 200) => NamePart::MoreInRecord,
        // A slip in one word is no other word: the sentence says that the names are nearly the same.
        _ if agreement == Agreement::Close => return None,
        _ if value(Feature::RareShared) > 0 => NamePart::RareWord,
        _ if value(Feature::Begins) > 0 => NamePart::Begin,
        (0, _) | (_, 0) => NamePart::Letters,
        _ => NamePart::CommonWords,
    })
}

/// How far a field agrees. `None` if one side has no value.
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
