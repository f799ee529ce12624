//! One slice of one integration's run: copies what changed in the CRM, matched and sealed, and takes out what is gone.
//!
//! The walk: take the lease; open the keys and the grant; then per object [`Stage`](crate::progress::Stage) by stage.
//! Pages are fetched ahead while the one before is stored ([`changes`]); each is stored before the cursor moves past it
//! ([`page`]). At the end the copy is held against the CRM's own count ([`verify`]), and a difference is mended by an id
//! sweep ([`sweep`]), and the relations beside the records against the records themselves ([`relations`]). Little time left: give back the lease and order the next slice.

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
    order::{Order, SyncDue},
    ports::{Ports, SyncStore},
    progress::RunReport,
    slice,
    standstill::Standstill,
};

/// What a slice is given.
pub type Slice<'a> = slice::Slice<'a, &'a Ports<dyn SyncStore>, SyncDue, SyncLimits>;

/// What the operator set.
#[derive(Clone, Debug)]
pub struct SyncLimits {
    /// Time kept back before the deadline to finish a page and hand over.
    pub reserve: SignedDuration,
    /// Of an object's records, the share in percent that may vanish in one run; beyond it the run holds and asks.
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
            reserve: SignedDuration::from_secs(30),
            max_vanishing_percent: 30,
            always_may_vanish: 100,
            patience: SignedDuration::from_hours(20),
            // More than the tries of a transient failure in that time: five an hour.
            most_idle_slices: 200,
            compare_ids_up_to: 2_000,
            // A week, less half a day: runs do not begin at the minute.
            compare_ids_every: SignedDuration::from_hours(7 * 24 - 12),
        }
    }
}

/// What the operator has to be told of at once. `functions/alarm.rs` has the names of the alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The CRM refuses the operator's app.
    AppRefused,
    /// A run, or one of its objects, was given up: nothing of it moved for [`SyncLimits::patience`].
    GivenUp,
}

/// How a slice ended.
#[derive(Debug)]
pub enum Ended {
    /// The run is finished: its report is stored.
    Finished {
        /// The report.
        report: RunReport,
        /// What to put on the bus, and then to note ([`Outbox::note_told`](crate::ports::Outbox::note_told)): of this
        /// run, and what earlier ones left untold.
        orders: Vec<Order>,
        /// What the operator has to be told of at once; none: nothing.
        alarm: Option<Alarm>,
    },
    /// The time was up: the next slice is ordered.
    HandedOver {
        /// What to put on the bus.
        orders: Vec<Order>,
        /// Where the run stands, when slice after slice leaves nothing.
        standstill: Option<Standstill>,
        /// What the operator has to be told of at once; none: nothing.
        alarm: Option<Alarm>,
    },
    /// The CRM asked for quiet (its quota is used up): the run stays open, and is to be resumed by the same order later,
    /// or else by dispatch.
    Paused {
        /// The fault's code.
        code: String,
        /// How long it asked for.
        wait: std::time::Duration,
    },
    /// Another slice is at work.
    Busy,
    /// There is nothing to do: the run ended before, or the integration is not connected in this generation.
    Stale,
}
