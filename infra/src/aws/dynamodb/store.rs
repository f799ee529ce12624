//! The tables Ledger and Copies and the bucket Pages. Each port on them has a file of its own name.

use super::remembered::RememberedSuppressions;
use crate::aws::{clients::Clients, s3::Pages};

/// The store on Ledger, Copies and Pages.
pub struct AwsStore {
    pub(super) clients: Clients,
    pub(super) ledger: String,
    pub(super) copies: String,
    pub(super) pages: Pages,
    pub(super) suppressions: RememberedSuppressions,
}

impl AwsStore {
    /// Makes a store on these two tables and this bucket.
    pub fn new(clients: Clients, ledger: String, copies: String, pages: String) -> Self {
        Self {
            pages: Pages::new(clients.clone(), pages),
            clients,
            ledger,
            copies,
            suppressions: RememberedSuppressions::default(),
        }
    }
}
