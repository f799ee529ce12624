use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The ids that a file had so far, as 64-bit hashes: about 10 to 20 bytes for each, whatever its length.
///
/// Two different ids of one million have the same hash with a probability of 3 in 10^8, of 50 million 7 in 10^5 (n^2 / 2^65). The row would then
/// be refused as a duplicate and reported, so that it is not lost without a word.
#[derive(Default)]
pub(super) struct Seen(HashSet<u64>);

impl Seen {
    /// Whether `id` is new.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.0.insert(hasher.finish())
    }
}
