//! Duplicate rules as tests set them.

use serde::{Deserialize, Serialize};

/// A rule for one object. A record is a duplicate of a live one that equals it in all of these fields.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct DuplicateRule {
    /// An object such as `Contact`.
    pub object: String,
    /// Fields such as `["Email"]`. A record in which any of them is empty is no duplicate.
    pub fields: Vec<String>,
    /// Whether the record is refused even if the client allows saving. Otherwise the rule only alerts, so
    /// `allowSave=true` saves.
    #[serde(default)]
    pub block: bool,
}
