//! The comparison of an object's parents, if the CRM keeps them as associations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The comparison of an object's parents, if the CRM keeps them as associations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Associations {
    #[serde(
        default,
        rename = "parents_compared",
        skip_serializing_if = "Option::is_none"
    )]
    compared: Option<Timestamp>,
    #[serde(
        default,
        rename = "parents_after",
        skip_serializing_if = "Option::is_none"
    )]
    after: Option<String>,
}

impl Associations {
    /// Returns the time at which the parents of all records were last compared, by a pass of their own or by reading all records
    /// into an empty copy. `None` if they never were.
    pub fn compared(&self) -> Option<Timestamp> {
        self.compared
    }

    /// Returns the position at which the pass over the copy continues. `None` if no pass is open.
    pub fn pass(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Moves the pass to this position.
    pub fn reached(&mut self, after: String) {
        self.after = Some(after);
    }

    /// Requests a comparison in the next run, or in this one if its turn has not come, because parents may have changed unnoticed.
    pub fn ask(&mut self) {
        self.compared = None;
    }

    /// Records that the parents in the copy were those of the CRM at this time.
    pub fn were_compared(&mut self, at: Timestamp) {
        self.compared = Some(at);
        self.after = None;
    }
}
