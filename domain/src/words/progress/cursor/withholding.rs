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
    /// The suppressions for which the open pass checks. `None` if no pass is open, and for a pass of before 30 November 2026.
    #[serde(
        default,
        rename = "withholding_for",
        skip_serializing_if = "Option::is_none"
    )]
    pass_for: Option<String>,
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

    /// Returns the position at which the check for these suppressions continues, and how many records of the copy it has found
    /// there that may stay. `None` if no pass for them is open: records before the position of another pass were never checked for
    /// these.
    pub fn pass(&self, suppressions: &str) -> Option<(String, u64)> {
        let is_for_these = self.pass_for.as_deref() == Some(suppressions);
        self.pass.clone().filter(|_| is_for_these)
    }

    /// Returns the position of the open pass, whatever it checks for.
    pub fn position(&self) -> Option<&(String, u64)> {
        self.pass.as_ref()
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
        self.end_pass();
    }

    /// Returns whether the next check of the copy begins at its first record, if there are suppressions.
    pub fn is_asked(&self) -> bool {
        self.suppressions.is_empty() && self.pass.is_none()
    }

    /// Moves the pass for these suppressions to this position, up to which so many records may stay. `None` ends it.
    pub fn reached(&mut self, suppressions: &str, pass: Option<(String, u64)>) {
        self.pass_for = pass.as_ref().map(|_| suppressions.to_owned());
        self.pass = pass;
    }

    /// Ends the pass without its being complete: nothing is known of the copy by it.
    pub fn end_pass(&mut self) {
        (self.pass, self.pass_for) = (None, None);
    }

    /// Records that the whole copy was checked for these suppressions.
    pub fn held_against(&mut self, suppressions: String) {
        self.end_pass();
        self.suppressions = suppressions;
    }
}
