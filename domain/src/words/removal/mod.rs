//! Removals: their progress, their deletions, and the receipt at the end.
//!
//! * [`Removal`]: the state of a removal, as the Ledger keeps it between slices.
//! * [`Part`], [`What`]: everything that a generation has. Anything that is missing here could not be swept, so it must not be
//!   written either.
//! * [`receipt`]: the signed document. [`canonical`]: its encoding.

mod asker;
pub mod canonical;
mod marks;
pub mod receipt;
mod revoked;
mod signed;
mod stage;
mod state;
mod what;

pub use self::{
    asker::Asker,
    marks::Marks,
    revoked::Revoked,
    signed::{ReceiptHead, SignedReceipt},
    stage::Stage,
    state::{Asked, Removal, Revocation},
    what::{Leftover, Part, What},
};
