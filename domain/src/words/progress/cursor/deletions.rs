//! The progress in a CRM's lists of deletions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The progress in a CRM's lists of deletions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionList {
    #[serde(rename = "deletions_from")]
    from: Option<Timestamp>,
}

impl DeletionList {
    /// Returns the time at which the next list of deletions begins. `None` if nothing was ever copied.
    pub fn from(&self) -> Option<Timestamp> {
        self.from
    }

    /// Begins the lists when the first records are about to be copied, so that their deletions count from then on.
    pub fn begin(&mut self, at: Timestamp) {
        self.from.get_or_insert(at);
    }

    /// Sets the beginning of the next list after one was read.
    pub fn go_on_from(&mut self, at: Timestamp) {
        self.from = Some(at);
    }
}
