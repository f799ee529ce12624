use super::clear;
use super::context::{self, Candidate, FullVector, Scored};
use super::cutoffs::Cutoffs;
use super::doubt::Doubts;
use super::explain;
use super::features::{Comparer, Feature};
use super::model::Model;
use super::personal;
use super::relation::{Relation, RelationStatus};
use crate::profile::Profile;

/// The most candidates that the trees weigh.
const CLOSE: usize = 3;

/// The trees weigh a candidate only if it is at most this many bits behind the best.
const NEAR: f32 = 6.0;

/// If the first candidate is sure and the others are at least this many bits behind, the trees do
/// not weigh the others.
const FAR: f32 = 2.0;

/// The least probability of a sure candidate, in thousandths.
const SURE: u16 = 900;

/// The most that a relation in doubt claims, in bits: four to one. The trees do not know the doubt.
const DOUBTFUL: f32 = 2.0;

/// A candidate that the trees have weighed.
struct Weighed {
    /// Its position in the list of scored candidates.
    at: usize,
    whole: FullVector,
    /// The logarithm (base 2) of the odds.
    bits: f32,
}

impl Weighed {
    /// Two kinds of company are always suggested, unless something contradicts them: one at the
    /// record's very postal code whose name has all words of the record's, and one whose name has
    /// the same words in another order.
    fn raise_namesake(&mut self, cutoffs: &Cutoffs) {
        let value = |feature: Feature| self.whole[feature as usize];
        let has_mine = value(Feature::MyWords) > 0 && value(Feature::MyShare) == 200;
        let is_neighbour = has_mine
            && value(Feature::Zip) == 6
            && value(Feature::MyRole) == 0
            && value(Feature::TheirRole) == 0;
        let is_reordered = has_mine
            && value(Feature::MyWords) > 1
            && value(Feature::TheirShare) == 200
            && !matches!(value(Feature::Zip), 0 | 2 | 3);
        let is_namesake = (is_neighbour || is_reordered)
            && value(Feature::Country) != 0
            && value(Feature::City) != 0
            && value(Feature::Domain) != 0
            && !is_contradicted(&self.whole);
        let least = f32::from(cutoffs.suggested + 1) / 1_000.0;
        if is_namesake && least < 1.0 {
            self.bits = self.bits.max((least / (1.0 - least)).log2());
        }
    }
}

