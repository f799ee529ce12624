//! Which match keys an edition changed, in compact form.
//!
//! A tenant's copy is matched again when an edition is published. A record finds other companies only if what stands under one of
//! its keys differs. So an import publishes which keys those are, and only records with such a key ask the index.

use std::sync::Arc;

use matching::MatchKey;
use serde::{Deserialize, Serialize};

/// The bits for each key of a set. With eight probes one key in 1,700 is taken for one of the set although it is none.
const BITS_PER_KEY: u64 = 16;

/// The bits of a set that one key sets.
const PROBES: u64 = 8;

/// The most keys that a set may have. Beyond it, everything counts as changed: matching a whole copy again then costs little more.
pub const MAX_CHANGED: usize = 16_000_000;

/// A set of match keys. It has no key, but bits that the keys set (a Bloom filter): what it says is missing was never added, and of
/// other keys it says falsely of one in 1,700 that they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySet(Vec<u8>);

/// The match keys that changed between two editions.
#[derive(Clone, Debug, Default)]
pub struct ChangedKeys(Vec<Arc<KeySet>>);

/// The number under which a key is added to a set. Sets are stored, so it is the same in every release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyNumber(u64);

impl KeyNumber {
    /// Returns the number of a key (FNV-1a, 64 bits).
    pub fn of(key: &MatchKey) -> Self {
        let bytes = key.as_str().bytes();
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// Returns the bits of the key in a set of `n_bits`.
    fn bits(self, n_bits: u64) -> impl Iterator<Item = (usize, u8)> {
        // FNV mixes the last bytes of a text badly, so its result is mixed again (the finish of MurmurHash3).
        let mix = |mut hash: u64| {
            hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
            hash ^ (hash >> 33)
        };
        let (first, step) = (mix(self.0), mix(!self.0) | 1);
        (0..PROBES).map(move |probe| {
            let bit = first.wrapping_add(probe.wrapping_mul(step)) % n_bits;
            (usize::try_from(bit / 8).unwrap_or(0), 1 << (bit % 8))
        })
    }
}

impl KeySet {
    /// Returns the set of these keys.
    pub fn of(keys: &[KeyNumber]) -> Self {
        let n_bytes = (keys.len() as u64 * BITS_PER_KEY).div_ceil(8).max(8);
        let mut bytes = vec![0; usize::try_from(n_bytes).unwrap_or(8)];
        for key in keys {
            for (at, bit) in key.bits(n_bytes * 8) {
                bytes[at] |= bit;
            }
        }
        Self(bytes)
    }

    /// Returns the set with these bytes. `None` if there are none.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (!bytes.is_empty()).then_some(Self(bytes))
    }

    /// Returns the bytes of the set.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn has(&self, key: KeyNumber) -> bool {
        key.bits(self.0.len() as u64 * 8)
            .all(|(at, bit)| self.0[at] & bit > 0)
    }
}

impl ChangedKeys {
    /// Returns what changed over several editions.
    pub fn of(sets: Vec<Arc<KeySet>>) -> Self {
        Self(sets)
    }

    /// Returns whether what stands under one of the keys may have changed.
    pub fn touch(&self, keys: &[MatchKey]) -> bool {
        let mut numbers = keys.iter().map(KeyNumber::of);
        numbers.any(|number| self.0.iter().any(|set| set.has(number)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key(n: usize) -> MatchKey {
        MatchKey::parse(&format!("d:werk{n}.example")).unwrap()
    }

    #[test]
    fn a_set_has_its_keys_and_hardly_any_other() {
        for size in [0, 1, 7, 1_000, 20_000] {
            let numbers: Vec<_> = (0..size).map(|n| KeyNumber::of(&key(n))).collect();
            let set = KeySet::from_bytes(KeySet::of(&numbers).as_bytes().to_vec()).unwrap();
            let changed = ChangedKeys::of(vec![Arc::new(set)]);
            assert!((0..size).all(|n| changed.touch(&[key(n)])));
            let n_false = (size..size + 20_000).filter(|n| changed.touch(&[key(*n)]));
            assert!(n_false.count() < 40, "{size}");
        }
        assert_eq!(KeySet::from_bytes(Vec::new()), None);
        assert!(!ChangedKeys::default().touch(&[key(1)]));
    }

    #[test]
    fn stored_sets_are_read_by_every_release() {
        let set = KeySet::of(&[KeyNumber::of(&key(1)), KeyNumber::of(&key(2))]);
        assert_eq!(set.as_bytes(), GOLDEN);
    }

    const GOLDEN: [u8; 8] = [2, 137, 36, 24, 66, 48, 132, 65];
}
