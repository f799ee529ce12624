//! Legal forms: which words stand for one, and how the forms of two names compare.

mod phrases;
mod words;

pub(super) use phrases::ending;
pub(super) use words::form;

use serde::{Deserialize, Serialize};

/// The set of legal forms in a name: `GmbH & Co. KG` is GmbH and KG. Stored as a number, so the bit
/// of a form never changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Forms(u32);

/// The positions in a name where a word counts as a legal form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Anywhere: the word has no other meaning.
    Anywhere,
    /// At the end, or at the beginning as in `AB Volvo`.
    Edge,
    /// Only at the end.
    End,
}

impl Forms {
    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Whether both sets contain a form, and they are not equal.
    pub fn differ(self, other: Self) -> bool {
        let (left, right) = (self.0 & !words::PARTNER, other.0 & !words::PARTNER);
        left != 0 && right != 0 && left != right
    }

    /// Whether both sets contain a form, and they are equal.
    pub fn agree(self, other: Self) -> bool {
        let (left, right) = (self.0 & !words::PARTNER, other.0 & !words::PARTNER);
        left != 0 && left == right
    }

    /// How far two sets agree: 4 equal, 3 both empty, 2 one is empty, 1 they overlap, 0 they have
    /// nothing in common.
    pub(crate) fn similarity(self, other: Self) -> u8 {
        let (left, right) = (self.0 & !words::PARTNER, other.0 & !words::PARTNER);
        match (left, right) {
            (0, 0) => 3,
            (0, _) | (_, 0) => 2,
            _ if left == right => 4,
            _ if left & right != 0 => 1,
            _ => 0,
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests;
