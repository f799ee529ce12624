//! How far a CRM's lists of deletions are read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a CRM's lists of deletions are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionList {
    #[serde(rename = "deletions_from")]
    from: Option<Timestamp>,
}

impl DeletionList {
    /// Where the next list of deletions begins; none: nothing was ever copied.
    pub fn from(&self) -> Option<Timestamp> {
        self.from
    }

    /// The first records are about to be copied: their deletions count from here on.
    pub fn begin(&mut self, at: Timestamp) {
        self.from.get_or_insert(at);
    }

    /// A list was read; the next one begins here.
    pub fn go_on_from(&mut self, at: Timestamp) {
        self.from = Some(at);
    }
}
