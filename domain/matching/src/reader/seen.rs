use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The ids of a file up to now, as 64-bit hashes: 10 to 20 bytes each, whatever the length of the
/// id.
///
/// Two different ids have the same hash with a probability of 3 in 10^8 among one million, and 7 in
/// 10^5 among 50 million (n^2 / 2^65). Such a row is refused as a duplicate and listed in the
/// report.
#[derive(Default)]
pub(super) struct SeenIds(HashSet<u64>);

impl SeenIds {
    /// Adds `id`. Returns whether it is new.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.0.insert(hasher.finish())
    }
}
