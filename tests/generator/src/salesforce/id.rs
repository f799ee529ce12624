//! Salesforce's ids: 15 characters that tell capitals, and three that carry the capitals for whoever does not.

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `001`.
    Account,
    /// `003`.
    Contact,
    /// `00Q`.
    Lead,
    /// `00T`.
    Task,
    /// `006`.
    Opportunity,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Account => "001",
            Self::Contact => "003",
            Self::Lead => "00Q",
            Self::Task => "00T",
            Self::Opportunity => "006",
        }
    }
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The id of the `index`-th record of a kind, in 18 characters. The order of ids is the order of indexes.
pub fn record_id(kind: Kind, index: u64) -> String {
    let mut number = [b'0'; 9];
    let mut rest = index;
    for digit in number.iter_mut().rev() {
        *digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    let short = format!("{}GEN{}", kind.prefix(), String::from_utf8_lossy(&number));
    let suffix: String = short.as_bytes().chunks(5).map(checksum).collect();
    short + &suffix
}

/// One bit for each capital of five characters, as a letter or digit.
fn checksum(five: &[u8]) -> char {
    let bits = five
        .iter()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_uppercase())
        .fold(0, |bits, (at, _)| bits | 1 << at);
    char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_published_checksum() {
        // An id of Salesforce's own documentation: 0015000000Gv7qJ has AAR behind it.
        let suffix: String = "0015000000Gv7qJ"
            .as_bytes()
            .chunks(5)
            .map(checksum)
            .collect();
        assert_eq!(suffix, "AAR");
        assert_eq!(record_id(Kind::Lead, 1).len(), 18);
    }

    #[test]
    fn ids_sort_as_their_indexes() {
        let ids: Vec<_> = (0..5000).map(|n| record_id(Kind::Account, n)).collect();
        assert!(ids.is_sorted());
    }
}
