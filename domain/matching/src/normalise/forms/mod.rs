//! Legal forms: which words name one, and how two names' forms compare.

mod phrases;
mod words;

pub(super) use phrases::ending;
pub(super) use words::form;

use serde::{Deserialize, Serialize};

/// The legal forms in a name, as a set: `GmbH & Co. KG` is GmbH and KG. Stored as a number, so a form's bit never changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Forms(u32);

/// Where in a name a word counts as a legal form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Wherever it stands: nobody means anything else by it.
    Anywhere,
    /// At the end, or at the beginning as in `AB Volvo`.
    Edge,
    /// At the end only.
    End,
}

impl Forms {
    /// Whether no form is known.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Whether both name a form, and not the same.
    pub fn differ(self, other: Self) -> bool {
        let (left, right) = (self.0 & !words::PARTNER, other.0 & !words::PARTNER);
        left != 0 && right != 0 && left != right
    }

    /// Whether both name the same form.
    pub fn agree(self, other: Self) -> bool {
        let (left, right) = (self.0 & !words::PARTNER, other.0 & !words::PARTNER);
        left != 0 && left == right
    }

    /// How far two sets agree: 0 others, 1 one has more, 2 only one names any, 3 none does, 4 the same.
    pub(crate) fn likeness(self, other: Self) -> u8 {
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
