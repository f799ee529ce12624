//! The sync state of one object.
//!
//! Each concern has a struct and a file of its own, and only the methods there change it. In the Ledger a cursor is one flat JSON
//! object. It is sealed, because a vendor's token may contain values. The names of its members are part of the format, so cursors
//! of earlier releases stay readable (`tests/stored.rs`).

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

/// The stages of a run for one object, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Changed records, and deletions that the CRM still shows, page by page.
    Changes,
    /// Deletions that the CRM keeps only in a list.
    Deletions,
    /// Compares the copy's parents with the CRM's associations. Only for objects whose parents are associations.
    Parents,
    /// Matches the whole copy again, if the company database has changed.
    Rematch,
    /// Checks the whole copy for erased people, if the suppressions have changed.
    Withhold,
    /// Carries out the decision about held-back deletions.
    Decided,
    /// Compares the CRM's count with the copy's, and reconciles the ids if they differ.
    Verify,
    /// The verdict is known.
    Done,
}

impl Stage {
    /// Returns the next stage.
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

/// The sync state of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    stage: Stage,
    /// The progress of reading changes.
    #[serde(flatten)]
    pub reading: Reading,
    /// The fields that the copy has.
    #[serde(flatten)]
    pub fields: FieldsRead,
    /// The progress in the lists of deletions.
    #[serde(flatten)]
    pub deletions: DeletionList,
    /// The comparison of the copy with the CRM.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// The comparison of the parents.
    #[serde(flatten)]
    pub associations: Associations,
    /// The company database with which the copy is matched.
    #[serde(flatten)]
    pub rematching: Rematching,
    /// The records that are kept out of the copy.
    #[serde(flatten)]
    pub withholding: Withholding,
    /// The records that this run could not keep.
    #[serde(flatten)]
    pub quarantine: Quarantine,
}

impl Cursor {
    /// Returns the cursor of an object that was never read.
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

    /// Returns the cursor of an object whose own cursor is unreadable. The copy exists, but its progress is unknown, so everything
    /// is read again and all ids are compared.
    pub fn lost() -> Self {
        let mut cursor = Self::start();
        cursor.reading.may_be_in_the_copy();
        cursor.comparison.ask_for_sweep();
        cursor
    }

    /// Returns the cursor of an object whose copy was emptied. The numbers of pages continue, because earlier pages may still be
    /// stored.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self {
            reading: self.reading.emptied(),
            ..Self::start()
        }
    }

    /// Returns the stage of the run.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Begins a run.
    pub fn begin_run(&mut self) {
        self.stage = Stage::Changes;
        self.quarantine.begin_run();
    }

    /// Moves on to the next stage.
    pub fn advance(&mut self) {
        self.stage = self.stage.next();
    }

    /// Goes back to the check for erased people, because suppressions were made while the run was at a later stage.
    pub fn withhold_again(&mut self) {
        self.stage = Stage::Withhold;
    }

    /// Ends the run, at any stage, because the verdict is known.
    pub fn end_run(&mut self) {
        self.stage = Stage::Done;
    }
}
