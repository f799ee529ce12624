//! The number of typing mistakes between two texts.

use crate::normalise::{each_sound, without_umlauts};
use crate::profile::name_of_domain;

/// The longest text that is compared letter by letter. Longer texts are truncated; company names
/// differ earlier.
pub(super) const LONGEST: usize = 64;

/// The positions of each letter in a text. Computed once per record; comparing it with a candidate
/// takes about one step per letter.
pub(super) struct Pattern {
    positions: [u64; 37],
    len: usize,
}

impl Pattern {
    /// A pattern of the letters and digits of `text`.
    pub(super) fn of(text: &Squeezed) -> Self {
        let mut positions = [0; 37];
        for (at, byte) in text.bytes().iter().enumerate() {
            positions[symbol(*byte)] |= 1 << at;
        }
        Self {
            positions,
            len: text.bytes().len(),
        }
    }

    /// The number of letters omitted, inserted, replaced or swapped with their neighbour between
    /// the pattern and `text`.
    ///
    /// This is the optimal string alignment distance in Hyyrö's bit-parallel form (Nordic Journal
    /// of Computing 10, 2003).
    pub(super) fn distance(&self, text: &Squeezed) -> usize {
        if self.len == 0 {
            return text.bytes().len();
        }
        let last = 1_u64 << (self.len - 1);
        let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = self.len;
        for byte in text.bytes() {
            let here = self.positions[symbol(*byte)];
            let swapped = ((!diagonal & here) << 1) & before;
            diagonal = ((here & up).wrapping_add(up) ^ up) | here | down | swapped;
            let mut more = down | !(diagonal | up);
            let mut less = diagonal & up;
            distance += usize::from(more & last != 0);
            distance -= usize::from(less & last != 0);
            more = more << 1 | 1;
            less <<= 1;
            up = less | !(diagonal | more);
            down = more & diagonal;
            before = here;
        }
        distance
    }

    /// The similarity from 0 (nothing in common) to 200 (the same text).
    pub(super) fn similarity(&self, text: &Squeezed) -> u8 {
        let longer = self.len.max(text.bytes().len());
        if longer == 0 || self.len == 0 || text.bytes().is_empty() {
            return 0;
        }
        let alike = longer - self.distance(text).min(longer);
        u8::try_from(alike * 200 / longer).unwrap_or(200)
    }
}

/// The letters and digits of a text without anything between them, at most [`LONGEST`].
#[derive(Clone, Copy)]
pub(super) struct Squeezed {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Squeezed {
    /// From a folded text.
    pub(super) fn of(text: &str) -> Self {
        let mut squeezed = Self::empty();
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                squeezed.push(byte);
            }
        }
        squeezed
    }

    /// The phonetic code.
    pub(super) fn sound(&self) -> Self {
        let mut sound = Self::empty();
        each_sound(self.bytes(), |code| sound.push(code));
        sound
    }

    /// The name in a domain, with `ae`, `oe` and `ue` folded as in a name.
    pub(super) fn of_domain(domain: &str) -> Self {
        let mut label = Self::empty();
        for byte in name_of_domain(&without_umlauts(domain)).bytes() {
            let umlaut = byte == b'e'
                && match label.bytes() {
                    [.., b'a' | b'e' | b'q', b'u'] => false,
                    [.., b'a' | b'o' | b'u'] => true,
                    _ => false,
                };
            if byte.is_ascii_alphanumeric() && !umlaut {
                label.push(byte);
            }
        }
        label
    }

    fn empty() -> Self {
        Self {
            bytes: [0; LONGEST],
            len: 0,
        }
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
            self.len += 1;
        }
    }

    /// The letters and digits.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// The distance between two words, if it is at most `most` (0 to 2).
pub(in crate::rule) fn distance_up_to(left: &[u8], right: &[u8], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let same = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[same..], &right[same..]);
    let same = left
        .iter()
        .rev()
        .zip(right.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (left, right) = (&left[..left.len() - same], &right[..right.len() - same]);
    let distance = match (left, right) {
        ([], rest) | (rest, []) => rest.len(),
        ([a, b], [c, d]) if a == d && b == c => 1,
        ([_], [_]) => 1,
        _ if most < 2 => return None,
        ([_], _) | (_, [_]) | ([_, _], [_, _]) => left.len().max(right.len()),
        // Two mistakes that are not adjacent.
        (left, right) if left.len() <= LONGEST && right.len() <= LONGEST => {
            let text = |bytes: &[u8]| Squeezed {
                bytes: std::array::from_fn(|at| bytes.get(at).copied().unwrap_or(0)),
                len: bytes.len(),
            };
            Pattern::of(&text(left)).distance(&text(right))
        }
        _ => return None,
    };
    (distance <= most).then_some(distance)
}

fn symbol(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'0'..=b'9' => usize::from(byte - b'0') + 26,
        _ => 36,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn distance(left: &str, right: &str) -> usize {
        Pattern::of(&Squeezed::of(left)).distance(&Squeezed::of(right))
    }

    /// The definition of the distance, letter by letter.
    fn by_table(left: &[u8], right: &[u8]) -> usize {
        let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
        for (i, row) in rows.iter_mut().enumerate() {
            row[0] = i;
        }
        for (j, cell) in rows[0].iter_mut().enumerate() {
            *cell = j;
        }
        for i in 1..=left.len() {
            for j in 1..=right.len() {
                let changed = usize::from(left[i - 1] != right[j - 1]);
                let mut best = (rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
                    .min(rows[i - 1][j - 1] + changed);
                if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = best;
            }
        }
        rows[left.len()][right.len()]
    }

    #[test]
    fn an_omitted_inserted_replaced_or_swapped_letter_counts_as_one() {
        assert_eq!(distance("volkswagen", "vokkswagen"), 1);
        assert_eq!(distance("volkswagen", "volkswgen"), 1);
        assert_eq!(distance("volkswagen", "vollkswagen"), 1);
        assert_eq!(distance("volkswagen", "vlokswagen"), 1);
        assert_eq!(distance("volkswagen", ""), 10);
    }

    proptest! {
        #[test]
        fn the_fast_distance_equals_the_defined_one(left in "[a-c]{0,12}", right in "[a-c]{0,12}") {
            prop_assert_eq!(distance(&left, &right), by_table(left.as_bytes(), right.as_bytes()));
        }

        #[test]
        fn the_bounded_distance_is_never_less_than_the_defined_one(left in "[a-c]{0,9}", right in "[a-c]{0,9}", most in 0_usize..3) {
            let counted = by_table(left.as_bytes(), right.as_bytes());
            if let Some(few) = distance_up_to(left.as_bytes(), right.as_bytes(), most) {
                prop_assert!(few >= counted && few <= most);
            }
            if counted <= most.min(1) {
                prop_assert_eq!(distance_up_to(left.as_bytes(), right.as_bytes(), most), Some(counted));
            }
        }
    }
}
