//! When the parents of an object's records were compared, where the CRM keeps them as associations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// When the parents of an object's records were compared, where the CRM keeps them as associations.
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
    /// When the parents of all records were compared last, by a pass of their own or by reading all records into an empty copy;
    /// none: never.
    pub fn compared(&self) -> Option<Timestamp> {
        self.compared
    }

    /// Where the pass over the copy goes on; none: no pass is open.
    pub fn pass(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The pass has come so far.
    pub fn reached(&mut self, after: String) {
        self.after = Some(after);
    }

    /// The parents in the copy are those of the CRM, as of then.
    pub fn were_compared(&mut self, at: Timestamp) {
        self.compared = Some(at);
        self.after = None;
    }
}
