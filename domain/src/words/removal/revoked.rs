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
    /// We cannot revoke it; only the customer's administrator can. We have deleted our copy.
    NotByUs,
}
