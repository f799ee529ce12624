//! Compares a page's records with the copy.

use crate::{
    ports::Known,
    record::{Parent, Record},
    seal::{Digest, IndexKey},
};

/// The inputs of a record's digest.
#[derive(Clone, Copy)]
pub struct Digests<'a> {
    /// The key.
    pub index: &'a IndexKey,
    /// The administrator's mapping of the object's fields as text; empty if there is none. A new mapping makes all records count as
    /// changed.
    pub mapping: &'a str,
    /// Whether parents are associations, which no field names.
    pub are_associated: bool,
}

impl Digests<'_> {
    /// Returns the digest of a record with these fields and this parent.
    pub fn of(&self, fields: &str, parent: Option<&Parent>) -> Digest {
        if self.are_associated {
            let parent = parent.map(Parent::key).unwrap_or_default();
            let whole = [fields, self.mapping, &parent].join("\0");
            return self.index.digest(whole.as_bytes());
        }
        if self.mapping.is_empty() {
            self.index.digest(fields.as_bytes())
        } else {
            self.index
                .digest([fields, self.mapping].join("\0").as_bytes())
        }
    }
}

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

/// Compares the records of page `page` with the copy's state of each, in the same order. If `rewriting` is set, all records count as
/// changed, because the copy has them in an older format.
pub fn compare(
    digests: Digests<'_>,
    live: Vec<Record>,
    known: Vec<Option<Known>>,
    page: u64,
    rewriting: bool,
) -> Compared {
    let mut compared = Compared::default();
    compared.changed.reserve(live.len());
    for (record, known) in live.into_iter().zip(known) {
        let digest = digests.of(&record.fields, record.attributes.parent.as_ref());
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
