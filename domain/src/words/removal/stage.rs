//! The stages of a removal.

use serde::{Deserialize, Serialize};

/// The stages of a removal, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The grant is revoked at the CRM.
    Revoking,
    /// The keys are destroyed. From here on nothing can be opened, wherever copies of it exist.
    Destroying,
    /// Everything is deleted.
    Sweeping,
    /// Writers that may still be active are waited for.
    Waiting,
    /// Everything that late writers left is deleted.
    SweepingAgain,
    /// A search verifies that nothing is left.
    Verifying,
    /// The receipt is written and signed.
    Signing,
    /// It is over.
    Done,
}

impl Stage {
    /// Returns the name that the API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Revoking => "revoking",
            Self::Destroying => "destroying",
            Self::Sweeping => "sweeping",
            Self::Waiting => "waiting",
            Self::SweepingAgain => "sweeping_again",
            Self::Verifying => "verifying",
            Self::Signing => "signing",
            Self::Done => "done",
        }
    }
}
