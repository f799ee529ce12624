//! The sync state of one object.
//!
//! Each concern has a struct and a file of its own, and only the methods there change it. In the Ledger a cursor is one flat JSON
//! object. It is sealed, because a vendor's token may contain values. The names of its members are part of the format, so cursors
//! of earlier releases stay readable (`tests/stored.rs`).

mod associations;
mod comparison;
mod deletions;
mod departed;
mod fields;
mod quarantine;
mod reading;
mod rematching;
mod withholding;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    associations::Associations,
    comparison::Comparison,
    deletions::DeletionList,
    departed::{Departed, MAX_DEPARTED},
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
    /// Reads the children of records that left the copy again, and compares the copy's parents with the CRM's associations if they
    /// are associations.
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
    /// The records that left the copy and had children there.
    #[serde(flatten)]
    pub departed: Departed,
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
            departed: Departed::default(),
            rematching: Rematching::default(),
            withholding: Withholding::default(),
            quarantine: Quarantine::default(),
        }
    }

    /// Returns the cursor of an object whose own cursor is unreadable. The copy exists, but its progress is unknown, so everything
    /// is read again and all ids are compared.
    ///
    /// Pages of any number that was ever reached may be stored, and other objects may have followed the list of departed records to any
    /// number. So both go on from `begun`, the run's begin in milliseconds, which is larger than all of them: no CRM sends a thousand
    /// pages a second. From zero on, the records of an earlier page would be taken for a part of a new page that was cut off, and
    /// counted a second time.
    pub fn lost(begun: Timestamp) -> Self {
        let unused = u64::try_from(begun.as_millisecond()).unwrap_or(0);
        let mut cursor = Self {
            departed: Departed::begin_at(unused),
            ..Self::start()
        };
        cursor.reading.begin_over_a_copy(unused);
        cursor.comparison.ask_for_sweep();
        cursor
    }

    /// Returns the cursor of an object whose copy was emptied. The numbers of pages continue, because earlier pages may still be
    /// stored, and so do the positions on the list of departed records, because other objects may have followed it.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self {
            reading: self.reading.emptied(),
            departed: self.departed.clone(),
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
        self.departed.begin_run();
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
