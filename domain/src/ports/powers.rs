//! What a grant and its user may do beyond single objects.

use serde::Serialize;

use crate::fault::Outcome;

/// A part of [`Crm`](super::Crm).
#[port::port]
pub trait Powers: Send + Sync {
    /// What the grant itself allows, whoever gave it; none, where the CRM does not say it.
    async fn scopes(&self) -> Outcome<Option<Allowed>>;

    /// What the connected user may do in the whole organisation; none, where the CRM does not say it to this user.
    async fn permissions(&self) -> Outcome<Option<Allowed>>;
}

/// What is allowed, by the CRM's own names, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Allowed {
    /// Needed, and not allowed.
    pub missing: Vec<String>,
    /// Allowed, and never used: the grant could be narrower.
    pub excess: Vec<String>,
}
