//! The associations of records, in both directions.

use std::collections::BTreeSet;

use super::kind::Kind;
use super::types::LinkType;

/// One direction of an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Link {
    from_kind: Kind,
    to_kind: Kind,
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// The key of the type.
    pub(crate) key: u16,
}

/// All associations.
#[derive(Debug, Default)]
pub(crate) struct Links(BTreeSet<Link>);

impl Links {
    /// Adds an association in both directions. Returns false if it existed.
    pub(crate) fn add(&mut self, kind: LinkType, from: u64, to: u64) -> bool {
        self.0.insert(link(kind.turned(), to, from));
        self.0.insert(link(kind, from, to))
    }

    /// Removes an association in both directions. Returns false if it did not exist.
    pub(crate) fn remove(&mut self, kind: LinkType, from: u64, to: u64) -> bool {
        self.0.remove(&link(kind.turned(), to, from));
        self.0.remove(&link(kind, from, to))
    }

    /// Returns a record's associations, by ascending id and type.
    pub(crate) fn of(
        &self,
        from_kind: Kind,
        from: u64,
        to_kind: Kind,
    ) -> impl Iterator<Item = Link> {
        let end = |to, key| Link {
            from_kind,
            to_kind,
            from,
            to,
            key,
        };
        self.0.range(end(0, 0)..=end(u64::MAX, u16::MAX)).copied()
    }

    /// Returns a record's association of a type that allows only one.
    pub(crate) fn primary(&self, from_kind: Kind, from: u64, to_kind: Kind) -> Option<u64> {
        self.of(from_kind, from, to_kind)
            .find(|link| LinkType::find(link.key).is_some_and(|kind| kind.primary))
            .map(|link| link.to)
    }

    /// Removes all associations of a type.
    pub(crate) fn forget(&mut self, kind: LinkType) {
        let both = [kind, kind.turned()].map(|one| (one.from, one.to, one.key()));
        self.0
            .retain(|link| !both.contains(&(link.from_kind, link.to_kind, link.key)));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

fn link(kind: LinkType, from: u64, to: u64) -> Link {
    Link {
        from_kind: kind.from,
        to_kind: kind.to,
        from,
        to,
        key: kind.key(),
    }
}
