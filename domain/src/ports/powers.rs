//! Permissions of a grant and its user beyond single objects.

use serde::Serialize;

use crate::fault::Outcome;

/// Part of [`Crm`](super::Crm).
#[port::port]
pub trait Powers: Send + Sync {
    /// Returns the grant's own scopes, independently of the user. `None` if the CRM does not tell.
    async fn scopes(&self) -> Outcome<Option<Allowed>>;

    /// Returns the connected user's permissions for the whole organisation. `None` if the CRM does not tell this user.
    async fn permissions(&self) -> Outcome<Option<Allowed>>;
}

/// Permissions by the CRM's own names, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Allowed {
    /// Needed, but not allowed.
    pub missing: Vec<String>,
    /// Allowed, but never used. The grant could be narrower.
    pub excess: Vec<String>,
}
