//! What was counted, as text and as JSON.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use domain::matching::{Relation, RelationStatus};
use serde_json::{Value, json};

use super::{Result, files::Labelled};

/// So many errors are shown.
const WORST: usize = 20;

/// What became of one record.
pub(super) struct Outcome<'a> {
    pub(super) record: &'a Labelled,
    pub(super) n_keys: usize,
    pub(super) n_candidates: usize,
    /// Whether its company is among the candidates.
    pub(super) is_found: bool,
    pub(super) relations: Vec<Relation>,
}

/// All counts.
pub(super) struct Report<'a> {
    files: Vec<String>,
    n_companies: usize,
    n_index_keys: usize,
    outcomes: Vec<Outcome<'a>>,
    seconds: f64,
}

impl<'a> Report<'a> {
    pub(super) fn new(paths: &[PathBuf], n_companies: usize, n_index_keys: usize) -> Self {
        Self {
            files: paths
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            n_companies,
            n_index_keys,
            outcomes: Vec::new(),
            seconds: 0.0,
        }
    }

    pub(super) fn add(&mut self, outcome: Outcome<'a>) {
        self.outcomes.push(outcome);
    }

    pub(super) fn time(&mut self, taken: Duration) {
        self.seconds = taken.as_secs_f64();
    }

    /// Right and wrong first relations of at least this firmness.
    fn tally(&self, status: RelationStatus) -> Value {
        let firsts: Vec<&Outcome<'_>> = self
            .outcomes
            .iter()
            .filter(|outcome| {
                outcome
                    .relations
                    .first()
                    .is_some_and(|first| first.status >= status)
            })
            .collect();
        let right = firsts.iter().filter(|outcome| outcome.is_right()).count();
        let precision = share(right, firsts.len());
        let recall = share(right, self.n_known());
        let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
        json!({
            "precision": round(precision), "recall": round(recall), "f1": round(f1),
            "right": right, "wrong": firsts.len() - right,
        })
    }

    fn n_known(&self) -> usize {
        self.outcomes
            .iter()
            .filter(|outcome| !outcome.record.company.is_empty())
            .count()
    }

    /// The highest recall at which first relations, the surest first, are right in this share.
    fn recall_at(&self, precision: f64) -> f64 {
        let mut scores: Vec<(u16, bool)> = self
            .outcomes
            .iter()
            .filter_map(|outcome| Some((outcome.relations.first()?.score, outcome.is_right())))
            .collect();
        scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let (mut right, mut best) = (0, 0);
        for (n, (score, is_right)) in scores.iter().enumerate() {
            right += usize::from(*is_right);
            let is_last = scores.get(n + 1).is_none_or(|(next, _)| next != score);
            if is_last && share(right, n + 1) >= precision {
                best = right;
            }
        }
        round(share(best, self.n_known()))
    }

    /// The surest wrong relations, then the records whose company was missed.
    fn worst(&self) -> Vec<Value> {
        let mut wrong: Vec<(&Outcome<'_>, u16)> = self
            .outcomes
            .iter()
            .filter(|outcome| {
                !outcome.is_right()
                    && (!outcome.relations.is_empty() || !outcome.record.company.is_empty())
            })
            .map(|outcome| {
                (
                    outcome,
                    outcome.relations.first().map_or(0, |first| first.score),
                )
            })
            .collect();
        wrong.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
        wrong
            .iter()
            .take(WORST)
            .map(|(outcome, _)| outcome.shown())
            .collect()
    }

    fn value(&self) -> Value {
        let n = self.outcomes.len();
        let sum = |count: fn(&Outcome<'_>) -> usize| self.outcomes.iter().map(count).sum::<usize>();
        let (keys, pairs) = (
            sum(|outcome| outcome.n_keys),
            sum(|outcome| outcome.n_candidates),
        );
        let found = self
            .outcomes
            .iter()
            .filter(|outcome| outcome.is_found)
            .count();
        json!({
            "files": self.files,
            "companies": self.n_companies,
            "records": n,
            "records_with_a_company": self.n_known(),
            "automatic": self.tally(RelationStatus::Automatic),
            "suggested_or_better": self.tally(RelationStatus::Suggested),
            "recall_at_precision": { "0.99": self.recall_at(0.99), "0.995": self.recall_at(0.995) },
            "recall_of_candidates": round(share(found, self.n_known())),
            "keys_per_record": round(share(keys, n)),
            "candidates_per_record": round(share(pairs, n)),
            "index_keys_per_company": round(share(self.n_index_keys, self.n_companies)),
            "records_per_cpu_second": (n as f64 / self.seconds).round(),
            "pairs_per_cpu_second": (pairs as f64 / self.seconds).round(),
            "worst_errors": self.worst(),
        })
    }

    /// As JSON, in one file.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        Ok(std::fs::write(
            path,
            serde_json::to_vec_pretty(&self.value())?,
        )?)
    }

    /// As lines for the terminal.
    pub(super) fn print(&self) {
        let value = self.value();
        for (name, value) in value.as_object().into_iter().flatten() {
            match value {
                Value::Array(errors) if name == "worst_errors" => {
                    println!("{name}:");
                    errors.iter().for_each(|error| println!("  {error}"));
                }
                value => println!("{name:<26}{value}"),
            }
        }
    }
}

impl Outcome<'_> {
    /// Whether the first relation is the right one.
    fn is_right(&self) -> bool {
        self.relations
            .first()
            .is_some_and(|first| first.company.as_str() == self.record.company)
    }

    fn shown(&self) -> Value {
        let said: serde_json::Map<String, Value> = self
            .record
            .said()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let relations: Vec<Value> = self
            .relations
            .iter()
            .map(|relation| json!(relation))
            .collect();
        json!({
            "record": self.record.id,
            "says": said,
            "is": self.record.company,
            "among_candidates": self.is_found,
            "relations": relations,
        })
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
