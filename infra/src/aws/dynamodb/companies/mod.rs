//! The vendor's company database: an inverted index with one item for each match key and version, and one item for each company.
//!
//! A version has partitions of its own, so that it can be discarded without reading another one's items. `reading` answers
//! from the published version, and `editions` loads, publishes and discards versions.

mod editions;
mod reading;

use std::sync::{Mutex, PoisonError};

use domain::ports::Version;
use matching::{CompanyId, MatchKey};

use super::{batch::key, item::Attributes};
use crate::aws::{clients::Clients, places::spread};

/// The number of partitions of a version. DynamoDB answers 3,000 reads a second from each, and a slice asks for 8,000
/// keys with a page.
const PARTITIONS: u32 = 256;

/// The table Companies.
pub struct AwsCompanies {
    clients: Clients,
    table: String,
    /// The published version, as last read.
    published: Mutex<Option<Version>>,
}

impl AwsCompanies {
    /// Makes the index on this table.
    pub fn new(clients: Clients, table: String) -> Self {
        Self {
            clients,
            table,
            published: Mutex::new(None),
        }
    }

    fn remembered(&self) -> Option<Version> {
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn partition(version: &Version, n: u32) -> String {
    format!("{}#{n:02x}", version.0)
}

fn entry_key(version: &Version, match_key: &MatchKey) -> Attributes {
    let n = spread(match_key.as_str(), PARTITIONS);
    key(partition(version, n), match_key.as_str())
}

/// Prefix of the sort keys of companies. No match key begins with it.
const COMPANY: &str = "C#";

/// Returns the key of a company. It is in the partitions of its version, so that it is discarded with it.
fn company_key(version: &Version, id: &CompanyId) -> Attributes {
    let n = spread(id.as_str(), PARTITIONS);
    key(partition(version, n), format!("{COMPANY}{id}"))
}
