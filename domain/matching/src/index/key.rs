use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest match key, in bytes. A DynamoDB partition key ends at 2,048; names over this length are cut alike on both sides.
pub const MAX_MATCH_KEY: usize = 160;

/// What a [`MatchKey`] is made of.
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
    /// `n:` how the name sounds, or how the name in the domain does.
    Name,
    /// `s:` street and house number in a place.
    Street,
    /// `p:` the first digits of the national phone number, so that an extension does not matter.
    Phone,
    /// `w:` how a word of the name sounds, in a place.
    Word,
}

/// A key under which companies are found: a letter for its kind, a colon, a canonical value. Its text is the DynamoDB key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MatchKey(String);

impl KeyKind {
    /// The letter that keys of this kind begin with.
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
    /// Takes a key back from its text; `None` if the text is no match key.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let known = bytes.len() > 2 && bytes.len() <= MAX_MATCH_KEY && bytes.get(1) == Some(&b':');
        (known && KeyKind::of_letter(bytes[0]).is_some()).then(|| Self(text.to_owned()))
    }

    /// The key's text, such as `d:example.de`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the key is made of.
    pub fn kind(&self) -> KeyKind {
        self.0
            .bytes()
            .next()
            .and_then(KeyKind::of_letter)
            .unwrap_or(KeyKind::Word)
    }

    /// The part of 0..`n` that the key falls into: equal on every machine and in every version (FNV-1a, 64 bits).
    pub fn partition(&self, n: u32) -> u32 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in self.0.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // The high half: the low bits of FNV-1a depend on the low bits of the input only.
        u32::try_from((hash >> 32) % u64::from(n.max(1))).unwrap_or(0)
    }

    /// Whether there is a value: a name like `H` has no sound.
    pub(super) fn says_something(&self) -> bool {
        self.0.len() > 2
    }

    /// A key of `value` alone.
    pub(super) fn of(kind: KeyKind, value: &str) -> Self {
        Self::of_parts(kind, |text| text.push_str(value), "")
    }

    /// A key of what `value` writes, in `place`.
    pub(super) fn of_parts(kind: KeyKind, value: impl FnOnce(&mut String), place: &str) -> Self {
        let mut text = String::with_capacity(48);
        text.push(kind.letter());
        text.push(':');
        value(&mut text);
        if !place.is_empty() {
            truncate(
                &mut text,
                MAX_MATCH_KEY - 1 - place.len().min(MAX_MATCH_KEY / 4),
            );
            text.push('|');
            text.push_str(place);
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
