//! The vendor's company database, to read.

use std::sync::Arc;

use matching::{Company, CompanyId, MatchKey, Posting};

use crate::fault::Outcome;

/// The table Companies: an inverted index from match keys to companies, and the companies themselves. Readers see all of an
/// edition, or none of it.
#[port::port]
pub trait Companies: Send + Sync {
    /// What the published version has under each key, in the order asked.
    async fn candidates(&self, keys: &[MatchKey]) -> Outcome<Vec<Candidates>>;

    /// What the published version says of companies, in the order asked; none: there is no such company.
    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>>;

    /// The published version; none: nothing was ever imported.
    async fn published(&self) -> Outcome<Option<Version>>;
}

/// What stands under a match key.
#[derive(Clone, Debug, PartialEq)]
pub enum Candidates {
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
