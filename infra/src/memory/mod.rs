//! The ports in memory, with the semantics of the AWS adapters: the same contract suite runs on both.
//!
//! For tests of the rules. Clones share their state, so that a test keeps one to look inside while a rule works with
//! another: [`MemoryStore::snapshot`] compares what two histories came to, [`MemoryStore::raw`] shows every stored byte.

mod companies;
mod keys;
mod store;

pub use self::{
    companies::MemoryCompanies,
    keys::MemoryKeys,
    store::{MemoryStore, Snapshot},
};
