//! Positions in an object's changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::record::RecordId;

/// A position in an object's changes, which are ordered by time of the last change and id. Everything up to and including the
/// position is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Time of the last change, to the millisecond.
    pub at: Timestamp,
    /// The id among records of that time. `None` if nothing of that time is stored yet.
    pub id: Option<RecordId>,
}

/// The changes that are read in one pass: after `after` and before `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The beginning. `None` for the beginning of time.
    pub after: Option<Position>,
    /// The exclusive end: the time of the CRM's clock when the window was opened.
    pub until: Timestamp,
}

/// A connector's own token for the next page. It is opaque to the rules, and the CRM may lose it at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(pub String);
