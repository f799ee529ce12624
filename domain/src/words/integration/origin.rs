//! What is known of an integration without its grant.

use super::{Integration, Provider, Status};
use crate::{
    fault::{Code, Fault, Outcome},
    tenant::Scope,
};

/// Whose copy an integration's is, and which organisation's. Whoever only reads the copy needs no more of the integration,
/// and above all not its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The scope: tenant, integration and generation.
    pub scope: Scope,
    /// The CRM.
    pub provider: Provider,
    /// The CRM's own id of the organisation.
    pub organisation: String,
    /// The status.
    pub status: Status,
}

impl Origin {
    /// Returns the origin that was looked up, if there still is a copy of it. An integration that lost its grant has one.
    ///
    /// # Errors
    /// Permanent if the integration is unknown, or if it is removed or being removed.
    pub fn with_copy(found: Option<Self>) -> Outcome<Self> {
        let known = found.ok_or_else(|| Fault::of(Code::IntegrationUnknown))?;
        known.status.keeps_copy().map(|()| known)
    }
}

impl From<&Integration> for Origin {
    fn from(of: &Integration) -> Self {
        Self {
            scope: of.scope.clone(),
            provider: of.provider,
            organisation: of.organisation.clone(),
            status: of.status,
        }
    }
}

impl Status {
    /// Returns whether an integration of this status has its copy, as the fault that a reader of the copy gets otherwise.
    pub(super) fn keeps_copy(self) -> Outcome<()> {
        match self {
            Self::Connected | Self::NeedsReconnect => Ok(()),
            Self::Removing => Err(Fault::of(Code::IntegrationRemoving)),
            Self::Removed => Err(Fault::of(Code::IntegrationRemoved)),
        }
    }
}
