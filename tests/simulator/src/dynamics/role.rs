//! What the app's user may do: the security role.

use std::collections::BTreeMap;

use super::kind::Kind;

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    Nothing,
    /// The user's own rows.
    Basic,
    /// The rows of the user's business unit.
    Local,
    /// The whole organisation.
    Global,
}

impl Depth {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "None" => Self::Nothing,
            "Basic" => Self::Basic,
            "Local" => Self::Local,
            "Global" => Self::Global,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "None",
            Self::Basic => "Basic",
            Self::Local => "Local",
            Self::Global => "Global",
        }
    }
}

/// The rights that a role has for each table.
pub(crate) const RIGHTS: [&str; 6] = ["Create", "Read", "Write", "Delete", "Append", "AppendTo"];

/// A security role. What it does not name reaches the whole organisation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Role {
    depths: BTreeMap<(Kind, &'static str), Depth>,
}

impl Role {
    pub(crate) fn depth(&self, kind: Kind, right: &str) -> Depth {
        let of = RIGHTS.into_iter().find(|known| *known == right);
        let known = of.and_then(|right| self.depths.get(&(kind, right)));
        known.copied().unwrap_or(Depth::Global)
    }

    /// Sets how far a right reaches. Returns false for an unknown right.
    pub(crate) fn set(&mut self, kind: Kind, right: &str, depth: Depth) -> bool {
        let known = RIGHTS.into_iter().find(|known| *known == right);
        if let Some(right) = known {
            self.depths.insert((kind, right), depth);
        }
        known.is_some()
    }
}
