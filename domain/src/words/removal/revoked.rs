//! The effect of revoking a grant.

use serde::{Deserialize, Serialize};

/// The effect of revoking a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    /// All tokens of the grant are dead now.
    Dead,
    /// No new token can be fetched. Access tokens that were issued expire within this many minutes.
    DeadWithinMinutes(u32),
    /// No new token can be fetched, and issued ones expire within this many minutes. The CRM did not let us uninstall the app, so the
    /// customer's administrator still sees it as installed.
    StillInstalled(u32),
    /// We cannot revoke it; only the customer's administrator can. We have deleted our copy.
    NotByUs,
    /// Ending this consent would have ended that of another integration of the tenant, which is connected to the same organisation
    /// ([`Granting::shared`](crate::ports::Granting::shared)). We have deleted our copy. It ends with the last of these
    /// integrations.
    KeptForAnother,
}

impl Revoked {
    /// Returns whether the grant yields no new tokens.
    #[must_use]
    pub fn is_confirmed(self) -> bool {
        match self {
            Self::Dead | Self::DeadWithinMinutes(_) | Self::StillInstalled(_) => true,
            Self::NotByUs | Self::KeptForAnother => false,
        }
    }
}
