//! Which version of the company database an object's copy is matched with.

use serde::{Deserialize, Serialize};

/// Which version of the company database an object's copy is matched with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rematching {
    #[serde(default)]
    matched: Option<String>,
    #[serde(default, rename = "rematch")]
    pass: Option<(String, Option<String>)>,
}

impl Rematching {
    /// The version that all records of the copy were matched with; none: there is no one version.
    pub fn matched(&self) -> Option<&str> {
        self.matched.as_deref()
    }

    /// The pass over the copy that matches it with another version: which version, and where it goes on; none: no pass is open.
    pub fn pass(&self) -> Option<(String, Option<String>)> {
        self.pass.clone()
    }

    /// All records are about to be read, and matched with this version.
    pub fn begin_with(&mut self, version: Option<String>) {
        self.matched = version;
    }

    /// The pass has come so far.
    pub fn reached(&mut self, version: &str, after: Option<&str>) {
        self.pass = Some((version.to_owned(), after.map(str::to_owned)));
    }

    /// The pass is done.
    pub fn done(&mut self, version: String) {
        self.pass = None;
        self.matched = Some(version);
    }
}
