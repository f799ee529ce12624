//! The records that are kept out of an object's copy.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::record::RecordId;

/// The records of erased people, which are kept out of an object's copy.
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
    /// Returns the records that the CRM has and the copy must not have.
    pub fn withheld(&self) -> &BTreeSet<RecordId> {
        &self.withheld
    }

    /// Returns the suppressions for which the copy was last checked. Empty if there were none.
    pub fn suppressions(&self) -> &str {
        &self.suppressions
    }

    /// Returns the position at which the check for other suppressions continues, and how many withheld records it has found there.
    /// `None` if no pass is open.
    pub fn pass(&self) -> Option<(String, u64)> {
        self.pass.clone()
    }

    /// Keeps these records out of the copy.
    pub fn withhold(&mut self, ids: impl IntoIterator<Item = RecordId>) {
        self.withheld.extend(ids);
    }

    /// Admits this record, or forgets it because the CRM no longer has it.
    pub fn lift(&mut self, id: &RecordId) {
        self.withheld.remove(id);
    }

    /// Forgets all withheld records. The run is about to fetch everything that is missing, and meets them again.
    pub fn lift_all(&mut self) {
        self.withheld.clear();
    }

    /// Requests another check of the whole copy, if there are suppressions, because records changed that no page brought.
    pub fn ask_again(&mut self) {
        self.suppressions.clear();
        self.pass = None;
    }

    /// Returns whether the next check of the copy begins at its first record, if there are suppressions.
    pub fn is_asked(&self) -> bool {
        self.suppressions.is_empty() && self.pass.is_none()
    }

    /// Moves the pass to this position, with this many withheld records found. `None` ends it.
    pub fn reached(&mut self, pass: Option<(String, u64)>) {
        self.pass = pass;
    }

    /// Records that the whole copy was checked for these suppressions.
    pub fn held_against(&mut self, suppressions: String) {
        self.pass = None;
        self.suppressions = suppressions;
    }
}
