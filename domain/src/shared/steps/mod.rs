//! The steps of a page: what is done with its items between the CRM's answer and the store's request, without asking
//! anybody, so that it can be measured by itself. Sync strings them together with the ports in between; create takes the
//! last two for what it made.
//!
//! [`sort()`] by what has to be done, then [`compare()`] with what the copy has, then [`Question`] and its answer give each changed
//! record its relations, then [`seal()`].

mod compare;
mod relate;
mod seal;
mod sort;

pub use self::{
    compare::{Changed, Compared, compare},
    relate::{Matched, Question, Says, has_relations},
    seal::{Sealing, seal, seal_again},
    sort::{Sorted, sort},
};
