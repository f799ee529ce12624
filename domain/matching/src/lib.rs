//! Which company of the vendor's database is a CRM record?

mod company;
pub mod index;
pub mod normalise;
mod profile;
pub mod reader;
mod rule;

pub use company::{Column, Company, CompanyId, CompanyIdError, MAX_COMPANY_ID};
pub use index::{
    KeyKind, MAX_LOOKUPS, MAX_MATCH_KEY, MAX_POSTINGS, MatchKey, Posting, Postings, Shared,
};
pub use profile::Profile;
pub use rule::{
    Agreement, Candidate, Evidence, MatchField, Matching, Relation, RelationStatus, Sample,
    Subject, Thresholds, feature_names, use_weights,
};
