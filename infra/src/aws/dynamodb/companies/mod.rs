//! The vendor's company database: an inverted index with one item for each match key, and one item for each company.
//!
//! Editions share items. An item has the newest layer in `n` (the number of the import), `c` (postings or the company) or `m` (too
//! common), and the layer below in `pn`, `pc`, `pm`. A layer with neither holds nothing. Items from before 1 December 2026 have no
//! `n`, which stands for 0. `reading` answers from the published version, `editions` begins, publishes and discards versions,
//! `rows` reads and writes what an import compares, and `register` has the rows that say what is published and begun.

mod editions;
mod item;
mod reading;
mod register;
mod rows;

use std::sync::{Mutex, PoisonError};

use domain::{
    fault::Outcome,
    ports::{Edition, Numbers, RowName, Version},
};

use super::{
    batch::key,
    item::{Attributes, Item},
};
use crate::aws::{clients::Clients, fault::malformed};

/// The table Companies.
pub struct AwsCompanies {
    clients: Clients,
    table: String,
    /// The published version, as last read.
    published: Mutex<Option<Published>>,
}

/// The published version, and what of its items it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Published {
    edition: Edition,
    /// The version that names the partitions.
    base: Version,
    /// The numbers of the layers that it holds.
    numbers: Numbers,
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

    fn remembered(&self) -> Option<Published> {
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Published {
    /// Reads the row of the published version. Releases from before 1 December 2026 wrote no `base` and no `numbers`.
    fn of(row: &Attributes) -> Outcome<Self> {
        let optional = |name| {
            let is_there = row.contains_key(name);
            is_there.then(|| row.number(name)).transpose()
        };
        let version = Version(row.text("version")?.to_owned());
        let base = row.optional_text("base").unwrap_or(&version.0).to_owned();
        let numbers = row.optional_text("numbers").unwrap_or("0");
        Ok(Self {
            base: Version(base),
            numbers: numbers.parse().map_err(|_| malformed("numbers"))?,
            edition: Edition {
                version,
                companies: optional("companies")?,
                accepts: optional("accepts")?,
            },
        })
    }

    /// Returns whether somebody reads rows of partitions, or layers, that this version named.
    fn reads(&self, version: &Version) -> bool {
        self.base == *version || self.edition.version == *version
    }
}

/// Returns the partition of a part. DynamoDB answers 3,000 reads a second from each, and a slice asks for 8,000 keys with a
/// page.
fn partition(base: &Version, part: u32) -> String {
    format!("{}#{part:02x}", base.0)
}

fn row_key(base: &Version, name: &RowName) -> Attributes {
    key(partition(base, name.part()), name.to_string())
}
