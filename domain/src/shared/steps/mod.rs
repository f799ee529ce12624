//! The steps of a page: the processing of its items between the CRM's response and the request to the store. They call no port, so
//! that they can be benchmarked alone. Sync combines them with the calls to the ports in between. Create uses the last two for the
//! records that it made.
//!
//! [`sort()`] groups the items, [`compare()`] compares them with the copy, [`Question`] and its answer give each changed record its
//! relations, and [`seal()`] seals it.

mod compare;
mod relate;
mod seal;
mod sort;

pub use self::{
    compare::{Changed, Compared, Digests, compare},
    relate::{Matched, Question, Says, lookup_keys},
    seal::{Sealing, seal, seal_again},
    sort::{Sorted, sort},
};
