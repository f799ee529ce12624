//! Read access to the vendor's company database.

use std::sync::Arc;

use matching::{Company, CompanyId, MatchKey, Posting};

use super::ChangedKeys;
use crate::fault::Outcome;

/// The table Companies: an inverted index from match keys to companies, and the companies themselves. A reader sees an edition
/// completely or not at all.
#[port::port]
pub trait Companies: Send + Sync {
    /// Returns the published version's entries for the keys, in the order of the request.
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Candidates>>;

    /// Returns companies of the published version, in the order of the request. `None` if there is no such company.
    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>>;

    /// Returns the published version. `None` if nothing was ever imported.
    async fn published(&self) -> Outcome<Option<Version>>;

    /// Returns the match keys that changed from one published version to a later one. `None` if everything may have changed, or if
    /// it is not known any more what did.
    async fn changed(&self, from: &Version, to: &Version) -> Outcome<Option<ChangedKeys>>;
}

/// The companies under a match key.
#[derive(Clone, Debug, PartialEq)]
pub enum Candidates {
    /// These companies.
    Some(Vec<Arc<Posting>>),
    /// More companies than a key may have to be useful for matching.
    TooCommon,
    /// No company.
    None,
}

/// The id of one import. Opaque, 1 to 40 characters of `a-z`, `0-9` and `-`. Ids sort by the time at which their imports began.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub String);
