//! What an outcome says about a record, for whoever counts.

use super::CreateOutcome;

/// What is known of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It was created.
    Created,
    /// It was not created, whatever the reason.
    NotCreated,
    /// It may have been created.
    Unknown,
}

impl CreateOutcome {
    /// Returns what it says about the record.
    pub(super) fn known(&self) -> Known {
        match self {
            Self::Created { .. } => Known::Created,
            Self::Unknown => Known::Unknown,
            Self::Duplicate { .. }
            | Self::UnknownCompany { .. }
            | Self::NotCleared { .. }
            | Self::Unfit { .. }
            | Self::Refused { .. }
            | Self::NotSent { .. } => Known::NotCreated,
        }
    }
}
