//! Which records differ from the copy's.

use crate::{
    ports::Known,
    record::Record,
    seal::{Digest, IndexKey},
};

/// A record to be written, and what the copy has of it.
pub struct Changed {
    /// The record.
    pub record: Record,
    /// The keyed digest of its fields.
    pub digest: Digest,
    /// What the copy has.
    pub known: Option<Known>,
    /// The page that brought it in.
    pub born: u64,
}

/// A page's records, compared with the copy's.
#[derive(Default)]
pub struct Compared {
    /// Those that differ.
    pub changed: Vec<Changed>,
    /// How many of those are new.
    pub added: i64,
    /// How many do not differ.
    pub unchanged: u64,
}

/// Compares the records of the page of this number with what the copy has of each, in the same order. `mapping` is how the
/// administrator has an object's fields understood, as text: records are others under another one. `rewriting`: all of them
/// are to be written, since the copy has them in an older format.
pub fn compare(
    index: &IndexKey,
    mapping: &str,
    live: Vec<Record>,
    known: Vec<Option<Known>>,
    page: u64,
    rewriting: bool,
) -> Compared {
    let mut compared = Compared::default();
    compared.changed.reserve(live.len());
    for (record, known) in live.into_iter().zip(known) {
        let digest = if mapping.is_empty() {
            index.digest(record.fields.as_bytes())
        } else {
            index.digest([&record.fields, mapping].join("\0").as_bytes())
        };
        // `page == page`: this very page was stored in part before. Whose deletion was held back is written again: that takes
        // the flag away.
        if known.as_ref().is_some_and(|known| {
            known.digest == digest && known.page != page && !rewriting && known.vanished.is_none()
        }) {
            compared.unchanged += 1;
            continue;
        }
        let born = known.as_ref().map_or(page, |known| known.born);
        compared.added += i64::from(born == page);
        compared.changed.push(Changed {
            record,
            digest,
            known,
            born,
        });
    }
    compared
}
