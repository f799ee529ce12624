//! The lag of the search index: what it still answers about records that changed recently.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::row::Row;
use super::time::Millis;

/// When the index learns of a change, and what it answers until then. `None` means that the record does not exist.
type Version = (Millis, Option<Arc<Row>>);

/// The changes that the index does not have yet.
#[derive(Debug, Default)]
pub(crate) struct Lag {
    pending: BTreeMap<u64, VecDeque<Version>>,
}

impl Lag {
    /// Notes a change, the record before it, and when the index learns of it.
    pub(crate) fn note(&mut self, id: u64, before: Option<Arc<Row>>, due: Millis) {
        let versions = self.pending.entry(id).or_default();
        // A change cannot become visible before an earlier one of the same record.
        let due = versions.back().map_or(due, |(last, _)| due.max(*last));
        versions.push_back((due, before));
    }

    /// Hides a record, or its changes so far, from the index until a time.
    pub(crate) fn hold(&mut self, id: u64, until: Millis) {
        match self.pending.get_mut(&id) {
            Some(versions) => versions.iter_mut().for_each(|(due, _)| *due = until),
            None => self.note(id, None, until),
        }
    }

    /// Adds to the index what is due.
    pub(crate) fn catch_up(&mut self, now: Millis) {
        self.pending.retain(|_, versions| {
            while versions.front().is_some_and(|(due, _)| *due <= now) {
                versions.pop_front();
            }
            !versions.is_empty()
        });
    }

    /// Completes the index.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Returns whether the index has another state of a record than the record itself.
    pub(crate) fn hides(&self, id: u64) -> bool {
        self.pending.contains_key(&id)
    }

    /// Returns the earlier states that the index still has of changed records.
    pub(crate) fn old(&self) -> impl Iterator<Item = &Arc<Row>> {
        self.pending
            .values()
            .filter_map(|versions| versions.front()?.1.as_ref())
    }
}
