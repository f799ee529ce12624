//! When and how an object's copy was compared with the CRM.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// When and how an object's copy was compared with the CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    must_sweep: bool,
    #[serde(default)]
    ids_compared: Option<Timestamp>,
    /// The default is for cursors of before 30 November 2026: a put that was cut off could lose relations then, and nobody
    /// noticed.
    #[serde(default = "yes")]
    compare_relations: bool,
    unkeepable: u64,
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
        }
    }

    /// Whether something (a list of deletions cut short, say) calls for an id sweep whatever the counts say.
    pub fn must_sweep(&self) -> bool {
        self.must_sweep
    }

    /// When the copy's ids were held against the CRM's last, by a sweep or by reading all of them into an empty copy; none: never,
    /// or not yet.
    pub fn ids_compared(&self) -> Option<Timestamp> {
        self.ids_compared
    }

    /// Whether the copy's relations have to be held against its records before the next verdict.
    pub fn are_relations_due(&self) -> bool {
        self.compare_relations
    }

    /// Records that the last id sweep found missing and could not keep: that difference needs no new sweep.
    pub fn unkeepable(&self) -> u64 {
        self.unkeepable
    }

    /// Calls for an id sweep, whatever the counts say.
    pub fn ask_for_sweep(&mut self) {
        self.must_sweep = true;
    }

    /// A sweep mended all that could be mended; so many of the missing records could not be kept.
    pub fn swept(&mut self, unkeepable: u64) {
        self.unkeepable = unkeepable;
        self.must_sweep = false;
    }

    /// All ids are those of the CRM, as of then.
    pub fn ids_were_compared(&mut self, at: Timestamp) {
        self.ids_compared = Some(at);
    }

    /// Calls for a comparison of the relations before the next verdict.
    pub fn ask_for_relations(&mut self) {
        self.compare_relations = true;
    }

    /// The relations are those of the records.
    pub fn relations_were_compared(&mut self) {
        self.compare_relations = false;
    }
}
