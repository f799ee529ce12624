//! Trained weights, and how they are applied.
//!
//! A model has two parts. The first gives each comparison a weight of its own, as Fellegi and Sunter did (JASA 64, 1969), and ranks the
//! candidates. The second, a set of small decision trees, weighs the best of them again: it knows which comparisons stand for each other, and
//! what the other candidates say. Its sum is the logarithm of the odds. What a comparison contributes is what the expected sum changes by at each
//! step down a tree that asks for it, so a score is the sum of its explanation (Saabas, 2014).

use std::sync::OnceLock;

use super::context::{CONTEXT, N_CONTEXT, Whole};
use super::features::{N_FEATURES, NAMES, Vector};

/// The weights in use. Made by `domain/model/train.py`; an older file stays readable as long as no feature changed its meaning.
const WEIGHTS: &str = include_str!("model/weights.txt");

/// Trained weights.
#[derive(Debug)]
pub(super) struct Model {
    /// Bits of each value of each comparison.
    weights: Vec<[f32; 256]>,
    /// Bits before anything is compared.
    prior: f32,
    /// All trees, each node before its left one, and that before its right one.
    nodes: Vec<Node>,
    /// Where trees begin.
    roots: Vec<u32>,
    /// Bits before any tree.
    base: f32,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// What is expected here, in bits.
    value: f32,
    /// Where it goes on if the comparison is above the threshold; 0: a leaf.
    above: u16,
    feature: u8,
    threshold: u8,
}

/// How much each comparison contributed, in bits.
pub(super) type Contributions = [f32; N_FEATURES + N_CONTEXT];

impl Model {
    /// The weights in use.
    pub(super) fn in_use() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::parse(WEIGHTS).unwrap_or_else(Self::empty))
    }

    fn empty() -> Self {
        Self {
            weights: vec![[0.0; 256]; N_FEATURES],
            prior: 0.0,
            nodes: Vec::new(),
            roots: Vec::new(),
            base: 0.0,
        }
    }

    /// Reads a file of weights; `None` if it is not one, or one for other features.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut model = Self::empty();
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                None | Some("#") => {}
                Some("prior") => model.prior = thousandths(words.next()?)?,
                Some("base") => model.base = thousandths(words.next()?)?,
                Some("weight") => {
                    let name = words.next()?;
                    let feature = NAMES.iter().position(|known| *known == name)?;
                    for word in words {
                        let (from, bits) = word.split_once(':')?;
                        let (from, bits) = (from.parse::<u8>().ok()?, thousandths(bits)?);
                        model.weights[feature][usize::from(from)..].fill(bits);
                    }
                }
                Some("tree") => {
                    let root = model.nodes.len();
                    model.roots.push(u32::try_from(root).ok()?);
                    model.read_node(root, &mut words)?;
                    words.next().is_none().then_some(())?;
                }
                Some(_) => return None,
            }
        }
        Some(model)
    }

    /// Reads a node and what is under it: `bits`, or `bits,feature,threshold` and two nodes.
    fn read_node<'a>(
        &mut self,
        root: usize,
        words: &mut impl Iterator<Item = &'a str>,
    ) -> Option<()> {
        let mut parts = words.next()?.split(',');
        let value = thousandths(parts.next()?)?;
        let at = self.nodes.len();
        self.nodes.push(Node {
            value,
            above: 0,
            feature: 0,
            threshold: 0,
        });
        let Some(name) = parts.next() else {
            return Some(());
        };
        let threshold = parts.next()?.parse().ok()?;
        let feature = NAMES
            .iter()
            .chain(&CONTEXT)
            .position(|known| *known == name)?;
        self.read_node(root, words)?;
        let above = u16::try_from(self.nodes.len() - root).ok()?;
        self.nodes[at] = Node {
            value,
            above,
            feature: u8::try_from(feature).ok()?,
            threshold,
        };
        self.read_node(root, words)
    }

    /// The sum of the weights of single comparisons, in bits.
    pub(super) fn sum(&self, vector: &Vector) -> f32 {
        vector
            .iter()
            .zip(&self.weights)
            .map(|(value, weights)| weights[usize::from(*value)])
            .sum::<f32>()
            + self.prior
    }

    /// The logarithm (base 2) of the odds that a candidate is the one.
    pub(super) fn odds(&self, whole: &Whole) -> f32 {
        let mut sum = self.base;
        for root in &self.roots {
            let tree = &self.nodes[*root as usize..];
            let mut at = 0;
            loop {
                let node = &tree[at];
                if node.above == 0 {
                    sum += node.value;
                    break;
                }
                at = if whole[usize::from(node.feature)] > node.threshold {
                    usize::from(node.above)
                } else {
                    at + 1
                };
            }
        }
        sum
    }

    /// What [`Self::odds`] is made of: what each comparison contributed.
    pub(super) fn contributions(&self, whole: &Whole) -> Contributions {
        let mut contributions = [0.0; N_FEATURES + N_CONTEXT];
        for root in &self.roots {
            let tree = &self.nodes[*root as usize..];
            let mut at = 0;
            while tree[at].above != 0 {
                let node = &tree[at];
                let feature = usize::from(node.feature);
                at = if whole[feature] > node.threshold {
                    usize::from(node.above)
                } else {
                    at + 1
                };
                contributions[feature] += tree[at].value - node.value;
            }
        }
        contributions
    }

    /// The weight of one comparison's value in the sum, in bits.
    pub(super) fn weight(&self, feature: usize, value: u8) -> f32 {
        self.weights[feature][usize::from(value)]
    }
}

fn thousandths(text: &str) -> Option<f32> {
    Some(text.parse::<i32>().ok()? as f32 / 1_000.0)
}
