//! What is kept out of an object's copy.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::record::RecordId;

/// What is kept out of an object's copy: the records of people who were erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withholding {
    #[serde(default)]
    withheld: BTreeSet<RecordId>,
    #[serde(default, rename = "marks")]
    suppressions: String,
    #[serde(default, rename = "withholding")]
    pass: Option<(String, u64)>,
}

impl Withholding {
    /// Records that the CRM has and the copy may not.
    pub fn withheld(&self) -> &BTreeSet<RecordId> {
        &self.withheld
    }

    /// The suppressions that the copy was held against last; empty: there were none.
    pub fn suppressions(&self) -> &str {
        &self.suppressions
    }

    /// Where holding the copy against other suppressions goes on, and how many records it has found there to keep; none: no pass
    /// is open.
    pub fn pass(&self) -> Option<(String, u64)> {
        self.pass.clone()
    }

    /// These records are kept out of the copy.
    pub fn withhold(&mut self, ids: impl IntoIterator<Item = RecordId>) {
        self.withheld.extend(ids);
    }

    /// The copy may have this record, or the CRM has it no longer.
    pub fn lift(&mut self, id: &RecordId) {
        self.withheld.remove(id);
    }

    /// All that is missing is about to be fetched: what is withheld shows again.
    pub fn lift_all(&mut self) {
        self.withheld.clear();
    }

    /// Records changed that no page brought: the whole copy is held against the suppressions again, where there are any.
    pub fn ask_again(&mut self) {
        self.suppressions.clear();
    }

    /// The pass goes on here, and found so many records to keep; none: it is at its end.
    pub fn reached(&mut self, pass: Option<(String, u64)>) {
        self.pass = pass;
    }

    /// The whole copy was held against these suppressions.
    pub fn held_against(&mut self, suppressions: String) {
        self.pass = None;
        self.suppressions = suppressions;
    }
}
