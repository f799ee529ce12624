//! The right to renew a grant, and the storage of the renewed grant.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{fault::Outcome, integration::Credentials};

/// With rotation a refresh token works only once. So only one process renews at a time, and the new grant is stored before it is
/// used: a new token that exists only in memory is a lost grant.
#[async_trait]
pub trait Renewal: Send + Sync {
    /// Takes the right to renew, and returns the grant as it is stored now, which another process may have renewed meanwhile.
    /// `None` while another process renews.
    async fn begin(&self, now: Timestamp) -> Outcome<Option<Credentials>>;

    /// Stores the renewed grant, and gives the right back.
    async fn keep(&self, credentials: Credentials) -> Outcome<()>;

    /// Gives the right back without a renewal. Best effort: the right expires by itself.
    async fn abandon(&self);
}
