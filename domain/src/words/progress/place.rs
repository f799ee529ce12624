//! Places in an object's changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::record::RecordId;

/// A place in an object's changes, in the order (time of the last change, id). Everything up to and with it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Time of the last change, to the millisecond.
    pub at: Timestamp,
    /// The id among records of that time; none: nothing of that time is stored yet.
    pub id: Option<RecordId>,
}

/// The changes that are read in one go: after `after`, before `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Where to begin; none: at the beginning of time.
    pub after: Option<Position>,
    /// Where to end, exclusive: the CRM's clock when the window was opened.
    pub until: Timestamp,
}

/// A connector's own mark of the page that comes next. Opaque to the rules; it may be lost by the CRM at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(pub String);
