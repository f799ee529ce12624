//! Fingerprints of the entries that a removal is about to delete.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Fingerprints of keys: the first 64 bits of their SHA-256. They are stored instead of the keys because the Ledger has backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(pub(super) BTreeSet<u64>);

/// Returns the fingerprint of a key.
pub(super) fn mark(key: &str) -> u64 {
    let hash = digest::digest(&digest::SHA256, key.as_bytes());
    hash.as_ref()
        .iter()
        .take(8)
        .fold(0, |mark, byte| (mark << 8) | u64::from(*byte))
}

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|mark| mark.to_be_bytes()).collect();
        serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD
            .decode(text)
            .map_err(|_| D::Error::custom("marks are base64"))?;
        let (marks, rest) = bytes.as_chunks::<8>();
        if rest.is_empty() {
            Ok(Self(marks.iter().map(|b| u64::from_be_bytes(*b)).collect()))
        } else {
            Err(D::Error::custom("a mark has 8 bytes"))
        }
    }
}
