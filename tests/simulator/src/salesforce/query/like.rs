//! Patterns of LIKE.

use crate::salesforce::soql::{JUST_PERCENT, JUST_UNDERSCORE};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Piece {
    Any,
    One,
    Just(char),
}

/// Returns the pieces of a pattern.
pub(super) fn pattern(text: &str) -> Vec<Piece> {
    let piece = |c| match c {
        '%' => Piece::Any,
        '_' => Piece::One,
        JUST_PERCENT => Piece::Just('%'),
        JUST_UNDERSCORE => Piece::Just('_'),
        other => Piece::Just(other),
    };
    text.chars().map(piece).collect()
}

/// Matches greedily and goes back only to the last `%`, so the cost is at most pattern times text.
pub(super) fn like(pattern: &[Piece], text: &[char]) -> bool {
    let (mut p, mut t, mut back) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(Piece::Any) => {
                back = Some((p, t));
                p += 1;
            }
            Some(Piece::One) => (p, t) = (p + 1, t + 1),
            Some(Piece::Just(c)) if *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match back {
                Some((any, from)) => {
                    back = Some((any, from + 1));
                    (p, t) = (any + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|piece| *piece == Piece::Any)
}

/// Outside LIKE, an escaped wildcard stands for itself.
pub(super) fn unescape(text: &str) -> String {
    text.replace(JUST_UNDERSCORE, "_")
        .replace(JUST_PERCENT, "%")
}
