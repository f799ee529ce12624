//! How far a sync has come: the cursor of each object, and the counts that people see.
//!
//! | file | what |
//! | --- | --- |
//! | [`cursor`] | where the sync of one object stands, one struct for each concern |
//! | [`place`] | positions, windows and page tokens |
//! | [`verdict`] | what a run says of an object's copy, and what the verdict rests on |
//! | [`summary`] | what a run counts of one object |
//! | [`budget`] | what a CRM lets us use |
//! | [`report`] | what a finished run leaves behind |

mod budget;
pub mod cursor;
mod place;
mod report;
mod summary;
mod verdict;

pub use self::{
    budget::{Budget, Per},
    cursor::{Cursor, Stage},
    place::{PageToken, Position, Window},
    report::{Quarantined, RunReport},
    summary::{HeldBackCounts, ParentCounts, Summary},
    verdict::{Proof, Verdict},
};
use crate::{record::Object, seal::Sealed, tenant::RunId};

/// What the Ledger keeps of one object.
#[derive(Clone)]
pub struct Progress {
    /// The object.
    pub object: Object,
    /// The run that `summary` is about.
    pub run: RunId,
    /// The [`Cursor`], sealed.
    pub cursor: Sealed,
    /// Records in the copy.
    pub held: u64,
    /// What the run has done so far.
    pub summary: Summary,
}
