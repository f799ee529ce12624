//! The results, as text and as JSON.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::Duration,
};

use matching::{MatchKey, RelationStatus};
use serde_json::{Value, json};

use super::{Result, calibration, memory::Index, outcome::Outcome};

/// The number of errors shown.
const WORST: usize = 20;

/// The results for all records.
pub(super) struct Report<'a> {
    files: Vec<String>,
    index: &'a Index,
    outcomes: Vec<Outcome<'a>>,
    seconds: f64,
}

impl<'a> Report<'a> {
    pub(super) fn new(paths: &[PathBuf], index: &'a Index) -> Self {
        Self {
            files: paths
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            index,
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

    /// The right and wrong first relations with at least this status.
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

    /// The score of each first relation, and whether it is right.
    fn firsts(&self) -> Vec<(u16, bool)> {
        let first = |outcome: &Outcome<'_>| {
            let score = outcome.relations.first()?.score;
            Some((score, outcome.is_right()))
        };
        self.outcomes.iter().filter_map(first).collect()
    }

    /// The highest recall at which the first relations, the surest first, have this precision.
    fn recall_at(&self, precision: f64) -> f64 {
        let mut scores = self.firsts();
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

    /// The surest wrong relations, followed by the records whose company was missed.
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

    /// The cost and the benefit of each kind of key: entries per company, keys per record, and the
    /// share of records whose company is found under no other kind.
    fn kinds(&self) -> Value {
        let mut kinds = serde_json::Map::new();
        for (letter, entries) in self.index.n_entries() {
            let asked = |outcome: &Outcome<'_>| {
                let of_kind = |key: &&MatchKey| key.kind().letter() == *letter;
                outcome.keys.iter().filter(of_kind).count()
            };
            let only = self.outcomes.iter().filter(|outcome| {
                let mut kinds = outcome.found_by.iter().map(|kind| kind.letter());
                !outcome.found_by.is_empty() && kinds.all(|kind| kind == *letter)
            });
            kinds.insert(
                letter.to_string(),
                json!({
                    "entries_per_company": round(share(*entries, self.index.n_companies())),
                    "keys_per_record": round(share(self.outcomes.iter().map(asked).sum(), self.outcomes.len())),
                    "only_found_so": round(share(only.count(), self.n_known())),
                }),
            );
        }
        Value::Object(kinds)
    }

    /// The requests of 100 keys that 100 consecutive records need, as in a page. Each key is looked
    /// up once.
    fn batches(&self) -> Value {
        let batches: Vec<usize> = self
            .outcomes
            .chunks(100)
            .map(|page| {
                let keys: HashSet<&MatchKey> =
                    page.iter().flat_map(|outcome| &outcome.keys).collect();
                keys.len().div_ceil(100)
            })
            .collect();
        json!({
            "mean": round(share(batches.iter().sum(), batches.len())),
            "most": batches.iter().max(),
        })
    }

    /// Writes one line for each record with its first relation.
    pub(super) fn write_outcomes(&self, path: &Path) -> Result<()> {
        let mut out = csv::Writer::from_path(path)?;
        out.write_record(["record_id", "company_id", "found", "score", "status"])?;
        for outcome in &self.outcomes {
            let first = outcome.relations.first();
            let score = first.map_or(0, |first| first.score).to_string();
            let status = first.map_or(String::new(), |first| first.status.to_string());
            out.write_record([
                outcome.record.id.as_str(),
                outcome.record.company.as_str(),
                first.map_or("", |first| first.company.as_str()),
                &score,
                &status,
            ])?;
        }
        Ok(out.flush()?)
    }

    fn value(&self) -> Value {
        let n = self.outcomes.len();
        let sum = |count: fn(&Outcome<'_>) -> usize| self.outcomes.iter().map(count).sum::<usize>();
        let (keys, pairs) = (
            sum(|outcome| outcome.keys.len()),
            sum(|outcome| outcome.n_candidates),
        );
        let found = self
            .outcomes
            .iter()
            .filter(|outcome| !outcome.found_by.is_empty())
            .count();
        json!({
            "files": self.files,
            "companies": self.index.n_companies(),
            "records": n,
            "records_with_a_company": self.n_known(),
            "automatic": self.tally(RelationStatus::Automatic),
            "suggested_or_better": self.tally(RelationStatus::Suggested),
            "calibration": calibration::bins(&self.firsts()),
            "recall_at_precision": { "0.99": self.recall_at(0.99), "0.995": self.recall_at(0.995) },
            "recall_of_candidates": round(share(found, self.n_known())),
            "keys_per_record": round(share(keys, n)),
            "candidates_per_record": round(share(pairs, n)),
            "index_entries_per_company": round(share(self.index.n_entries().values().sum(), self.index.n_companies())),
            "keys": self.kinds(),
            "batch_requests_per_100_records": self.batches(),
            "records_per_cpu_second": (n as f64 / self.seconds).round(),
            "pairs_per_cpu_second": (pairs as f64 / self.seconds).round(),
            "worst_errors": self.worst(),
        })
    }

    /// Writes the results as JSON.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        Ok(std::fs::write(
            path,
            serde_json::to_vec_pretty(&self.value())?,
        )?)
    }

    /// Prints the results.
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

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
