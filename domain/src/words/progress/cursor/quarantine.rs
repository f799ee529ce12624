//! Which records a run could not keep.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::record::RecordId;

/// Ids that a cursor keeps: it is one item of the Ledger, at most 400 KB. Beyond them, a record that is met twice in a run counts
/// twice.
const MAX_NOTED: usize = 5_000;

/// Records that were counted as quarantined in this run: a page, a page read again and an id sweep may all meet one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    #[serde(default, rename = "quarantined")]
    ids: BTreeSet<RecordId>,
}

impl Quarantine {
    pub(super) fn begin_run(&mut self) {
        self.ids.clear();
    }

    /// How many of these records were not counted in this run yet. A record whose id cannot be read is met by pages only, since
    /// nothing can ask for it.
    pub fn count_new<'r>(&mut self, bad: impl Iterator<Item = Option<&'r RecordId>>) -> u64 {
        let mut is_new = |id: &RecordId| {
            let has_room = self.ids.len() < MAX_NOTED;
            !self.ids.contains(id) && (!has_room || self.ids.insert(id.clone()))
        };
        bad.filter(|id| id.is_none_or(&mut is_new)).count() as u64
    }
}
