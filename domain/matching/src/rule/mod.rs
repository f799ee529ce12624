//! Which company is a record? A pure rule over canonical values, kept apart so that another can take its place.
//!
//! A [`Subject`] borrows what a CRM record says of its company and gives the match keys to look up. [`Matching::decide`] weighs the
//! candidates found under them and returns [`Relation`]s with their evidence. What is not here: the lookup, and what users decided
//! (a relation they approved or blocked is never touched by this rule; its callers see to that).

mod clear;
mod context;
mod decide;
mod explain;
mod features;
mod model;
mod personal;
mod relation;
mod subject;

pub use decide::{Candidate, Matching, Sample, Thresholds, feature_names};
pub use model::use_weights;
pub use relation::{Agreement, Evidence, MatchField, Relation, RelationStatus};
pub use subject::Subject;

#[cfg(test)]
mod tests;
