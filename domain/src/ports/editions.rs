//! Write access to the vendor's company database.

use matching::{Company, MatchKey};

use super::{Candidates, Version};
use crate::fault::Outcome;

/// Editions of the table Companies. An import writes a new version beside the published one, and publishing is a single write.
///
/// A version is registered before its first entry is put, and removed from the register when its last entry is discarded. So the
/// next import finds whatever an interrupted one leaves behind.
#[port::port]
pub trait Editions: Send + Sync {
    /// Returns the published version with its metadata.
    async fn edition(&self) -> Outcome<Option<Edition>>;

    /// Stores the operator's permission for the next edition to have as few as `least` companies. It holds for one edition: the
    /// next publishing removes it. Returns false and stores nothing if `published` is no longer the published version.
    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool>;

    /// Registers a version whose entries will be put next.
    async fn begin(&self, version: &Version) -> Outcome<()>;

    /// Returns versions that were begun, are not published, and may have entries. Failed or interrupted imports leave them.
    async fn left_over(&self) -> Outcome<Vec<Version>>;

    /// Puts entries of a version that was begun and is not published yet. Idempotent.
    async fn load(&self, version: &Version, entries: &[(MatchKey, Candidates)]) -> Outcome<()>;

    /// Puts companies of a version that was begun and is not published yet. Idempotent. `companies` must not contain an id twice.
    async fn load_companies(&self, version: &Version, companies: &[Company]) -> Outcome<()>;

    /// Publishes a version. `companies` is the number of its companies.
    async fn publish(&self, version: &Version, companies: u64) -> Outcome<()>;

    /// Deletes up to about `most` entries and companies of a version that is not published. Returns whether any are left. If none
    /// are left, the version is removed from the register.
    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool>;
}

/// The published version with its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The version.
    pub version: Version,
    /// The number of its companies. `None` if it was published by a release that did not count them.
    pub companies: Option<u64>,
    /// The smallest number of companies that the operator accepts for the next edition, whatever the limit.
    pub accepts: Option<u64>,
}
