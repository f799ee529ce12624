//! Who may renew a grant, and where the renewed one goes.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{fault::Outcome, integration::Credentials};

/// With rotation a refresh token works once. So there is one who renews at a time, over all processes, and what they got
/// is stored before it is used: a new token that only memory has is a lost grant.
#[async_trait]
pub trait Renewal: Send + Sync {
    /// Takes the right to renew: the grant as it is stored now, which somebody else may have renewed meanwhile; none,
    /// while somebody else is at it.
    async fn begin(&self, now: Timestamp) -> Outcome<Option<Credentials>>;

    /// Stores the renewed grant, and gives the right back.
    async fn keep(&self, credentials: Credentials) -> Outcome<()>;

    /// Gives the right back: nothing was renewed. Best effort; the right ends by itself.
    async fn abandon(&self);
}
