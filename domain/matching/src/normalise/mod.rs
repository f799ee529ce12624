//! Canonical values: what different people write for the same thing comes out alike.
//!
//! Each function is idempotent, so that a canonical value may be given to it again.

mod address;
mod email;
mod fold;
mod forms;
mod host;
mod identifiers;
mod letters;
mod lexicon;
mod name;
mod phone;
mod phonetic;
mod shared_hosts;

pub use address::{city, country, street, zip};
pub use email::{email, email_key, email_spellings};
pub(crate) use fold::fold_letters;
pub use fold::words;
pub use forms::Forms;
pub use host::domain;
pub(crate) use identifiers::{followed, register_check_digits};
pub use identifiers::{lei, lei_check_digits, register, split_register, vat, vat_check_digits};
pub(crate) use lexicon::Word;
pub use name::{forms, name};
pub(crate) use phone::national;
pub use phone::phone;
pub(crate) use phonetic::{each_sound, push_sound};

#[cfg(test)]
mod tests;
