//! A run's counts of one object.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Budget, Hourly, Proof, Verdict};
use crate::{tenant::RunId, vanished::Decided};

/// The result of a run for one object: counts, codes and names of fields, but no personal data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Records that the CRM sent.
    pub seen: u64,
    /// Records written to the copy: new or changed.
    pub written: u64,
    /// Records that were already in the copy unchanged.
    pub unchanged: u64,
    /// Records deleted from the copy.
    pub deleted: u64,
    /// Records that could not be kept, each counted once.
    pub quarantined: u64,
    /// Records that the comparison with the CRM found missing, stale, left over or without their relations, and repaired.
    pub repaired: u64,
    /// Automatic relations of the written records.
    pub automatic: u64,
    /// Suggested relations of the written records.
    pub suggested: u64,
    /// Requests to the CRM.
    pub requests: u64,
    /// Requests of the last day by hour, also those of earlier runs. Empty in summaries from before 30 November 2026.
    #[serde(skip_serializing_if = "Hourly::is_empty")]
    pub hourly: Hourly,
    /// Used and total of the CRM's budget that will be used up first, as the CRM last reported it.
    pub quota: Option<(u64, u64)>,
    /// All of the CRM's budgets, as it last reported them. Empty in summaries from before 30 November 2026.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// Bytes of the sealed bodies and pages written.
    pub sealed_bytes: u64,
    /// The CRM's count at the end.
    pub crm_count: Option<u64>,
    /// Fields that were readable in the last run and are not now, and fields that the CRM lists but refuses to return. Records
    /// written by this run lack them, whatever the verdict says about their ids.
    pub vanished_fields: Vec<String>,
    /// The time at which all ids were last compared.
    pub ids_compared: Option<Timestamp>,
    /// The verdict. `None` until there is one.
    pub verdict: Option<Verdict>,
    /// The proof of the verdict, if it says that the copy is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// The time up to which the last run with [`Verdict::Verified`], this one or an earlier one, had read the CRM. It is the
    /// freshness of the copy.
    pub verified_at: Option<Timestamp>,
    /// Records whose relations changed with a new version of the company database.
    pub rematched: u64,
    /// The comparison of parents that are associations. `None` if this run did not compare them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parents: Option<ParentCounts>,
    /// Records of erased people, which the CRM has and the copy must not have, at the end of the run.
    pub withheld: u64,
    /// The deleted records whose deletion somebody ordered: erased people, and confirmed held-back deletions. They do not count
    /// towards the limit of the deletion guard.
    pub by_order: u64,
    /// The deletions held back by this run and earlier ones.
    pub held_back: HeldBackCounts,
    /// The decision about held-back deletions that this run carried out.
    pub decided: Option<Decided>,
    /// The code of the transient fault that ended the object's last attempt. `None` if the attempt did not end so, or if there is a
    /// verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// The result of comparing the parents, if they are associations. If a slice was interrupted, some of it may be uncounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ParentCounts {
    /// Records whose parents were requested.
    pub compared: u64,
    /// Records whose parent differed from the copy's.
    pub moved: u64,
    /// Requests for it, which are also part of [`Summary::requests`].
    pub requests: u64,
}

impl Summary {
    /// Counts requests that were sent up to `now`.
    pub fn note_requests(&mut self, now: Timestamp, requests: u64) {
        self.requests += requests;
        self.hourly.add(now, requests);
    }

    /// Stores the budgets that the CRM reported. Changes nothing if it reported none.
    pub fn note_budgets(&mut self, budgets: Vec<Budget>) {
        if let Some(quota) = Budget::first_used_up(&budgets) {
            self.quota = Some(quota);
            self.budgets = budgets;
        }
    }

    /// Stores the usage that another summary counted.
    pub fn note_usage_of(&mut self, other: &Self) {
        self.requests = other.requests;
        self.hourly.clone_from(&other.hourly);
        self.quota = other.quota;
        self.budgets.clone_from(&other.budgets);
    }
}

/// An object's held-back deletions, as the last comparison counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldBackCounts {
    /// Deletions that wait for a decision.
    pub waiting: u64,
    /// Deletions whose records a decision keeps.
    pub left: u64,
    /// Deletions that this run held back.
    pub new: u64,
    /// The last run that held any back, which a decision has to name. `None` if nothing is held back.
    pub run: Option<RunId>,
    /// The time at which the first run began that held any back.
    pub since: Option<Timestamp>,
}

impl HeldBackCounts {
    /// Returns the total.
    pub fn all(&self) -> u64 {
        self.waiting + self.left
    }
}
