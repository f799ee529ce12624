//! Data subjects: all data held about a person (Art. 15), and the person's erasure from the copy (Art. 17).
//!
//! There is no index of everything that concerns a person: names occur in texts, and numbers in notes. So the copy is searched
//! completely. Each call reads a bounded part, and the caller continues with the returned cursor until there is none. An e-mail
//! address, a number, or all words of a name in one field are a match.

mod cursor;
mod erase;
mod find;
mod mention;
mod walk;

pub use self::{
    erase::{Erased, RecordPlace, erase, lift},
    find::{Part, check, find},
};
