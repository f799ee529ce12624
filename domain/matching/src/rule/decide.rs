use serde::{Deserialize, Serialize};

use super::clear;
use super::context::{self, Scored, Whole};
use super::explain;
use super::features::{Comparer, Feature};
use super::model::Model;
use super::personal;
use super::relation::{Relation, RelationStatus};
use crate::{CompanyId, Posting, Profile};

/// A company found under one of the subject's match keys; borrowed, because records of one page share postings.
pub type Candidate<'a> = &'a Posting;

/// How many candidates are looked at closely.
const CLOSE: usize = 3;

/// How many bits behind the best a candidate may be to be looked at closely: with 12 the figures are the same (November 2026).
const NEAR: f32 = 6.0;

/// How many bits behind a sure first candidate the others must be not to be looked at closely.
const FAR: f32 = 2.0;

/// What is sure, in thousandths, whatever the thresholds.
const SURE: u16 = 900;

/// How sure is sure enough. The defaults are what the functions use, and were chosen by measurement; nobody can set others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// Least score, in thousandths, of an automatic relation.
    pub automatic: u16,
    /// Least score, in thousandths, of a suggested relation, before companies that fit alike share it.
    pub suggested: u16,
    /// How much likelier, in tenths of a bit, the best candidate must be than the second to be automatic.
    pub margin: u16,
    /// The most relations that one record gets.
    pub max_relations: u16,
}

/// The rule that decides which companies a record may be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Matching {
    thresholds: Thresholds,
}

/// Measured by cross-validation on 10,000 labelled records of German, Austrian and Swiss companies (five folds by company, weights and trees made anew for each, November 2026):
/// of the automatic relations 99.7 % were right, and 92.7 % of the records that have a company got theirs so; of the first relations of either
/// kind 97.7 % were right, for 97.9 % of those records. `domain/model/README.md` has the figures for other thresholds.
impl Default for Thresholds {
    fn default() -> Self {
        Self {
            automatic: 920,
            suggested: 350,
            margin: 20,
            max_relations: 5,
        }
    }
}

/// A candidate after the close look.
struct Weighed {
    /// Where it is in the list of the scored.
    at: usize,
    whole: Whole,
    /// The logarithm (base 2) of the odds.
    bits: f32,
}

/// What training sees of one candidate.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The company.
    pub company: CompanyId,
    /// All comparisons, as [`feature_names`] names them.
    pub values: Vec<u8>,
}

/// The names of what is compared, in the order of [`Sample::values`].
pub fn feature_names() -> Vec<&'static str> {
    let names = super::features::NAMES;
    names.into_iter().chain(context::CONTEXT).collect()
}

impl Matching {
    /// The rule with these thresholds.
    pub fn new(thresholds: Thresholds) -> Self {
        Self { thresholds }
    }

