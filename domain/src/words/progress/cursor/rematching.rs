//! The version of the company database with which an object's copy is matched.

use serde::{Deserialize, Serialize};

/// The version of the company database with which an object's copy is matched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rematching {
    #[serde(default)]
    matched: Option<String>,
    #[serde(default, rename = "rematch")]
    pass: Option<(String, Option<String>)>,
}

impl Rematching {
    /// Returns the version with which all records of the copy were matched. `None` if there is no single version.
    pub fn matched(&self) -> Option<&str> {
        self.matched.as_deref()
    }

    /// Returns the pass that matches the copy with another version: the version, and the position at which it continues. `None` if
    /// no pass is open.
    pub fn pass(&self) -> Option<(String, Option<String>)> {
        self.pass.clone()
    }

    /// Records that all records are about to be read and matched with this version.
    pub fn begin_with(&mut self, version: Option<String>) {
        self.matched = version;
    }

    /// Moves the pass to this position.
    pub fn reached(&mut self, version: &str, after: Option<&str>) {
        self.pass = Some((version.to_owned(), after.map(str::to_owned)));
    }

    /// Ends the pass.
    pub fn done(&mut self, version: String) {
        self.pass = None;
        self.matched = Some(version);
    }
}
