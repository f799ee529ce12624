//! Canonical values: different spellings of the same thing come out alike.
//!
//! Every function is idempotent: a canonical value may be passed in again.
//!
//! # Stored values become stale when a function changes
//!
//! Canonical values are stored, mostly as keyed hashes. A changed function, a changed list, or a new
//! version of the public suffix list (`psl`) or of the transliteration table (`any_ascii`) affects
//! only what is written afterwards. Before changing a canonical form, look up here who stores it:
//!
//! | what | canonical values in it | when it is written again |
//! | --- | --- | --- |
//! | company index: match keys and postings | all values of [`crate::Profile`] | when the next company file is imported |
//! | relations of a copied record | all values of [`crate::Profile`] | when the record changes; all records are matched again after each company file |
//! | lookup hashes of a copied record | [`email_key`], [`domain`] | when the record is written again |
//! | suppressions (objections and erasures) and assessments of a person | [`email()`], [`phone()`], [`name()`], [`words`] | never: they are kept for years |
//!
//! The last row is why [`email()`], [`phone()`], [`name()`] and [`words`] must keep their results:
//! with another hash, an objection no longer protects its person. If a result has to change, the
//! code that looks up suppressions has to try the earlier form as well, as [`email_spellings`] does
//! for e-mail. `stored.rs` has a test that fails if a result changes.

mod address;
mod countries;
mod email;
mod fold;
mod forms;
mod host;
mod identifiers;
mod legible;
mod letters;
mod lexicon;
mod name;
mod phone;
mod phonetic;
mod remarks;
mod share;
mod shared_hosts;
mod short_forms;

pub use address::{city, street, zip};
pub use countries::country;
pub(crate) use countries::{country_name, is_country_word};
pub use email::{email, email_key, email_spellings};
pub(crate) use fold::fold_letters;
pub use fold::words;
pub use forms::Forms;
pub use host::domain;
pub(crate) use host::{host_label, own_shared_domain, without_umlauts};
pub(crate) use identifiers::{is_succeeded_by, register_check_digits};
pub use identifiers::{lei, lei_check_digits, register, split_register, vat, vat_check_digits};
pub use legible::legible;
pub(crate) use lexicon::{Word, is_small};
pub use name::{forms, name};
pub(crate) use phone::national;
pub use phone::phone;
pub(crate) use phonetic::{each_sound, push_sound};
pub(crate) use remarks::named;
pub(crate) use share::without_share;
pub(crate) use short_forms::spell_out;

#[cfg(test)]
mod stored;
#[cfg(test)]
mod tests;
