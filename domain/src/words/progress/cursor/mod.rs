//! Where the sync of one object stands.
//!
//! Each concern has a struct and a file of its own, and only the methods there change it. In the Ledger a cursor is one flat
//! JSON object, sealed, since a vendor's token may hold values. The fields' names are part of that format, so the cursors of
//! earlier releases stay readable (`tests/stored.rs`).

mod associations;
mod comparison;
mod deletions;
mod fields;
mod quarantine;
mod reading;
mod rematching;
mod withholding;

use serde::{Deserialize, Serialize};

pub use self::{
    associations::Associations,
    comparison::Comparison,
    deletions::DeletionList,
    fields::{FieldsNow, FieldsRead},
    quarantine::Quarantine,
    reading::Reading,
    rematching::Rematching,
    withholding::Withholding,
};

/// What a run does with an object, one stage after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Changed records and deletions that are still shown, page by page.
    Changes,
    /// Deletions that the CRM only keeps a list of.
    Deletions,
    /// The copy's parents against the CRM's associations, where parents are associations. No other object comes to this stage.
    Parents,
    /// The whole copy against the company database, where that has changed.
    Rematch,
    /// The whole copy against the suppressions, where those have changed.
    Withhold,
    /// What was said about deletions that are held back is carried out.
    Decided,
    /// The CRM's count against the copy's; an id sweep where they differ.
    Verify,
    /// The verdict is known.
    Done,
}

impl Stage {
    /// The stage that follows.
    fn next(self) -> Self {
        match self {
            Self::Changes => Self::Deletions,
            Self::Deletions => Self::Parents,
            Self::Parents => Self::Rematch,
            Self::Rematch => Self::Withhold,
            Self::Withhold => Self::Decided,
            Self::Decided => Self::Verify,
            Self::Verify | Self::Done => Self::Done,
        }
    }
}

/// Where the sync of one object stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    stage: Stage,
    /// How far the changes are read.
    #[serde(flatten)]
    pub reading: Reading,
    /// Which fields the copy has.
    #[serde(flatten)]
    pub fields: FieldsRead,
    /// How far the lists of deletions are read.
    #[serde(flatten)]
    pub deletions: DeletionList,
    /// When and how the copy was compared with the CRM.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// When the parents were compared.
    #[serde(flatten)]
    pub associations: Associations,
    /// What the copy is matched with.
    #[serde(flatten)]
    pub rematching: Rematching,
    /// What is kept out of the copy.
    #[serde(flatten)]
    pub withholding: Withholding,
    /// What this run could not keep.
    #[serde(flatten)]
    pub quarantine: Quarantine,
}

impl Cursor {
    /// The cursor of an object that was never read.
    pub fn start() -> Self {
        Self {
            stage: Stage::Done,
            reading: Reading::start(),
            fields: FieldsRead::default(),
            deletions: DeletionList::default(),
            comparison: Comparison::start(),
            associations: Associations::default(),
            rematching: Rematching::default(),
            withholding: Withholding::default(),
            quarantine: Quarantine::default(),
        }
    }

    /// The cursor of an object whose own cursor cannot be read. The copy is there, and nobody knows how far it goes: everything is
    /// read again, and all ids are compared.
    pub fn lost() -> Self {
        let mut cursor = Self::start();
        cursor.reading.may_be_in_the_copy();
        cursor.comparison.ask_for_sweep();
        cursor
    }

    /// The cursor of an object whose copy was emptied. Pages keep their numbers: one that was stored before may still be there.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self {
            reading: self.reading.emptied(),
            ..Self::start()
        }
    }

    /// The stage that the run is at.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// A run begins.
    pub fn begin_run(&mut self) {
        self.stage = Stage::Changes;
        self.quarantine.begin_run();
    }

    /// The stage is done.
    pub fn advance(&mut self) {
        self.stage = self.stage.next();
    }

    /// Suppressions were made while the run was busy elsewhere: the copy is held against them before the run ends.
    pub fn withhold_again(&mut self) {
        self.stage = Stage::Withhold;
    }

    /// The verdict is known, at whatever stage.
    pub fn end_run(&mut self) {
        self.stage = Stage::Done;
    }
}
