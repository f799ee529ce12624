//! The inverted index: from a match key to the companies that have it.
//!
//! The index is built from the company file in bounded memory: [`build`] reads the file several
//! times and keeps only a share of the keys each time. Where the index is stored is a port of the
//! `domain` crate.

use std::collections::BTreeMap;

mod key;
mod keys;
mod posting;
mod spare;

pub use key::{KeyKind, MAX_MATCH_KEY, MatchKey};
pub use keys::MAX_LOOKUPS;
pub use posting::{MAX_POSTINGS, Posting, Postings, SharedPostings};

use crate::company::Company;

/// The number of passes that keeps a build of `n_companies` within `memory` bytes. At least 1, at
/// most 1,024.
///
/// A company has about 13 keys, and an entry takes about 820 bytes, whichever company it belongs to
/// (200,000 companies of the generator, November 2026).
pub fn n_passes(n_companies: u64, memory: u64) -> u32 {
    let needed = n_companies.saturating_mul(11_000);
    u32::try_from(needed.div_ceil(memory.max(1)))
        .unwrap_or(u32::MAX)
        .clamp(1, 1_024)
}

/// Builds the index: reads all companies `passes` times, keeps only the keys of one partition each
/// time, and hands each key with its postings to `sink`.
///
/// Within a partition, keys arrive in ascending order. The postings of a key are sorted by company
/// id. The result does not depend on `passes`. If a company occurs twice, the first occurrence
/// counts.
///
/// # Errors
/// The first error of `open`, of an iterator or of `sink`, unchanged.
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

/// One pass of [`build`]: reads all companies and hands the keys of partition `pass` (of `passes`)
/// to `sink`.
///
/// # Errors
/// The first error of `companies` or of `sink`, unchanged.
pub fn build_part<E>(
    pass: u32,
    passes: u32,
    companies: impl Iterator<Item = Result<Company, E>>,
    sink: impl FnMut(MatchKey, Postings) -> Result<(), E>,
) -> Result<(), E> {
    build_where(|key| key.partition(passes) == pass, companies, sink)
}

/// Reads all companies and hands the keys that `is_wanted` accepts to `sink`, like a pass of
/// [`build`]. It is for a caller that divides the keys by a rule of its own.
///
/// # Errors
/// The first error of `companies` or of `sink`, unchanged.
pub fn build_where<E>(
    is_wanted: impl Fn(&MatchKey) -> bool,
    companies: impl Iterator<Item = Result<Company, E>>,
    mut sink: impl FnMut(MatchKey, Postings) -> Result<(), E>,
) -> Result<(), E> {
    let mut entries: BTreeMap<MatchKey, Entry> = BTreeMap::new();
    for company in companies {
        let posting = Posting::of(&company?);
        for key in posting.profile.index_keys() {
            if is_wanted(&key) {
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
            // The key is too common. From here on only the count matters.
            self.postings = Vec::new();
        } else {
            if self.postings.is_empty() {
                // Most keys lead to one company, but a first push would allocate room for four.
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
