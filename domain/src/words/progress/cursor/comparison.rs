//! The comparison of an object's copy with the CRM.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::record::RecordId;

/// The most outdated records that a cursor lists, because it is one item of the Ledger, which has at most 400 KB.
const MAX_OUTDATED: usize = 5_000;

/// The comparison of an object's copy with the CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    must_sweep: bool,
    #[serde(default)]
    ids_compared: Option<Timestamp>,
    /// The default is for cursors from before 30 November 2026, when an interrupted put could lose relations unnoticed.
    #[serde(default = "yes")]
    compare_relations: bool,
    unkeepable: u64,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    outdated: BTreeSet<RecordId>,
}

fn yes() -> bool {
    true
}

impl Comparison {
    pub(super) fn start() -> Self {
        Self {
            must_sweep: false,
            ids_compared: None,
            compare_relations: false,
            unkeepable: 0,
            outdated: BTreeSet::new(),
        }
    }

    /// Returns whether a reconciliation is needed whatever the counts say, for example after a truncated list of deletions.
    pub fn must_sweep(&self) -> bool {
        self.must_sweep
    }

    /// Returns the time at which the copy's ids were last compared with the CRM's, by a reconciliation or by reading all of them
    /// into an empty copy. `None` if they were not compared yet.
    pub fn ids_compared(&self) -> Option<Timestamp> {
        self.ids_compared
    }

    /// Returns whether the copy's relations have to be compared with its records before the next verdict.
    pub fn are_relations_due(&self) -> bool {
        self.compare_relations
    }

    /// Returns the number of records that the last reconciliation found missing and could not keep. The copy lacks them, so the counts
    /// of both sides differ by them. This difference needs no new reconciliation.
    pub fn unkeepable(&self) -> u64 {
        self.unkeepable
    }

    /// Returns the number of records of which the copy has an older state, because the present one could not be kept. The counts of both
    /// sides include them.
    pub fn outdated(&self) -> u64 {
        self.outdated.len() as u64
    }

    /// Records that the copy has an older state of these records.
    pub fn note_outdated(&mut self, ids: impl IntoIterator<Item = RecordId>) {
        for id in ids {
            if self.outdated.len() < MAX_OUTDATED {
                self.outdated.insert(id);
            }
        }
    }

    /// Records that the copy is about to have the present state of a record, or not to have it any more.
    pub fn is_renewed(&mut self, id: &RecordId) {
        self.outdated.remove(id);
    }

    /// Requests a reconciliation, whatever the counts say.
    pub fn ask_for_sweep(&mut self) {
        self.must_sweep = true;
    }

    /// Records that a reconciliation repaired everything it could. `unkeepable` missing records could not be kept.
    pub fn swept(&mut self, unkeepable: u64) {
        self.unkeepable = unkeepable;
        self.must_sweep = false;
    }

    /// Records that all ids were those of the CRM at this time.
    pub fn ids_were_compared(&mut self, at: Timestamp) {
        self.ids_compared = Some(at);
    }

    /// Requests a comparison of the relations before the next verdict.
    pub fn ask_for_relations(&mut self) {
        self.compare_relations = true;
    }

    /// Records that the relations are those of the records.
    pub fn relations_were_compared(&mut self) {
        self.compare_relations = false;
    }
}
