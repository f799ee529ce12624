//! The trained model and its evaluation.
//!
//! The model has two stages. In the first, every feature has a weight of its own (Fellegi and
//! Sunter, JASA 64, 1969). The sum of the weights ranks the candidates and explains a result. In
//! the second, a set of small decision trees weighs the best candidates again. The trees know which
//! features depend on each other, and what the other candidates say. Their sum is the logarithm of
//! the odds.

mod parse;

use std::sync::OnceLock;

use super::context::FullVector;
use super::features::{N_FEATURES, Vector};

/// The built-in weights, written by `domain/matching/model/train.py`. An older file remains
/// readable as long as no feature changes its meaning.
const WEIGHTS: &str = include_str!("weights.txt");

static IN_USE: OnceLock<Model> = OnceLock::new();

/// Replaces the built-in weights for the whole program. Training uses this to measure new weights.
/// Returns `false` if `text` is not a file of weights, or if the model has been used before.
pub fn use_weights(text: &str) -> bool {
    Model::parse(text).is_some_and(|model| IN_USE.set(model).is_ok())
}

/// Trained weights.
#[derive(Debug)]
pub(super) struct Model {
    /// The weight in bits of each value of each feature, row after row. A row ends at the last
    /// value where the weight changes, so that all rows fit into the processor's first-level cache.
    weights: Vec<f32>,
    /// The start of each feature's row, and its last value.
    rows: [(u16, u8); N_FEATURES],
    /// The bits before any feature is taken into account.
    prior: f32,
    /// The nodes of all trees.
    nodes: Vec<Node>,
    /// The roots of trees that are evaluated together, and the depth of the deepest of them.
    groups: Vec<([u16; LANES], usize)>,
    /// The bits before any tree is taken into account.
    base: f32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// What a leaf adds, in bits.
    value: f32,
    /// The next node if the feature is at most the threshold, and if it is above. A leaf leads to
    /// itself.
    next: [u16; 2],
    feature: u8,
    threshold: u8,
}

/// The number of trees evaluated side by side. Their loads do not depend on each other, and no
/// branch has to be predicted.
const LANES: usize = 8;

impl Model {
    /// The weights in use.
    pub(super) fn in_use() -> &'static Self {
        IN_USE.get_or_init(|| Self::parse(WEIGHTS).unwrap_or_else(Self::empty))
    }

    fn empty() -> Self {
        Self {
            weights: vec![0.0],
            rows: [(0, 0); N_FEATURES],
            prior: 0.0,
            nodes: Vec::new(),
            groups: Vec::new(),
            base: 0.0,
        }
    }

    /// The prior and the sum of the weights of all features, in bits.
    pub(super) fn sum(&self, vector: &Vector) -> f32 {
        let bits = |(at, value): (usize, &u8)| self.weight(at, *value);
        vector.iter().enumerate().map(bits).sum::<f32>() + self.prior
    }

    /// The logarithm (base 2) of the odds that the candidate is the record's company.
    pub(super) fn odds(&self, whole: &FullVector) -> f32 {
        let mut sum = self.base;
        for (roots, depth) in &self.groups {
            let mut at = *roots;
            for _ in 0..*depth {
                for at in &mut at {
                    let node = &self.nodes[usize::from(*at)];
                    let above = whole[usize::from(node.feature)] > node.threshold;
                    *at = node.next[usize::from(above)];
                }
            }
            sum += at
                .iter()
                .map(|at| self.nodes[usize::from(*at)].value)
                .sum::<f32>();
        }
        sum
    }

    /// The weight of a feature's value, in bits.
    pub(super) fn weight(&self, feature: usize, value: u8) -> f32 {
        let (begin, last) = self.rows[feature];
        self.weights[usize::from(begin) + usize::from(value.min(last))]
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test")]

    use super::*;
    use crate::rule::context::N_CONTEXT;

    #[test]
    fn the_built_in_weights_are_read_to_the_end() {
        let model = Model::parse(WEIGHTS).unwrap();
        assert!(model.groups.len() >= 8, "{}", model.groups.len());
        assert!(model.rows.iter().filter(|(begin, _)| *begin > 0).count() > 10);
    }

    #[test]
    fn a_file_for_other_features_or_with_half_a_tree_is_refused() {
        for broken in [
            "weight Colour 0:1",
            "weight Whole 300:1",
            "tree Whole>10 5",
            "tree Colour>10 5 6",
            "tree 5 6",
            "forest",
        ] {
            assert!(Model::parse(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn trees_branch_above_their_threshold_and_add_up() {
        let model =
            Model::parse("base 500\ntree Whole>10 1000 MyShare>3 2000 3000\ntree 250").unwrap();
        let mut whole = [0; N_FEATURES + N_CONTEXT];
        assert_eq!(model.odds(&whole), 0.5 + 1.0 + 0.25);
        whole[0] = 11;
        assert_eq!(model.odds(&whole), 0.5 + 2.0 + 0.25);
        whole[1] = 4;
        assert_eq!(model.odds(&whole), 0.5 + 3.0 + 0.25);
    }

    #[test]
    fn a_weight_is_valid_from_its_value_on() {
        let model = Model::parse("prior -1000\nweight Whole 0:-500 150:2000").unwrap();
        let mut vector = [0; N_FEATURES];
        assert_eq!(model.sum(&vector), -1.5);
        vector[0] = 150;
        assert_eq!(model.sum(&vector), 1.0);
    }
}