/// The relations of a record, the likeliest first: one automatic relation, or up to five suggested
/// ones, or none.
///
/// A relation is automatic if its score is high enough, no second candidate comes near, no unique
/// identifier (VAT id, register, LEI) contradicts it, and it is supported by more than a person's
/// name. `is_persons_name` tells whether the record says that its name is a person's; it is called
/// only if the answer matters. The same company may occur several times among `candidates`, in any
/// order, without changing the result.
pub fn decide(
    record: &Profile,
    candidates: &[Candidate<'_>],
    is_persons_name: &dyn Fn() -> bool,
) -> Vec<Relation> {
    decide_with(&Cutoffs::CALIBRATED, record, candidates, is_persons_name)
}

/// As [`decide`], with other cutoffs: for tests.
pub(super) fn decide_with(
    cutoffs: &Cutoffs,
    record: &Profile,
    candidates: &[Candidate<'_>],
    is_persons_name: &dyn Fn() -> bool,
) -> Vec<Relation> {
    let model = Model::in_use();
    if clear::SCORE >= cutoffs.automatic
        && clear::SCORE >= cutoffs.suggested
        && let Some((candidate, vector)) = clear::find(record, candidates)
    {
        return vec![Relation {
            company: candidate.company.clone(),
            score: clear::SCORE,
            status: RelationStatus::Automatic,
            evidence: explain::clear_evidence(model, &vector),
        }];
    }
    if record.identifies_nothing() {
        return Vec::new();
    }
    let scored = score(model, record, candidates);
    let mut weighed: Vec<Weighed> = Vec::with_capacity(CLOSE);
    for at in 0..n_close(&scored) {
        let whole = context::of(record, &scored, at);
        let bits = model.odds(&whole) + explain::stated_bits(&scored[at].vector);
        weighed.push(Weighed { at, whole, bits });
        // The first candidate is sure, and its features already take the others into account.
        // Weighing them would change nothing.
        let gap = scored
            .get(1)
            .map_or(f32::MAX, |second| scored[0].bits - second.bits);
        if at == 0 && gap >= FAR && permille(bits) >= cutoffs.automatic.max(SURE) {
            break;
        }
    }
    weighed.sort_by(|left, right| {
        right
            .bits
            .total_cmp(&left.bits)
            .then_with(|| left.at.cmp(&right.at))
    });
    for weighed in &mut weighed {
        weighed.raise_namesake(cutoffs);
    }
    weighed.retain(|weighed| permille(weighed.bits) >= cutoffs.suggested);
    cap_total(&mut weighed);
    let Some(best) = weighed.first() else {
        return Vec::new();
    };
    let ahead = weighed
        .get(1)
        .is_none_or(|second| (best.bits - second.bits) * 10.0 >= f32::from(cutoffs.margin));
    let is_likely = permille(best.bits) >= cutoffs.automatic;
    let is_doubtful = best.bits > DOUBTFUL
        && (Doubts::of(record, &scored[best.at].candidate.profile, &best.whole).exist()
            || is_contradicted(&best.whole)
            || personal::is_only_a_persons_name(record, &best.whole, is_persons_name));
    if is_doubtful {
        weighed
            .iter_mut()
            .for_each(|weighed| weighed.bits = weighed.bits.min(DOUBTFUL));
    }
    let status = if ahead && is_likely && !is_doubtful {
        weighed.truncate(1);
        RelationStatus::Automatic
    } else {
        RelationStatus::Suggested
    };
    weighed.truncate(usize::from(cutoffs.max_relations));
    weighed
        .iter()
        .map(|weighed| Relation {
            company: scored[weighed.at].candidate.company.clone(),
            score: permille(weighed.bits),
            status,
            evidence: explain::evidence(model, &scored[weighed.at].vector, weighed.bits),
        })
        .collect()
}

/// The number of candidates, from the best on, that the trees weigh.
pub(super) fn n_close(scored: &[Scored<'_>]) -> usize {
    let least = scored.first().map_or(0.0, |best| best.bits - NEAR);
    scored
        .iter()
        .take(CLOSE)
        .take_while(|scored| scored.bits >= least)
        .count()
}

/// Scores each candidate once by the sum of its weights, and sorts them, the best first.
pub(super) fn score<'a>(
    model: &Model,
    record: &Profile,
    candidates: &[Candidate<'a>],
) -> Vec<Scored<'a>> {
    let mut scored: Vec<Scored<'a>> = Vec::with_capacity(candidates.len().min(16));
    if candidates.is_empty() {
        return scored;
    }
    let comparer = Comparer::of(record);
    for candidate in candidates {
        let is_known = scored.iter().any(|known| {
            std::ptr::eq(known.candidate, *candidate)
                || known.candidate.company == candidate.company
        });
        if !is_known {
            let compared = comparer.compare(&candidate.profile, candidate.parent.is_some());
            let Some(vector) = compared else {
                continue;
            };
            scored.push(Scored {
                candidate,
                vector,
                bits: model.sum(&vector) + explain::country_bits(&vector),
            });
        }
    }
    scored.sort_by(|left, right| {
        right
            .bits
            .total_cmp(&left.bits)
            .then_with(|| left.candidate.company.cmp(&right.candidate.company))
    });
    scored
}

/// A record is a single company: if the probabilities of all candidates add up to more than one,
/// scales them down to one.
fn cap_total(weighed: &mut [Weighed]) {
    let all: f32 = weighed.iter().map(|weighed| chance(weighed.bits)).sum();
    if all > 1.0 {
        for weighed in weighed {
            let chance = chance(weighed.bits) / all;
            weighed.bits = (chance / (1.0 - chance).max(1e-9)).log2();
        }
    }
}

/// The probability for given odds.
fn chance(bits: f32) -> f32 {
    let odds = bits.clamp(-40.0, 40.0).exp2();
    odds / (1.0 + odds)
}

/// The probability in thousandths.
fn permille(bits: f32) -> u16 {
    (chance(bits) * 1_000.0) as u16
}

/// Whether a candidate has a contradiction that no score can outweigh. There are two: a different
/// unique identifier, and a VAT id that is the only thing in common while the names are entirely
/// different. All companies of a group may have the same VAT id.
fn is_contradicted(whole: &FullVector) -> bool {
    let value = |feature: Feature| whole[feature as usize];
    let another = [Feature::Lei, Feature::Vat, Feature::Register]
        .into_iter()
        .any(|feature| value(feature) == 0);
    let is_strange = value(Feature::Vat) > 1
        && value(Feature::MyWords) > 0
        && value(Feature::Whole) < 100
        && value(Feature::MyShare).max(value(Feature::TheirShare)) < 100
        && value(Feature::Initials) == 0
        && value(Feature::Domain) < 5
        && value(Feature::Phone) < 3
        && value(Feature::Street) < 5
        && value(Feature::Lei) < 3;
    another || is_strange
}
