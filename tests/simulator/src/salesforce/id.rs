//! Record ids: 15 case-sensitive characters, and three that keep them distinct where case is lost.

use std::fmt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// An 18-character record id. It is ordered by byte, as Salesforce orders ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 18]);

impl Id {
    /// A value below every id.
    pub(crate) const MIN: Self = Self([0; 18]);
    /// A value above every id.
    pub(crate) const MAX: Self = Self([255; 18]);

    /// Parses 15 or 18 characters. The last three of 18 are computed anew, so a caller who cares has to compare the result.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !matches!(bytes.len(), 15 | 18) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut id = [0; 18];
        id[..15].copy_from_slice(&bytes[..15]);
        for (block, check) in id[..15]
            .chunks(5)
            .map(checksum)
            .collect::<Vec<_>>()
            .into_iter()
            .enumerate()
        {
            id[15 + block] = check;
        }
        Some(Self(id))
    }

    /// Returns the `n`th id of this simulator under a three-character key prefix such as `001`.
    pub fn nth(prefix: &str, n: u64) -> Self {
        let mut text = [b'0'; 15];
        text[..3].copy_from_slice(&prefix.as_bytes()[..3]);
        text[3..6].copy_from_slice(b"5g0");
        let mut rest = n;
        for place in text[6..].iter_mut().rev() {
            *place = DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        std::str::from_utf8(&text)
            .ok()
            .and_then(Self::parse)
            .unwrap_or(Self::MIN)
    }

    /// Returns the 18 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns a number that scatters neighbouring ids. Sorting by it gives an order without meaning.
    pub(crate) fn scatter(&self) -> u64 {
        self.0[..15]
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(*byte))
                    .wrapping_mul(0x0000_0100_0000_01b3)
                    .rotate_left(23)
            })
    }
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Returns the check character of five characters: bit n says that character n is a capital letter.
fn checksum(block: &[u8]) -> u8 {
    let bits = block.iter().enumerate().fold(0, |bits, (n, byte)| {
        bits | usize::from(byte.is_ascii_uppercase()) << n
    });
    CHECKS[bits]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_characters_are_those_of_published_examples() {
        // Both ids occur in the examples of Salesforce's REST API guide.
        assert_eq!(
            Id::parse("001D000000IRFma")
                .map(|id| id.to_string())
                .as_deref(),
            Some("001D000000IRFmaIAH")
        );
        assert_eq!(
            Id::parse("00D000000000062")
                .map(|id| id.to_string())
                .as_deref(),
            Some("00D000000000062EAA")
        );
    }

    #[test]
    fn numbered_ids_ascend_and_differ() {
        let ids: Vec<_> = (0..10_000).map(|n| Id::nth("001", n)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
