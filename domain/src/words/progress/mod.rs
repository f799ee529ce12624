//! The progress of a sync: the cursor of each object, and the counts that users see.
//!
//! | file | what |
//! | --- | --- |
//! | [`cursor`] | the sync state of one object, with a struct for each concern |
//! | [`place`] | positions, windows and page tokens |
//! | [`verdict`] | a run's verdict about an object's copy, and its proof |
//! | [`summary`] | a run's counts of one object |
//! | [`budget`] | the limits of a CRM |
//! | [`report`] | the report of a finished run |

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

/// An object's row in the Ledger.
#[derive(Clone)]
pub struct Progress {
    /// The object.
    pub object: Object,
    /// The run of the `summary`.
    pub run: RunId,
    /// The [`Cursor`], sealed.
    pub cursor: Sealed,
    /// Records in the copy.
    pub held: u64,
    /// The result of the run so far.
    pub summary: Summary,
}
