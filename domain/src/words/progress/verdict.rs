//! What a run says of an object's copy.

use serde::{Deserialize, Serialize};

/// What a run's comparison with the CRM came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The copy has as many records as the CRM, and its ids are the CRM's, but for those that are withheld: all of them
    /// were compared at [`Summary::ids_compared`](super::Summary::ids_compared), in this run where that is cheap, and within the last week otherwise.
    Verified,
    /// So many records differ.
    Drift(u64),
    /// So many deletions are held back, by this run and earlier ones, because more would have vanished in one run than the
    /// settings allow. Everything else is as the CRM has it. Somebody has to look.
    Held(u64),
    /// The object could not be synced; the fault's code.
    Failed(String),
    /// The copy follows the CRM's changes, and nothing says that it is whole: the CRM does not count, and it is not time to
    /// compare all ids.
    Unproven,
    /// The organisation does not have the object, or the connected user may not see that it does. The copy has nothing of it.
    Absent,
}

/// What a verdict of [`Verdict::Verified`] rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The CRM's own count agrees; the ids were compared at [`Summary::ids_compared`](super::Summary::ids_compared).
    Count,
    /// All ids were compared in this run.
    Ids,
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
