//! What a run counts of one object.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Budget, Proof, Verdict};
use crate::{tenant::RunId, vanished::Decided};

/// What a run did with one object. Counts, codes and names of fields: nothing personal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Records the CRM sent.
    pub seen: u64,
    /// Records written to the copy: new or changed.
    pub written: u64,
    /// Records that were in the copy just so.
    pub unchanged: u64,
    /// Records taken out of the copy.
    pub deleted: u64,
    /// Records that could not be kept, each counted once.
    pub quarantined: u64,
    /// Records that the comparison with the CRM found missing, stale or left over, or found without their relations, and repaired.
    pub repaired: u64,
    /// Relations of the written records: automatic.
    pub automatic: u64,
    /// Relations of the written records: suggested.
    pub suggested: u64,
    /// Requests to the CRM.
    pub requests: u64,
    /// Used and total of the CRM's budget that is used up first, by the CRM's last word.
    pub quota: Option<(u64, u64)>,
    /// All of the CRM's budgets, by its last word. Summaries of before 30 November 2026 have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// Bytes of sealed bodies and pages written.
    pub sealed_bytes: u64,
    /// The CRM's count at the end.
    pub crm_count: Option<u64>,
    /// Fields that were readable last time and are not now, and those that the CRM names but refuses queries for. Records
    /// that this run wrote are without them, whatever the verdict says of their ids.
    pub vanished_fields: Vec<String>,
    /// When all ids were compared last.
    pub ids_compared: Option<Timestamp>,
    /// What the comparison came to; none: not there yet.
    pub verdict: Option<Verdict>,
    /// What the verdict rests on, where it says that the copy is whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// Up to when a run, this one or an earlier, had read the CRM that came to [`Verdict::Verified`]: how fresh the copy is.
    pub verified_at: Option<Timestamp>,
    /// Records whose relations were found to be others with a new version of the company database.
    pub rematched: u64,
    /// The comparison of parents that are associations; none: they were not compared in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parents: Option<ParentCounts>,
    /// Records that the CRM has and the copy may not, at the end: those of people who were erased.
    pub withheld: u64,
    /// Of the deleted ones those that somebody ordered: erased people, and deletions that were held back and confirmed. They
    /// do not count towards what may vanish.
    pub by_order: u64,
    /// Deletions that are held back, by this run and earlier ones.
    pub held_back: HeldBackCounts,
    /// The answer about held-back deletions that this run carried out.
    pub decided: Option<Decided>,
    /// The code of the transient failure that the object's last try ended with; none: it did not, or the verdict is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// What comparing the parents came to, where they are associations. A slice that was ended may have left some of it uncounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ParentCounts {
    /// Records whose parents were asked for.
    pub compared: u64,
    /// Those whose parents were others than the copy had.
    pub moved: u64,
    /// Requests that it took; they count among [`Summary::requests`], too.
    pub requests: u64,
}

impl Summary {
    /// Takes over what the CRM said of its budgets; nothing, where it said nothing.
    pub fn note_budgets(&mut self, budgets: Vec<Budget>) {
        if let Some(quota) = Budget::first_used_up(&budgets) {
            self.quota = Some(quota);
            self.budgets = budgets;
        }
    }

    /// Takes over what was used by another summary's count.
    pub fn note_usage_of(&mut self, other: &Self) {
        self.requests = other.requests;
        self.quota = other.quota;
        self.budgets.clone_from(&other.budgets);
    }
}

/// Deletions of an object that are held back, as far as the last comparison counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeldBackCounts {
    /// Those that wait for an answer.
    pub waiting: u64,
    /// Those whose records somebody said to leave.
    pub left: u64,
    /// Those that this run held back.
    pub new: u64,
    /// The last run that held any back: the one that an answer has to name. None: nothing is held back.
    pub run: Option<RunId>,
    /// When the first run began that held any back.
    pub since: Option<Timestamp>,
}

impl HeldBackCounts {
    /// All of them.
    pub fn all(&self) -> u64 {
        self.waiting + self.left
    }
}
