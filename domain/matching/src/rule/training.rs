//! What training and measuring need of the rule. Nothing of it is used in production.

use super::context::{self, CONTEXT, Candidate};
use super::decide::{n_close, score};
use super::features::NAMES;
use super::model::Model;
use crate::{company::CompanyId, profile::Profile};

pub use super::model::use_weights;

/// The features of one candidate.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The candidate.
    pub company: CompanyId,
    /// Its features, in the order of [`feature_names`].
    pub values: Vec<u8>,
}

/// The names of the features, in the order of [`Sample::values`].
pub fn feature_names() -> Vec<&'static str> {
    NAMES.into_iter().chain(CONTEXT).collect()
}

/// The candidates of a record that the trees would weigh.
pub fn samples(record: &Profile, candidates: &[Candidate<'_>]) -> Vec<Sample> {
    let scored = score(Model::in_use(), record, candidates);
    (0..n_close(&scored))
        .map(|at| Sample {
            company: scored[at].candidate.company.clone(),
            values: context::of(record, &scored, at).to_vec(),
        })
        .collect()
}
