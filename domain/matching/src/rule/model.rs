//! Trained weights, and how they are applied.
//!
//! A model has two parts. The first gives each comparison a weight of its own, as Fellegi and Sunter did (JASA 64, 1969): it ranks the
//! candidates, and explains. The second, a set of small decision trees, weighs the best of them again: it knows which comparisons stand for
//! each other, and what the other candidates say. Its sum is the logarithm of the odds.

use std::sync::OnceLock;

use super::context::{CONTEXT, Whole};
use super::features::{N_FEATURES, NAMES, Vector};

/// The weights in use. Made by `domain/model/train.py`; an older file stays readable as long as no feature changed its meaning.
const WEIGHTS: &str = include_str!("model/weights.txt");

static IN_USE: OnceLock<Model> = OnceLock::new();

/// Takes the weights of `text` instead of those that were built in, for the whole program: for training, which measures weights that are not
/// in use yet. Whether they were taken: not if the text is no such file, or if something was matched before.
pub fn use_weights(text: &str) -> bool {
    Model::parse(text).is_some_and(|model| IN_USE.set(model).is_ok())
}

/// Trained weights.
#[derive(Debug)]
pub(super) struct Model {
    /// Bits of each value of each comparison, row after row. A row ends where the value no longer matters: so all of them stay in the processor's
    /// nearest cache.
    weights: Vec<f32>,
    /// Where each comparison's row begins, and its last value.
    rows: [(u16, u8); N_FEATURES],
    /// Bits before anything is compared.
    prior: f32,
    /// All trees.
    nodes: Vec<Node>,
    /// Trees that are walked together, and their steps to the deepest leaf.
    groups: Vec<([u16; LANES], usize)>,
    /// Bits before any tree.
    base: f32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// What a leaf adds, in bits.
    value: f32,
    /// Where it goes on if the comparison is not above the threshold, and if it is. A leaf stays where it is.
    next: [u16; 2],
    feature: u8,
    threshold: u8,
}

/// Trees that are walked side by side: their loads do not wait for each other, and no branch has to be guessed.
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

    /// Reads a file of weights; `None` if it is not one, or one for other features.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut model = Self::empty();
        let mut trees: Vec<(usize, u16)> = Vec::new();
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                None | Some("#") => {}
                Some("prior") => model.prior = thousandths(words.next()?)?,
                Some("base") => model.base = thousandths(words.next()?)?,
                Some("weight") => {
                    let name = words.next()?;
                    let feature = NAMES.iter().position(|known| *known == name)?;
                    model.read_row(feature, words)?;
                }
                Some("tree") => {
                    let root = u16::try_from(model.nodes.len()).ok()?;
                    trees.push((model.read_node(&mut words)?, root));
                    words.next().is_none().then_some(())?;
                }
                Some(_) => return None,
            }
        }
        model.group(trees)?;
        Some(model)
    }

    /// Reads the weights of a comparison: `value:bits`, which hold from their value on.
    fn read_row<'a>(&mut self, feature: usize, words: impl Iterator<Item = &'a str>) -> Option<()> {
        let mut row = [0.0; 256];
        let mut last = 0;
        for word in words {
            let (from, bits) = word.split_once(':')?;
            let from = from.parse::<u8>().ok()?;
            row[usize::from(from)..].fill(thousandths(bits)?);
            last = last.max(from);
        }
        self.rows[feature] = (u16::try_from(self.weights.len()).ok()?, last);
        self.weights.extend(&row[..=usize::from(last)]);
        Some(())
    }

    /// Reads a node and what is under it: `bits`, or `feature>threshold` and two nodes, first the one for what is not above. Answers how many
    /// steps the deepest leaf is away.
    fn read_node<'a>(&mut self, words: &mut impl Iterator<Item = &'a str>) -> Option<usize> {
        let word = words.next()?;
        let here = self.nodes.len();
        let at = u16::try_from(here).ok()?;
        let Some((name, threshold)) = word.split_once('>') else {
            self.nodes.push(Node {
                value: thousandths(word)?,
                next: [at, at],
                feature: 0,
                threshold: 0,
            });
            return Some(0);
        };
        let threshold = threshold.parse().ok()?;
        let feature = NAMES
            .iter()
            .chain(&CONTEXT)
            .position(|known| *known == name)?;
        self.nodes.push(Node {
            value: 0.0,
            next: [at, at],
            feature: u8::try_from(feature).ok()?,
            threshold,
        });
        let below = self.read_node(words)?;
        let next = [at + 1, u16::try_from(self.nodes.len()).ok()?];
        let above = self.read_node(words)?;
        self.nodes[here].next = next;
        Some(1 + below.max(above))
    }

    /// Puts trees of about the same depth together; the last group is filled up with a leaf that adds nothing.
    fn group(&mut self, mut trees: Vec<(usize, u16)>) -> Option<()> {
        trees.sort_unstable();
        let nothing = u16::try_from(self.nodes.len()).ok()?;
        self.nodes.push(Node {
            value: 0.0,
            next: [nothing, nothing],
            feature: 0,
            threshold: 0,
        });
        for some in trees.chunks(LANES) {
            let mut roots = [nothing; LANES];
            for (root, (_, tree)) in roots.iter_mut().zip(some) {
                *root = *tree;
            }
            let deepest = some.iter().map(|(depth, _)| *depth).max().unwrap_or(0);
            self.groups.push((roots, deepest));
        }
        Some(())
    }

    /// The sum of the weights of single comparisons, in bits.
    pub(super) fn sum(&self, vector: &Vector) -> f32 {
        let bits = |(at, value): (usize, &u8)| self.weight(at, *value);
        vector.iter().enumerate().map(bits).sum::<f32>() + self.prior
    }

    /// The logarithm (base 2) of the odds that a candidate is the one.
    pub(super) fn odds(&self, whole: &Whole) -> f32 {
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

    /// The weight of one comparison's value in the sum, in bits.
    pub(super) fn weight(&self, feature: usize, value: u8) -> f32 {
        let (begin, last) = self.rows[feature];
        self.weights[usize::from(begin) + usize::from(value.min(last))]
    }
}

fn thousandths(text: &str) -> Option<f32> {
    Some(text.parse::<i32>().ok()? as f32 / 1_000.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test")]

    use super::*;
    use crate::rule::context::N_CONTEXT;

    #[test]
    fn the_weights_in_use_are_read_to_their_end() {
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
    fn a_tree_goes_up_above_its_threshold_and_trees_add_up() {
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
    fn a_weight_holds_from_its_value_on() {
        let model = Model::parse("prior -1000\nweight Whole 0:-500 150:2000").unwrap();
        let mut vector = [0; N_FEATURES];
        assert_eq!(model.sum(&vector), -1.5);
        vector[0] = 150;
        assert_eq!(model.sum(&vector), 1.0);
    }
}
