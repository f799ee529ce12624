//! Gives the controller its copy back (Art. 28(3)(g)): one file of everything, by a URL of short life.
//!
//! [`ask()`] notes what is wanted; [`export()`] does one slice of the writing: read a page of the copy, open it, write its
//! lines ([`lines`]), and store each part of the file with the place that the next one begins at. A slice may be ended at any
//! request: what it wrote since the last stored part is written again, over the same part. [`look()`] is for whoever waits.
//!
//! The file is no snapshot: it is as fresh as the copy was when each part was written, and a record that was there all the
//! time is in it once. People who objected are in it, and flagged: an objection is no reason to keep the controller's own data
//! from the controller. People who were erased are not: their records are on their way out of the copy.

mod ask;
mod lines;
mod run;

use jiff::SignedDuration;

pub use self::{
    ask::{ask, look},
    lines::FORMAT,
    run::export,
};
use crate::{
    exports::Export,
    order::{ExportDue, Order},
    ports::{ExportStore, Keys},
    slice,
};

/// What a slice touches of the world.
#[derive(Clone, Copy)]
pub struct Ports<'a> {
    /// Ledger, Copies, Pages.
    pub store: &'a dyn ExportStore,
    /// Keys and KMS.
    pub keys: &'a dyn Keys,
}

impl<'a> From<&'a crate::ports::Ports> for Ports<'a> {
    fn from(all: &'a crate::ports::Ports) -> Self {
        Self {
            store: &*all.store,
            keys: &*all.keys,
        }
    }
}

/// What a slice is given.
pub type Slice<'a> = slice::Slice<'a, Ports<'a>, ExportDue, ExportLimits>;

/// What the operator set.
#[derive(Clone, Debug)]
pub struct ExportLimits {
    /// Time kept back before the deadline to store a part and hand over.
    pub reserve: SignedDuration,
    /// Records in a page of the copy.
    pub page: usize,
    /// A part of the file is stored when it has come to so many bytes, compressed. S3 takes none below 5 MiB but the last,
    /// and 10,000 of them.
    pub part: usize,
    /// Slices in a row that may come to no part.
    pub idle: u32,
}

impl Default for ExportLimits {
    fn default() -> Self {
        Self {
            reserve: SignedDuration::from_secs(30),
            page: 200,
            part: 8 << 20,
            idle: 5,
        }
    }
}

/// How a slice ended.
#[derive(Debug)]
pub enum Ended {
    /// The file is whole, or the export was given up.
    Finished(Box<Export>),
    /// The time was up: the next slice is ordered.
    HandedOver {
        /// What to put on the bus.
        orders: Vec<Order>,
    },
    /// Another slice is at work.
    Busy,
    /// There is nothing to do: it is over, or the integration may not be shown any more.
    Stale,
}
