use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest match key, in bytes. Longer names are truncated, in the same way for companies and
/// for records. A DynamoDB partition key could hold 2,048 bytes.
pub const MAX_MATCH_KEY: usize = 160;

/// What a [`MatchKey`] is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// `d:` registered domain.
    Domain,
    /// `v:` VAT id.
    Vat,
    /// `r:` register number and court.
    Register,
    /// `l:` legal entity identifier.
    Lei,
    /// `n:` phonetic code of the name, or of the name in the domain.
    Name,
    /// `s:` street and house number, with a postal code or city.
    Street,
    /// `p:` the first digits of the national phone number, so that an extension makes no
    /// difference.
    Phone,
    /// `w:` phonetic code of one word of the name, with a postal code or city.
    Word,
}

/// A key of the company index: a letter for its kind, a colon, and a canonical value. The text is
/// the DynamoDB partition key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MatchKey(String);

impl KeyKind {
    /// The letter that starts every key of this kind.
    pub fn letter(self) -> char {
        match self {
            Self::Domain => 'd',
            Self::Vat => 'v',
            Self::Register => 'r',
            Self::Lei => 'l',
            Self::Name => 'n',
            Self::Street => 's',
            Self::Phone => 'p',
            Self::Word => 'w',
        }
    }

    fn of_letter(letter: u8) -> Option<Self> {
        Some(match letter {
            b'd' => Self::Domain,
            b'v' => Self::Vat,
            b'r' => Self::Register,
            b'l' => Self::Lei,
            b'n' => Self::Name,
            b's' => Self::Street,
            b'p' => Self::Phone,
            b'w' => Self::Word,
            _ => return None,
        })
    }
}

impl MatchKey {
    /// Parses a key from its text. `None` if the text is not a match key.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let known = bytes.len() > 2 && bytes.len() <= MAX_MATCH_KEY && bytes.get(1) == Some(&b':');
        (known && KeyKind::of_letter(bytes[0]).is_some()).then(|| Self(text.to_owned()))
    }

    /// The key's text, such as `d:example.de`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the key is made from.
    pub fn kind(&self) -> KeyKind {
        self.0
            .bytes()
            .next()
            .and_then(KeyKind::of_letter)
            .unwrap_or(KeyKind::Word)
    }

    /// The partition, out of `n`, that the key belongs to. The result is the same on every machine
    /// and in every version (FNV-1a, 64 bits).
    pub fn partition(&self, n: u32) -> u32 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.0.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // Use the high half: the low bits of FNV-1a depend only on the low bits of the input.
        u32::try_from((hash >> 32) % u64::from(n.max(1))).unwrap_or(0)
    }

    /// Whether the key has a value. A name such as `H` has no phonetic code.
    pub(super) fn has_value(&self) -> bool {
        self.0.len() > 2
    }

    /// A key made from `value` alone.
    pub(super) fn of(kind: KeyKind, value: &str) -> Self {
        Self::of_parts(kind, |text| text.push_str(value), "")
    }

    /// A key made from the text that `value` writes, within `locality`.
    pub(super) fn of_parts(kind: KeyKind, value: impl FnOnce(&mut String), locality: &str) -> Self {
        let mut text = String::with_capacity(48);
        text.push(kind.letter());
        text.push(':');
        value(&mut text);
        if !locality.is_empty() {
            truncate(
                &mut text,
                MAX_MATCH_KEY - 1 - locality.len().min(MAX_MATCH_KEY / 4),
            );
            text.push('|');
            text.push_str(locality);
        }
        truncate(&mut text, MAX_MATCH_KEY);
        Self(text)
    }
}

/// Prints the kind only: a name may be a person's.
impl fmt::Debug for MatchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MatchKey").field(&self.kind()).finish()
    }
}

fn truncate(text: &mut String, bytes: usize) {
    if text.len() > bytes {
        let end = (0..=bytes)
            .rev()
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(0);
        text.truncate(end);
    }
}
