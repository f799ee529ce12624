//! The report of a finished run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Summary, Verdict};
use crate::{
    record::{Object, RecordId},
    tenant::RunId,
};

/// The report that a finished run leaves in the Ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// The run.
    pub run: RunId,
    /// The time at which dispatch began it.
    pub begun: Timestamp,
    /// The time at which its last slice ended.
    pub ended: Timestamp,
    /// The summaries, in the order of [`Object::ALL`].
    pub objects: Vec<(Object, Summary)>,
    /// The code of the fault that made the whole run fail.
    pub failure: Option<String>,
}

impl RunReport {
    /// Returns whether at least one object was read.
    pub fn had_success(&self) -> bool {
        self.objects.iter().any(|(_, summary)| {
            let came_to_nothing =
                |verdict: &Verdict| matches!(verdict, Verdict::Failed(_) | Verdict::Absent);
            summary
                .verdict
                .as_ref()
                .is_some_and(|verdict| !came_to_nothing(verdict))
        })
    }
}

/// A record that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The object.
    pub object: Object,
    /// The record's id, if it could be read.
    pub id: Option<RecordId>,
    /// The reason, as a stable code.
    pub reason: String,
    /// The page on which it was.
    pub page: u64,
}
