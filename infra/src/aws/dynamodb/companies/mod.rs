//! The vendor's company database: an inverted index with one item for each match key, and one item for each company.
//!
//! Editions share items. An item has the newest layer in `n` (the number of the import), `c` (postings or the company) or `m` (too
//! common), and the layer below in `pn`, `pc`, `pm`. A layer with neither holds nothing. Items from before 1 December 2026 have no
//! `n`, which stands for 0. `reading` answers from the published version, `editions` begins, publishes and discards versions,
//! `rows` reads and writes what an import compares, and `register` has the rows that say what is published and begun.

mod changed;
mod editions;
mod item;
mod published;
mod reading;
mod register;
mod rows;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::ports::{KeySet, RowName, Version};

use self::published::Published;
use super::{batch::key, item::Attributes};
use crate::aws::clients::Clients;

/// The table Companies.
pub struct AwsCompanies {
    clients: Clients,
    table: String,
    /// The published version, as last read.
    published: Mutex<Option<Published>>,
    /// The changed keys that were last asked for.
    changed: Mutex<BTreeMap<Version, Arc<KeySet>>>,
}

impl AwsCompanies {
    /// Makes the index on this table.
    pub fn new(clients: Clients, table: String) -> Self {
        Self {
            clients,
            table,
            published: Mutex::new(None),
            changed: Mutex::default(),
        }
    }

    fn remembered(&self) -> Option<Published> {
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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
