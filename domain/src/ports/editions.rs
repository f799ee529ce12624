//! The vendor's company database, to write.

use matching::{Company, MatchKey};

use super::{Candidates, Version};
use crate::fault::Outcome;

/// Editions of the table Companies. An import writes a new version beside the published one, and publishing is one write.
///
/// A version is noted before its first entry is put, and forgotten when its last one is discarded: whoever is ended in
/// between leaves nothing that the next import does not find.
#[port::port]
pub trait Editions: Send + Sync {
    /// The published version, and what is noted beside it.
    async fn edition(&self) -> Outcome<Option<Edition>>;

    /// Notes the operator's word that the next edition may have as few as `least` companies. It holds for one edition: the next
    /// publishing takes it away. Answers false, and notes nothing, where `published` is no longer the published version.
    async fn accept_smaller(&self, published: &Version, least: u64) -> Outcome<bool>;

    /// Notes that entries of a version are going to be put.
    async fn begin(&self, version: &Version) -> Outcome<()>;

    /// Versions that were begun, are not published, and may have entries: what failed or was ended left them.
    async fn left_over(&self) -> Outcome<Vec<Version>>;

    /// Puts entries of a version that was begun and is not published yet. Putting them again changes nothing.
    async fn load(&self, version: &Version, entries: &[(MatchKey, Candidates)]) -> Outcome<()>;

    /// Puts companies of a version that was begun and is not published yet. Putting them again changes nothing. No id may
    /// stand in `companies` twice.
    async fn load_companies(&self, version: &Version, companies: &[Company]) -> Outcome<()>;

    /// Makes a version, which has so many companies, the one that is read.
    async fn publish(&self, version: &Version, companies: u64) -> Outcome<()>;

    /// Deletes up to about `most` entries and companies of a version that is not published; answers whether any are left. Where none
    /// are, the version is no longer left over.
    async fn discard(&self, version: &Version, most: usize) -> Outcome<bool>;
}

/// The published version, and what is noted beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The version.
    pub version: Version,
    /// How many companies it has; none: it was published by a release that did not count.
    pub companies: Option<u64>,
    /// How few companies the next edition may have by the operator's word, whatever the limit.
    pub accepts: Option<u64>,
}
