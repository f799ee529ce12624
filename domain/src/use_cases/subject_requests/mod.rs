//! Data subjects: everything held about a person (Art. 15), and the person's erasure from the copy (Art. 17).
//!
//! Nothing is kept by which all that concerns a person could be looked up: names stand in texts, and numbers in notes. So the
//! copy is read through, a bounded part with each call, and the caller comes back with the cursor that the answer ends with;
//! the whole is done when there is none. An e-mail address, a number, or all words of a name in one field are a match.

mod erase;
mod find;
mod mention;

pub use self::{
    erase::{Erased, erase, lift},
    find::{Part, RecordPlace, find},
};
