//! Turns companies into `match key -> postings`, in bounded memory.

use std::collections::BTreeMap;

mod key;
mod keys;
mod posting;

pub use key::{KeyKind, MAX_MATCH_KEY, MatchKey};
pub use keys::MAX_LOOKUPS;
pub use posting::{MAX_POSTINGS, Posting, Postings, Shared};

use crate::company::Company;

/// How many passes keep a build of `n_companies` within `memory` bytes.
///
/// A company has about 10 keys, and an entry takes about 820 bytes, whoever holds it (200,000 of the generator's companies,
/// November 2026). At least one pass, at most 1,024.
pub fn n_passes(n_companies: u64, memory: u64) -> u32 {
    let needed = n_companies.saturating_mul(8_500);
    u32::try_from(needed.div_ceil(memory.max(1)))
        .unwrap_or(u32::MAX)
        .clamp(1, 1_024)
}

/// Reads all companies `passes` times, each time keeping only the keys of one partition, and hands each key with its postings to `sink`.
///
/// Keys come in order within a partition, postings in the order of their companies' ids; the result does not depend on `passes`.
/// A company that comes twice is kept once.
///
/// # Errors
/// The first error of `open`, of an iterator or of `sink`, as it is.
pub fn build<I, E>(
    passes: u32,
    mut open: impl FnMut() -> Result<I, E>,
    mut sink: impl FnMut(MatchKey, Postings) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator<Item = Result<Company, E>>,
{
    let passes = passes.max(1);
    (0..passes).try_for_each(|pass| build_part(pass, passes, open()?, &mut sink))
}

/// One pass of [`build`]: reads all companies, and hands the keys of the partition `pass` of `passes` to `sink`.
///
/// # Errors
/// The first error of `companies` or of `sink`, as it is.
pub fn build_part<E>(
    pass: u32,
    passes: u32,
    companies: impl Iterator<Item = Result<Company, E>>,
    mut sink: impl FnMut(MatchKey, Postings) -> Result<(), E>,
) -> Result<(), E> {
    let mut entries: BTreeMap<MatchKey, Entry> = BTreeMap::new();
    for company in companies {
        let posting = Posting::of(&company?);
        for key in posting.profile.index_keys() {
            if key.partition(passes) == pass {
                entries.entry(key).or_default().add(&posting);
            }
        }
    }
    while let Some((key, entry)) = entries.pop_first() {
        sink(key, entry.finish())?;
    }
    Ok(())
}

#[derive(Default)]
struct Entry {
    postings: Vec<Posting>,
    n_companies: u64,
}

impl Entry {
    fn add(&mut self, posting: &Posting) {
        if self.n_companies <= MAX_POSTINGS as u64
            && self
                .postings
                .iter()
                .any(|known| known.company == posting.company)
        {
            return;
        }
        self.n_companies += 1;
        if self.n_companies > MAX_POSTINGS as u64 {
            // Too common: nothing of it is needed any more but the count.
            self.postings = Vec::new();
        } else {
            if self.postings.is_empty() {
                // Most keys lead to one company, and a first push would make room for four.
                self.postings.reserve_exact(1);
            }
            self.postings.push(posting.clone());
        }
    }

    fn finish(mut self) -> Postings {
        if self.n_companies > MAX_POSTINGS as u64 {
            return Postings::TooCommon(self.n_companies);
        }
        self.postings
            .sort_by(|left, right| left.company.cmp(&right.company));
        Postings::Companies(self.postings)
    }
}

#[cfg(test)]
mod tests;
