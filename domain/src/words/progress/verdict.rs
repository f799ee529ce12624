//! A run's verdict about an object's copy.

use serde::{Deserialize, Serialize};

use crate::fault::Code;

/// The result of a run's comparison with the CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The copy has as many records as the CRM, and the same ids, except for withheld ones. All ids were last compared at
    /// [`Summary::ids_compared`](super::Summary::ids_compared): in this run if that is cheap, and otherwise within the last week.
    Verified,
    /// This many records differ.
    Drift(u64),
    /// This many deletions are held back, by this run and earlier ones, because more records would have been deleted in one run
    /// than the settings allow. Everything else is as in the CRM. An administrator has to decide.
    Held(u64),
    /// The object could not be synced. The value is the code of the fault.
    Failed(String),
    /// The copy follows the CRM's changes, but nothing proves that it is complete: the CRM does not count, and a comparison of all
    /// ids is not due.
    Unproven,
    /// The organisation does not have the object, or does not show it to the connected user. The copy has nothing of it.
    Absent,
}

/// The proof of [`Verdict::Verified`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The CRM's own count agrees. The ids were last compared at [`Summary::ids_compared`](super::Summary::ids_compared).
    Count,
    /// All ids were compared in this run.
    Ids,
}

impl Verdict {
    /// Returns the verdict as a tenant may see it.
    #[must_use]
    pub fn public(&self) -> Self {
        match self {
            Self::Failed(code) => Self::Failed(Code::public_of(code)),
            other => other.clone(),
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Verified => f.write_str("VERIFIED"),
            Self::Drift(n) => write!(f, "DRIFT({n})"),
            Self::Held(n) => write!(f, "HELD({n})"),
            Self::Failed(code) => write!(f, "FAILED({code})"),
            Self::Unproven => f.write_str("UNPROVEN"),
            Self::Absent => f.write_str("ABSENT"),
        }
    }
}
