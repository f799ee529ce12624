//! One slice of one integration's run: copies changes of the CRM, matched and sealed, and takes out records that are gone.
//!
//! A slice takes the lease, opens the keys and the grant, and takes each object through its stages
//! ([`Stage`](crate::progress::Stage)). Each page is fetched while the page before is stored ([`changes`]), and it is stored before
//! the cursor moves past it ([`page`]). At the end the copy is compared with the CRM's own count ([`verify`]), and a sweep over the
//! ids repairs a difference ([`sweep`]). The relations are compared with the records themselves ([`relations`]). When little time is
//! left, the slice gives the lease back and orders the next slice.

mod allotted;
mod associations;
mod changes;
mod children;
mod conclude;
mod context;
mod decided;
mod deletions;
mod departed;
mod ending;
mod fetched;
mod fields;
mod flow;
mod holding;
mod keep_away;
mod merged;
mod object;
mod outdated;
mod page;
mod relations;
mod rematch;
mod run;
mod settle;
mod share;
mod standstill;
mod state;
mod sweep;
mod unchosen;
mod verdict;
mod verify;
mod walk;
mod withhold;

use jiff::SignedDuration;

pub use self::{context::LEVEL, run::sync};

use crate::{
    allowance::Allowance,
    fault::Code,
    order::{Order, SyncDue},
    ports::{Ports, SyncStore},
    progress::{RunReport, Share},
    record::Object,
    slice,
    standstill::Standstill,
};

/// The input of a slice.
pub type Slice<'a> = slice::Slice<'a, &'a Ports<dyn SyncStore>, SyncDue, SyncLimits>;

/// The operator's limits.
#[derive(Clone, Debug)]
pub struct SyncLimits {
    /// What one tenant may use. Here: how many of its runs have a slice at the same time. `None` if slices are not counted.
    pub allowance: Option<Allowance>,
    /// What runs may use of the CRM's daily budget. An administrator may set another share for an integration.
    pub crm_share: Share,
    /// The time before the deadline that is reserved for finishing a page and handing over.
    pub reserve: SignedDuration,
    /// The share of an object's records, in percent, that may vanish in one run. Above it the run holds deletions back.
    pub max_vanishing_percent: u64,
    /// Up to this many records may always vanish, however large their share is.
    pub always_may_vanish: u64,
    /// The most records of an object whose ids are compared in each run: one request lists them.
    pub compare_ids_up_to: u64,
    /// The longest time between two comparisons of a larger object's ids. In between, counts are compared.
    pub compare_ids_every: SignedDuration,
    /// The time without any progress after which a run is given up. The next run begins where it stopped. The pages for operators
    /// name it (`infra/docs/operate.md`, `runbook.md`); a test compares.
    pub patience: SignedDuration,
    /// The number of slices in a row without any progress after which a run is given up.
    pub most_idle_slices: u32,
}

impl Default for SyncLimits {
    fn default() -> Self {
        Self {
            allowance: None,
            crm_share: Share {
                percent: 25,
                reserve_percent: 20,
            },
            reserve: SignedDuration::from_secs(30),
            max_vanishing_percent: 30,
            always_may_vanish: 100,
            patience: SignedDuration::from_hours(20),
            // More than the attempts after a transient failure in that time, which are five an hour.
            most_idle_slices: 200,
            compare_ids_up_to: 2_000,
            // A week, less half a day, because runs do not begin to the minute.
            compare_ids_every: SignedDuration::from_hours(7 * 24 - 12),
        }
    }
}

/// An event that the operator must know at once. `functions/alarm.rs` has the names of the alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The CRM refuses the operator's app.
    AppRefused,
    /// A run, or one of its objects, was given up after no progress for [`SyncLimits::patience`].
    GivenUp,
}

/// An object that a slice gave up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// The object.
    pub object: Object,
    /// The code of its last fault, or that it made no progress.
    pub code: Code,
}

/// The end of a slice.
#[derive(Debug)]
pub enum Ended {
    /// The run is finished, and its report is stored.
    Finished {
        /// The report.
        report: RunReport,
        /// The events of this run, and untold ones of earlier runs. After the bus has them, they are noted with
        /// [`Outbox::note_told`](crate::ports::Outbox::note_told).
        orders: Vec<Order>,
        /// The event that the operator must know at once, if there is one.
        alarm: Option<Alarm>,
        /// The objects that this slice gave up.
        given_up: Vec<GivenUp>,
    },
    /// The time was up, and the next slice is ordered.
    HandedOver {
        /// The orders for the bus.
        orders: Vec<Order>,
        /// The run's standstill, if several slices in a row made no progress.
        standstill: Option<Standstill>,
        /// The event that the operator must know at once, if there is one.
        alarm: Option<Alarm>,
        /// The objects that this slice gave up.
        given_up: Vec<GivenUp>,
    },
    /// The CRM asked for quiet, because its quota is used up, or the runs have used their share of it. The run stays open. The same order resumes it later, or dispatch
    /// does.
    Paused {
        /// The fault's code, or that of the [`Exhausted`](crate::progress::Exhausted) share.
        code: String,
        /// How long the run waits.
        wait: std::time::Duration,
    },
    /// As many slices of the tenant are at work as may be. The run stays open. The same order resumes it later, or dispatch does.
    Crowded {
        /// How long the first of them works at most.
        wait: std::time::Duration,
    },
    /// Another slice holds the lease.
    Busy,
    /// There is nothing to do, because the run has ended or the integration is not connected in this generation.
    Stale,
}
