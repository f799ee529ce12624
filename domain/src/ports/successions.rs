//! Which version followed which, and what it changed.

use super::{Begun, Version};

/// How many editions' changes are kept. A copy that is matched with an earlier edition is matched again as a whole.
const KEPT: usize = 32;

/// A version that was published, and what it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession<T> {
    /// The version.
    pub version: Version,
    /// The version that was published before.
    pub before: Option<Version>,
    /// What it changed, or where that lies. `None` if everything may have changed.
    pub changed: Option<T>,
}

impl<T> Succession<T> {
    /// Returns the link of an import that is about to be published.
    pub fn of(begun: &Begun, changed: Option<T>) -> Self {
        Self {
            version: begun.version.clone(),
            before: begun.before.clone(),
            changed,
        }
    }

    /// Returns this link and those before it, the last one first, and those that are no longer kept.
    pub fn before_all(self, links: Vec<Self>) -> (Vec<Self>, Vec<Self>) {
        let mut all = vec![self];
        all.extend(links);
        let dropped = all.split_off(all.len().min(KEPT));
        (all, dropped)
    }
}

/// Returns the links from one version to a later one. `None` if one of them may have changed everything, or is not known any more.
pub fn chain<'l, T>(
    links: &'l [Succession<T>],
    from: &Version,
    to: &Version,
) -> Option<Vec<(&'l Version, &'l T)>> {
    let mut found = Vec::new();
    let mut at = to;
    while at != from {
        let link = links.iter().find(|link| link.version == *at)?;
        found.push((&link.version, link.changed.as_ref()?));
        at = link.before.as_ref()?;
    }
    Some(found)
}
