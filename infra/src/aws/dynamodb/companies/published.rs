//! The row of the published version.

use domain::{
    fault::Outcome,
    ports::{Edition, Numbers, Succession, Version},
};

use super::super::item::{Attributes, Item};
use crate::aws::fault::malformed;

/// The published version, and what of its items it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Published {
    pub(super) edition: Edition,
    /// The version that names the partitions.
    pub(super) base: Version,
    /// The numbers of the layers that it holds.
    pub(super) numbers: Numbers,
    /// The versions that were published, the last one first, each with the number of items in which the keys lie that it changed.
    pub(super) links: Vec<Succession<u32>>,
}

impl Published {
    /// Reads the row of the published version. Releases from before 1 December 2026 wrote no `base` and no `numbers`.
    pub(super) fn of(row: &Attributes) -> Outcome<Self> {
        let optional = |name| {
            let is_there = row.contains_key(name);
            is_there.then(|| row.number(name)).transpose()
        };
        let version = Version(row.text("version")?.to_owned());
        let base = row.optional_text("base").unwrap_or(&version.0).to_owned();
        let numbers = row.optional_text("numbers").unwrap_or("0");
        Ok(Self {
            base: Version(base),
            numbers: numbers.parse().map_err(|_| malformed("numbers"))?,
            links: links(row)?,
            edition: Edition {
                version,
                companies: optional("companies")?,
                accepts: optional("accepts")?,
                rules: row.optional_text("rules").map(str::to_owned),
            },
        })
    }

    /// Returns whether somebody reads rows of partitions, or layers, that this version named.
    pub(super) fn reads(&self, version: &Version) -> bool {
        self.base == *version || self.edition.version == *version
    }
}

/// Reads the list of published versions. Releases from before 1 December 2026 wrote none.
fn links(row: &Attributes) -> Outcome<Vec<Succession<u32>>> {
    let Some(text) = row.optional_text("changed") else {
        return Ok(Vec::new());
    };
    let links: Vec<(String, Option<String>, Option<u32>)> =
        serde_json::from_str(text).map_err(|_| malformed("changed"))?;
    Ok(links
        .into_iter()
        .map(|(version, before, changed)| Succession {
            version: Version(version),
            before: before.map(Version),
            changed,
        })
        .collect())
}

/// Writes the list of published versions.
pub(super) fn text_of(links: &[Succession<u32>]) -> Outcome<String> {
    let links: Vec<_> = links
        .iter()
        .map(|link| {
            let before = link.before.as_ref().map(|before| before.0.as_str());
            (link.version.0.as_str(), before, link.changed)
        })
        .collect();
    serde_json::to_string(&links).map_err(|_| malformed("changed"))
}
