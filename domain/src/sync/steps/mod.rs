//! What is done with a page's items between the CRM's answer and the store's request, without asking anybody: pure, so that it
//! can be measured by itself. `page` strings the steps together with the ports in between.
//!
//! [`sort()`] by what has to be done, then [`compare()`] with what the copy has, then [`Question`] and its answer give each changed
//! record its relations, then [`seal()`].

mod compare;
mod relate;
mod seal;
mod sort;

pub(super) use self::seal::unsealable;
pub use self::{
    compare::{Changed, Compared, compare},
    relate::{Matched, Question, has_relations},
    seal::{Sealing, seal, seal_again},
    sort::{Sorted, sort},
};
