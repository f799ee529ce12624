//! The vendor's companies themselves, by id.

use async_trait::async_trait;
use matching::{Company, CompanyId};

use super::Version;
use crate::fault::Outcome;

/// A part of [`Companies`](super::Companies): one row for each company, with everything that the vendor says of it. Rows are
/// of a version, and come and go with its entries.
#[async_trait]
pub trait CompanyRows: Send + Sync {
    /// What the published version says of companies, in the order asked; none: there is no such company.
    async fn companies(&self, ids: &[CompanyId]) -> Outcome<Vec<Option<Company>>>;

    /// Puts companies of a version that was begun and is not published yet. Putting them again changes nothing. No id may
    /// stand in `companies` twice.
    async fn load_companies(&self, version: &Version, companies: &[Company]) -> Outcome<()>;
}
