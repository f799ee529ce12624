//! What a finished run leaves behind.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Summary, Verdict};
use crate::{
    record::{Object, RecordId},
    tenant::RunId,
};

/// What a finished run leaves in the Ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// The run.
    pub run: RunId,
    /// When dispatch began it.
    pub begun: Timestamp,
    /// When its last slice ended.
    pub ended: Timestamp,
    /// Per object, in the order of [`Object::ALL`].
    pub objects: Vec<(Object, Summary)>,
    /// Why it failed, where it did: a fault's code.
    pub failure: Option<String>,
}

impl RunReport {
    /// Whether at least one object was read.
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
    /// The record's id, where that could be read.
    pub id: Option<RecordId>,
    /// What is wrong: a stable code.
    pub reason: String,
    /// The page it was on.
    pub page: u64,
}
