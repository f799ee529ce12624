//! What giving a grant back achieved.

use serde::{Deserialize, Serialize};

/// What revoking a grant achieved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    /// No token of it works any more.
    Dead,
    /// Nothing new can be fetched; access tokens that were given out end within so many minutes.
    DeadWithinMinutes(u32),
    /// Only the customer's administrator can take it back. It was forgotten here.
    NotByUs,
}
