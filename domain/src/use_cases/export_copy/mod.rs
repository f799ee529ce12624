//! Exports a controller's copy (Art. 28(3)(g)): one file with everything, at a URL that is valid for a short time.
//!
//! [`ask()`] requests an export. [`export()`] does one slice of the writing: it reads a page of the copy, opens it, writes its
//! lines ([`lines`]), and stores each part of the file together with the position at which the next part begins. A slice may be
//! ended at any request. Whatever it wrote after the last stored part is written again, over the same part. [`look()`] reports the
//! progress.
//!
//! The file is not a snapshot. Each part is as fresh as the copy was when the part was written, and a record that existed all the
//! time is in the file exactly once. People who objected are included, with a flag: an objection is no reason to withhold the
//! controller's own data from the controller. People who were erased are not included, because their records are being deleted from
//! the copy.

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

/// The ports of a slice.
#[derive(Clone, Copy)]
pub struct Ports<'a> {
    /// Ledger, Copies, Pages.
    pub store: &'a dyn ExportStore,
    /// Keys and KMS.
    pub keys: &'a dyn Keys,
}

/// The arguments of a slice.
pub type Slice<'a> = slice::Slice<'a, Ports<'a>, ExportDue, ExportLimits>;

/// The operator's limits.
#[derive(Clone, Debug)]
pub struct ExportLimits {
    /// Time reserved before the deadline to store a part and hand over.
    pub reserve: SignedDuration,
    /// The number of records read at a time.
    pub page: usize,
    /// The compressed size in bytes at which a part is stored. S3 accepts parts below 5 MiB only at the end, and 10,000 parts at
    /// most.
    pub part: usize,
    /// How many consecutive slices may complete no part.
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

/// The end of a slice.
#[derive(Debug)]
pub enum Ended {
    /// The file is complete, or the export was given up.
    Finished(Box<Export>),
    /// The time was up. The next slice is ordered.
    HandedOver {
        /// The orders for the bus.
        orders: Vec<Order>,
    },
    /// Another slice is working on it.
    Busy,
    /// The export is over, or the integration may no longer be shown.
    Stale,
}
