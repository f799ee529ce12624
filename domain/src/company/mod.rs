//! A company of the vendor's database: reading the vendor's file, canonical values, match keys, the inverted index.
//!
//! What is not here: the decision which company a record is (`matching`), and where companies are kept (`ports`).
//!
//! The way of a file: [`reader`] checks each row, [`index`] turns companies into `key -> postings`.
//! The way of a record: its [`Profile`] gives the [`MatchKey`]s to look up; `matching` compares profiles.

mod column;
mod entry;
mod id;
pub mod index;
mod key;
mod keys;
pub mod normalise;
mod profile;
pub mod reader;

pub use column::Column;
pub use entry::Company;
pub use id::{CompanyId, CompanyIdError, MAX_COMPANY_ID};
pub use key::{KeyKind, MAX_MATCH_KEY, MatchKey};
pub use keys::MAX_LOOKUPS;
pub use profile::{MAX_POSTINGS, Posting, Postings, Profile, Shared};
pub(crate) use profile::{Texts, name_of_domain};
