//! The ports in memory, with the semantics of the AWS adapters: the same contract suite runs on both.
//!
//! For tests of the rules. Clones share their state, so that a test keeps one to look inside while a rule works with
//! another: [`MemoryStore::snapshot`] compares what two histories came to, [`MemoryStore::raw`] shows every stored byte.
//! [`MemoryCrm`] is a CRM that does what it is told, and [`Faults`] breaks any call of any port.

mod companies;
mod crm;
mod faulty;
mod keys;
mod store;

pub use self::{
    companies::MemoryCompanies,
    crm::{MemoryCrm, Pages},
    faulty::{Faults, Gate, Mode},
    keys::MemoryKeys,
    store::{MemoryStore, Snapshot},
};
