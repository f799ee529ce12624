//! The progress of a sync: the cursor of each object, and the counts that users see.
//!
//! | file | what |
//! | --- | --- |
//! | [`cursor`] | the sync state of one object, with a struct for each concern |
//! | [`place`] | positions, windows and page tokens |
//! | [`verdict`] | a run's verdict about an object's copy, and its proof |
//! | [`summary`] | a run's counts of one object |
//! | [`budget`] | the limits of a CRM |
//! | [`hourly`] | the requests of the last day |
//! | [`share`] | the share of a CRM's budget that runs may use |
//! | [`forecast`] | how much of it the next run will use |
//! | [`report`] | the report of a finished run |

mod budget;
pub mod cursor;
mod forecast;
mod hourly;
mod place;
mod report;
mod share;
mod summary;
mod verdict;

pub use self::{
    budget::{Budget, Per},
    cursor::{Cursor, Stage},
    forecast::{Basis, FirstReading, Forecast},
    hourly::Hourly,
    place::{PageToken, Position, Window},
    report::{Quarantined, RunReport},
    share::{Exhausted, Share},
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

impl Progress {
    /// Returns the requests of the last day to all objects together.
    pub fn hourly(all: &[Self]) -> Hourly {
        let mut hourly = Hourly::default();
        for progress in all {
            hourly.merge(&progress.summary.hourly);
        }
        hourly
    }

    /// Returns the CRM's budgets as it last reported them for any object. Empty if it reported none.
    pub fn reported(all: &[Self]) -> &[Budget] {
        let told = all.iter().map(|progress| &progress.summary);
        // Of objects with requests in the same hour the last one counts, because objects are read in order.
        let last = told
            .filter(|summary| !summary.budgets.is_empty())
            .max_by_key(|summary| summary.hourly.last());
        last.map_or(&[], |summary| &summary.budgets)
    }
}
