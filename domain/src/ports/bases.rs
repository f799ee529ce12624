//! The legal bases of people, written to the CRM beside their records.

use super::Written;
use crate::{
    cleared::ClearedBy,
    fault::Outcome,
    record::{Object, RecordId},
};

/// Part of [`Crm`](super::Crm). As with records, a connector never sends a note twice by itself, unless the CRM said that it did
/// nothing.
#[port::port]
pub trait Bases: Send + Sync {
    /// Returns whether the CRM has a place for bases to which the connected user may write.
    async fn has_bases(&self) -> Outcome<bool>;

    /// Writes bases, at most [`super::MAX_BATCH`], and returns a verdict for each, in the order given. After a fault nobody knows
    /// which of them were written.
    async fn note_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<Written>>;

    /// Returns whether each of these is in the CRM, in the order given. It reads the notes themselves, and not an index that lags.
    async fn find_bases(&self, bases: &[BasisOf]) -> Outcome<Vec<bool>>;
}

/// The bases that a record itself can say, each by its name ([`ClearedBy::basis`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeptBases {
    /// None.
    #[default]
    Nothing,
    /// Every basis, in words of ours.
    All,
    /// Those for which the CRM has a word of its own.
    These(Vec<String>),
}

impl KeptBases {
    /// Returns whether a record can say this basis.
    pub fn has(&self, basis: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::These(names) => names.iter().any(|name| name == basis),
        }
    }
}

/// The basis by which a record's person was cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasisOf {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// The clearance's assessment.
    pub by: ClearedBy,
}
