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
    /// Returns the number of its requests to the CRM.
    pub fn requests(&self) -> u64 {
        self.objects
            .iter()
            .map(|(_, summary)| summary.requests)
            .sum()
    }

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

    /// Returns whether the run left nothing for anybody to look at: no object failed, drifted or has deletions held back.
    /// [`Verdict::Unproven`] is in order, since a CRM that does not count has its ids compared once a week.
    pub fn is_in_order(&self) -> bool {
        let is_in_order = |verdict: &Verdict| {
            matches!(
                verdict,
                Verdict::Verified | Verdict::Unproven | Verdict::Absent
            )
        };
        self.failure.is_none()
            && self
                .objects
                .iter()
                .all(|(_, summary)| summary.verdict.as_ref().is_some_and(is_in_order))
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_in_order_if_no_object_failed_drifted_or_waits_for_a_decision() {
        let report = |verdicts: &[Option<Verdict>], failure: Option<&str>| RunReport {
            run: RunId::begin(Timestamp::UNIX_EPOCH, 1),
            begun: Timestamp::UNIX_EPOCH,
            ended: Timestamp::UNIX_EPOCH,
            objects: verdicts
                .iter()
                .map(|verdict| {
                    let summary = Summary {
                        verdict: verdict.clone(),
                        ..Summary::default()
                    };
                    (Object::Account, summary)
                })
                .collect(),
            failure: failure.map(str::to_owned),
        };
        let good = [Verdict::Verified, Verdict::Unproven, Verdict::Absent].map(Some);
        assert!(report(&good, None).is_in_order());
        assert!(!report(&good, Some("keys.lost")).is_in_order());
        for bad in [
            Some(Verdict::Drift(1)),
            Some(Verdict::Held(1)),
            Some(Verdict::Failed("store.unreadable".to_owned())),
            None,
        ] {
            let all = [good[0].clone(), bad.clone(), good[1].clone()];
            assert!(!report(&all, None).is_in_order(), "{bad:?}");
        }
    }
}
