//! The decision: which company a record is.
//!
//! The rule is a pure function of canonical values, so that another rule can replace it.
//! [`Attributes`] borrows what a CRM record says about its company and yields the match keys to
//! look up. [`decide()`] weighs the candidates found under them and returns [`Relation`]s with their
//! evidence.
//!
//! The lookup itself is not here, and neither are the decisions of users: callers make sure that
//! the rule does not change a relation that a user approved or blocked.

mod attributes;
mod clear;
mod context;
mod cutoffs;
mod decide;
mod doubt;
mod explain;
mod features;
mod generic;
mod given_names;
mod model;
mod named;
mod personal;
mod relation;
pub mod training;

pub use attributes::Attributes;
pub use context::Candidate;
pub use decide::decide;
pub use relation::{Agreement, Evidence, MatchField, NamePart, Relation, RelationStatus};

#[cfg(test)]
mod tests;
