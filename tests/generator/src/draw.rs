use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};

/// The purpose of a draw. Draws for different purposes are independent of each other.
#[derive(Clone, Copy)]
pub(crate) enum For {
    Company = 1,
    Relation,
    Account,
    Truth,
    Contact,
    Lead,
    Task,
    Opportunity,
    Person,
    Stranger,
}

/// A stream of random choices that depends only on seed, purpose and index. It names its generator, since `StdRng` may
/// change between versions of `rand`.
pub(crate) struct Draw(Xoshiro256PlusPlus);

impl Draw {
    pub(crate) fn new(seed: u64, purpose: For, index: u64) -> Self {
        let key = mix(mix(seed ^ 0x9e37_79b9_7f4a_7c15) ^ (purpose as u64) << 56 ^ index);
        Self(Xoshiro256PlusPlus::seed_from_u64(key))
    }

    /// Picks one of `items`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// Returns true in `percent` of all cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns 0 to `n` - 1, or 0 if `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.0.next_u64() % n }
    }

    /// Returns a number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high)
    }

    /// Returns `n` decimal digits, of which the first is not zero.
    pub(crate) fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|at| char::from(b'0' + self.between(u64::from(at == 0), 9) as u8))
            .collect()
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014). It maps neighbouring numbers to unrelated ones.
fn mix(mut x: u64) -> u64 {
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}
