//! The records that a run could not keep.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::record::RecordId;

/// The most ids that a cursor keeps, because it is one item of the Ledger, which has at most 400 KB. Beyond that, a record that a
/// run meets twice counts twice.
const MAX_NOTED: usize = 5_000;

/// Records that were counted as quarantined in this run. A page, the same page read again and a reconciliation may all meet the
/// same record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    #[serde(default, rename = "quarantined")]
    ids: BTreeSet<RecordId>,
}

impl Quarantine {
    pub(super) fn begin_run(&mut self) {
        self.ids.clear();
    }

    /// Returns how many of these records were not counted in this run yet. A record with an unreadable id is met only on pages,
    /// because nothing can ask for it.
    pub fn count_new<'r>(&mut self, bad: impl Iterator<Item = Option<&'r RecordId>>) -> u64 {
        let mut is_new = |id: &RecordId| {
            let has_room = self.ids.len() < MAX_NOTED;
            !self.ids.contains(id) && (!has_room || self.ids.insert(id.clone()))
        };
        bad.filter(|id| id.is_none_or(&mut is_new)).count() as u64
    }
}
