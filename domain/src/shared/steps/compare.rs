//! Compares a page's records with the copy.

use crate::{
    ports::Known,
    record::Record,
    seal::{Digest, IndexKey},
};

/// A record to be written, and the copy's state of it.
pub struct Changed {
    /// The record.
    pub record: Record,
    /// The keyed digest of its fields.
    pub digest: Digest,
    /// The copy's state of the record. `None` if the record is new.
    pub known: Option<Known>,
    /// The page that brought the record into the copy.
    pub born: u64,
}

/// The result of comparing a page's records with the copy.
#[derive(Default)]
pub struct Compared {
    /// Records that are new or have changed.
    pub changed: Vec<Changed>,
    /// The number of new records among them.
    pub added: i64,
    /// The number of unchanged records.
    pub unchanged: u64,
}

/// Compares the records of page `page` with the copy's state of each, in the same order. `mapping` is the administrator's mapping
/// of the object's fields as text. It is part of the digest, so a new mapping makes all records count as changed. If `rewriting` is
/// set, all records count as changed, because the copy has them in an older format.
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
        // If the page number is the same, an earlier attempt already stored part of this very page. A record whose deletion is held
        // back is written again, which clears its flag.
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
