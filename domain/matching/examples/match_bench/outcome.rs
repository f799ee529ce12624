//! The result for one record.

use matching::{KeyKind, MatchKey, Relation};
use serde_json::{Value, json};

use super::files::Labelled;

/// The result for one record.
pub(super) struct Outcome<'a> {
    pub(super) record: &'a Labelled,
    /// The keys that it looks up.
    pub(super) keys: Vec<MatchKey>,
    /// The kinds of the keys that lead to its company.
    pub(super) found_by: Vec<KeyKind>,
    pub(super) n_candidates: usize,
    pub(super) relations: Vec<Relation>,
}

impl Outcome<'_> {
    /// Whether the first relation is right.
    pub(super) fn is_right(&self) -> bool {
        self.relations
            .first()
            .is_some_and(|first| first.company.as_str() == self.record.company)
    }

    pub(super) fn shown(&self) -> Value {
        let said: serde_json::Map<String, Value> = self
            .record
            .values()
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
            "among_candidates": !self.found_by.is_empty(),
            "relations": relations,
        })
    }
}