    /// The relations of a record whose company is described by `subject`, the likeliest first: one automatic relation, or up to
    /// `max_relations` suggested ones, or none.
    ///
    /// A relation is automatic if its score is high enough, no second candidate comes near it, no official identifier (VAT id, register, LEI)
    /// contradicts it, and it rests on more than a person's name. A company may be among `candidates` several times, in any order: the answer is
    /// the same.
    pub fn decide(&self, subject: &Profile, candidates: &[Candidate<'_>]) -> Vec<Relation> {
        self.decide_of(subject, candidates, || false)
    }

    /// As [`Self::decide`], of a record that knows whether the subject's name is a person's: `is_persons` is asked only where that matters.
    pub fn decide_of(
        &self,
        subject: &Profile,
        candidates: &[Candidate<'_>],
        is_persons: impl FnOnce() -> bool,
    ) -> Vec<Relation> {
        let model = Model::in_use();
        if clear::SCORE >= self.thresholds.automatic
            && clear::SCORE >= self.thresholds.suggested
            && let Some((candidate, vector)) = clear::find(subject, candidates)
        {
            return vec![Relation {
                company: candidate.company.clone(),
                score: clear::SCORE,
                status: RelationStatus::Automatic,
                evidence: explain::single_evidence(model, &vector),
            }];
        }
        if subject.says_nothing() {
            return Vec::new();
        }
        let scored = score(model, subject, candidates);
        let mut weighed: Vec<Weighed> = Vec::with_capacity(CLOSE);
        for at in 0..n_close(&scored) {
            let whole = context::of(&scored, at);
            let bits = model.odds(&whole) + explain::lei_bits(&scored[at].vector);
            weighed.push(Weighed { at, whole, bits });
            // The first is sure, and knows of the others: what they are themselves would change nothing.
            let gap = scored
                .get(1)
                .map_or(f32::MAX, |second| scored[0].bits - second.bits);
            if at == 0 && gap >= FAR && permille(bits) >= self.thresholds.automatic.max(SURE) {
                break;
            }
        }
        weighed.sort_by(|left, right| {
            right
                .bits
                .total_cmp(&left.bits)
                .then_with(|| left.at.cmp(&right.at))
        });
        weighed.retain(|weighed| permille(weighed.bits) >= self.thresholds.suggested);
        share(&mut weighed);
        let Some(best) = weighed.first() else {
            return Vec::new();
        };
        let ahead = weighed.get(1).is_none_or(|second| {
            (best.bits - second.bits) * 10.0 >= f32::from(self.thresholds.margin)
        });
        let automatic = ahead
            && permille(best.bits) >= self.thresholds.automatic
            && !is_contradicted(&best.whole)
            && !personal::is_name_alone(subject, &best.whole, is_persons);
        let status = if automatic {
            weighed.truncate(1);
            RelationStatus::Automatic
        } else {
            RelationStatus::Suggested
        };
        weighed.truncate(usize::from(self.thresholds.max_relations));
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

    /// What training sees of a record: the candidates that are looked at closely.
    pub fn samples(&self, subject: &Profile, candidates: &[Candidate<'_>]) -> Vec<Sample> {
        let scored = score(Model::in_use(), subject, candidates);
        (0..n_close(&scored))
            .map(|at| Sample {
                company: scored[at].candidate.company.clone(),
                values: context::of(&scored, at).to_vec(),
            })
            .collect()
    }
}

/// How many candidates, from the best on, are looked at closely.
fn n_close(scored: &[Scored<'_>]) -> usize {
    let least = scored.first().map_or(0.0, |best| best.bits - NEAR);
    scored
        .iter()
        .take(CLOSE)
        .take_while(|scored| scored.bits >= least)
        .count()
}

/// Each candidate once, the best first by the sum of the weights.
fn score<'a>(model: &Model, subject: &Profile, candidates: &[Candidate<'a>]) -> Vec<Scored<'a>> {
    let mut scored: Vec<Scored<'a>> = Vec::with_capacity(candidates.len().min(16));
    if candidates.is_empty() {
        return scored;
    }
    let comparer = Comparer::of(subject);
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
                bits: model.sum(&vector),
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

/// A record is one company: where the chances of all candidates add up to more than one, they share it.
fn share(weighed: &mut [Weighed]) {
    let all: f32 = weighed.iter().map(|weighed| chance(weighed.bits)).sum();
    if all > 1.0 {
        for weighed in weighed {
            let chance = chance(weighed.bits) / all;
            weighed.bits = (chance / (1.0 - chance).max(1e-9)).log2();
        }
    }
}

/// The probability that has these odds.
fn chance(bits: f32) -> f32 {
    let odds = bits.clamp(-40.0, 40.0).exp2();
    odds / (1.0 + odds)
}

/// Estimated probability in thousandths.
fn permille(bits: f32) -> u16 {
    (chance(bits) * 1_000.0) as u16
}

/// Whether something speaks against a candidate that no score makes up for: an official identifier, or that the VAT id is all that agrees while the
/// names have nothing in common. A group may have one VAT id for all of its companies.
fn is_contradicted(whole: &Whole) -> bool {
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
