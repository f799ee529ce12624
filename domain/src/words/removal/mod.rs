//! Removals: their progress, their deletions, and the receipt at the end.
//!
//! * [`Removal`]: the state of a removal, as the Ledger keeps it between slices.
//! * [`Part`], [`What`]: everything that a generation has. Anything that is missing here could not be swept, so it must not be
//!   written either.
//! * [`receipt`]: the signed document. [`canonical`]: its encoding.

mod asker;
pub mod canonical;
pub mod receipt;
mod revoked;
mod state;
mod what;

pub use self::{
    asker::Asker,
    receipt::{ReceiptHead, SignedReceipt},
    revoked::Revoked,
    state::{Asked, Marks, Removal, Revocation, Stage},
    what::{Leftover, Part, What},
};
