//! The file of weights.

use super::{LANES, Model, Node};
use crate::rule::{context::CONTEXT, features::NAMES};

impl Model {
    /// Parses a file of weights. `None` if it is malformed or made for other features.
    pub(in crate::rule) fn parse(text: &str) -> Option<Self> {
        let mut model = Self::empty();
        let mut trees: Vec<(usize, u16)> = Vec::new();
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                None | Some("#") => {}
                Some("prior") => model.prior = parse_bits(words.next()?)?,
                Some("base") => model.base = parse_bits(words.next()?)?,
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

    /// Parses the weights of a feature: `value:bits`, each valid from its value on.
    fn read_row<'a>(&mut self, feature: usize, words: impl Iterator<Item = &'a str>) -> Option<()> {
        let mut row = [0.0; 256];
        let mut last = 0;
        for word in words {
            let (from, bits) = word.split_once(':')?;
            let from = from.parse::<u8>().ok()?;
            row[usize::from(from)..].fill(parse_bits(bits)?);
            last = last.max(from);
        }
        self.rows[feature] = (u16::try_from(self.weights.len()).ok()?, last);
        self.weights.extend(&row[..=usize::from(last)]);
        Some(())
    }

    /// Parses a node and its subtrees: `bits`, or `feature>threshold` followed by the node for "at
    /// most" and the node for "above". Returns the depth of the subtree.
    fn read_node<'a>(&mut self, words: &mut impl Iterator<Item = &'a str>) -> Option<usize> {
        let word = words.next()?;
        let here = self.nodes.len();
        let at = u16::try_from(here).ok()?;
        let Some((name, threshold)) = word.split_once('>') else {
            self.nodes.push(Node {
                value: parse_bits(word)?,
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

    /// Groups trees of similar depth. The last group is padded with a leaf that adds nothing.
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
}

fn parse_bits(text: &str) -> Option<f32> {
    Some(text.parse::<i32>().ok()? as f32 / 1_000.0)
}
