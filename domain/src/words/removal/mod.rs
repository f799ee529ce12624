//! A removal: how far it has come, what it deleted, and the receipt that it ends with.
//!
//! * [`Removal`]: the state of one, as the Ledger keeps it between slices.
//! * [`Part`], [`What`]: everything that a generation has; whatever is not named here cannot be swept, so it may not be
//!   written either.
//! * [`receipt`]: the document that is signed; [`canonical`]: how it is written.

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
