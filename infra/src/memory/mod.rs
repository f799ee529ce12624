//! The ports in memory. They behave like the AWS adapters, and the same contract suite runs on both.
//!
//! They serve the tests of the rules. Clones share their state, so a test can keep one to look inside while a rule
//! works with another. [`MemoryStore::snapshot`] compares the results of two histories, and [`MemoryStore::raw`] shows
//! every stored byte. [`MemoryCrm`] is a CRM that a test controls, and [`Faults`] breaks any call of any port.

mod companies;
mod crm;
mod faulty;
mod keys;
mod store;

pub use self::{
    companies::{MemoryCompanies, Work},
    crm::{MemoryCrm, Pages},
    faulty::{Faults, Gate, Mode},
    keys::MemoryKeys,
    store::{MemoryStore, Snapshot},
};
