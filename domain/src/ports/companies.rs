//! The vendor's company database.

use std::sync::Arc;

use async_trait::async_trait;
use matching::{MatchKey, Posting};

use super::CompanyRows;
use crate::fault::Outcome;

/// The table Companies: an inverted index from match keys to companies, and the companies themselves ([`CompanyRows`]).
/// Sync and api only read it; an import writes a new version beside the published one, and publishing is one write: readers
/// see all of a file, or none of it.
///
/// A version is noted before its first entry is put, and forgotten when its last one is discarded: whoever is ended in
/// between leaves nothing that the next import does not find.
#[async_trait]
pub trait Companies: CompanyRows {
    /// What the published version has under each key, in the order asked.
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Found>>;

    /// The published version; none: nothing was ever imported.
    async fn published(&self) -> Outcome<Option<Version>>;

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
    async fn load(&self, version: &Version, entries: &[(MatchKey, Found)]) -> Outcome<()>;

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

/// What stands under a match key.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// These companies.
    Some(Vec<Arc<Posting>>),
    /// So many that the key tells nothing.
    TooCommon,
    /// None.
    None,
}

/// One import. Opaque, 1 to 40 of `a-z`, `0-9` and `-`; sorts by the time it began.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub String);
